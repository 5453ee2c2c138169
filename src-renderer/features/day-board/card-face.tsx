import { useTranslation } from 'react-i18next'
import { type SpokenState, STATE_ROWS } from '#renderer/clinic/sync-states.ts'
import type { BoardItem } from './board-item.ts'
import classes from './card-face.module.css'
import { isOverbooked } from './use-board.ts'

/** Cards lower than this have room for one line. */
const TWO_LINES_FROM_MINUTES = 28

/** What stands on a card, for the eye: the card says its label itself. Plain elements: several hundred of them are on screen. */
export function CardFace({ item }: { readonly item: BoardItem }) {
  const isTall = item.endMinute - item.startMinute >= TWO_LINES_FROM_MINUTES
  return (
    <div
      aria-hidden
      className={classes.face}
      data-look={item.look}
      data-mark={item.mark}
      data-tall={isTall || undefined}
    >
      <bdi className={classes.name}>{item.name}</bdi>
      <bdi className={classes.type}>{item.typeName}</bdi>
      <CardNote item={item} />
    </div>
  )
}

/** The word of a state where there is room, its sign where there is not; edge or stroke say it too. */
function StateNote({ state, className }: { readonly state: SpokenState; readonly className: string | undefined }) {
  const { t } = useTranslation()
  const { sign } = STATE_ROWS[state]
  if (sign === null) return null
  return (
    <span className={className} title={t(`state.${state}`)}>
      <span data-wide>{t(`state.${state}`)}</span>
      <span data-narrow>{sign}</span>
    </span>
  )
}

/**
 * One short word at the end of the card, the most urgent there is to say.
 * @param isWordless where the status stands beside it in words: only what it does not say
 */
export function CardNote({ item, isWordless = false }: { readonly item: BoardItem; readonly isWordless?: boolean }) {
  const { t } = useTranslation()
  const { look, mark, isLate, isLongWait } = item
  const minutes = item.waitedMinutes ?? 0
  if (mark === 'rejected') return <StateNote state="rejected" className={classes.review} />
  if (look === 'unplaced' && !isWordless) return <StateNote state="conflict" className={classes.review} />
  if (mark === 'to-send' || mark === 'provisional' || mark === 'final')
    return <StateNote state={mark} className={classes.note} />
  if (isLate) return <bdi className={classes.late}>{t('card.late', { minutes })}</bdi>
  if (isLongWait) return <bdi className={classes.late}>{t('card.waiting-long', { minutes })}</bdi>
  if (look === 'arrived') return <bdi className={classes.note}>{t('card.waiting', { minutes })}</bdi>
  if (isWordless) return null
  if (look === 'in-room') return <span className={classes.dot} />
  if (look === 'noshow' || look === 'cancelled') {
    return (
      <span className={classes.note} data-droppable={look === 'cancelled' || undefined}>
        {t(`card.${look}`)}
      </span>
    )
  }
  if (item.seating === 'full') return <span className={classes.note}>{t('group.full')}</span>
  if (item.seating === 'over') return <span className={classes.late}>{t('card.overbooked')}</span>
  if (isOverbooked(item)) {
    return (
      <span className={classes.note} title={t('card.overbooked')}>
        <span data-wide>{t('card.overbooked')}</span>
        <span data-narrow>+</span>
      </span>
    )
  }
  return null
}
