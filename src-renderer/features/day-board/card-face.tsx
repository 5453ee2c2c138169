import { useTranslation } from 'react-i18next'
import type { BoardItem } from './board-item.ts'
import classes from './card-face.module.css'

/** Cards lower than this have room for one line. */
const TWO_LINES_FROM_MINUTES = 28

/** What stands on a card. Plain elements: several hundred of them are on screen. */
export function CardFace({ item }: { readonly item: BoardItem }) {
  const isTall = item.endMinute - item.startMinute >= TWO_LINES_FROM_MINUTES
  return (
    <div className={classes.face} data-look={item.look} data-mark={item.mark} data-tall={isTall || undefined}>
      <bdi className={classes.name}>{item.name}</bdi>
      <span className={classes.type}>{item.typeName}</span>
      <CardNote item={item} />
    </div>
  )
}

/** A word where there is room, a sign where there is not; the dashed edge says it too. */
function SyncNote({ mark }: { readonly mark: 'to-send' | 'provisional' }) {
  const { t } = useTranslation()
  return (
    <span className={classes.note} title={t(`card.${mark}`)}>
      <span data-wide>{t(`card.${mark}`)}</span>
      <span data-narrow>{mark === 'to-send' ? '↑' : '?'}</span>
    </span>
  )
}

/** One short word at the end of the card, the most urgent there is to say. */
function CardNote({ item }: { readonly item: BoardItem }) {
  const { t } = useTranslation()
  const { look, mark, isLate } = item
  const minutes = item.waitedMinutes ?? 0
  if (look === 'unplaced') {
    return (
      <span className={classes.review}>
        <span data-wide>{t('card.review')}</span>
        <span data-narrow>!</span>
      </span>
    )
  }
  if (mark !== 'none') return <SyncNote mark={mark} />
  if (isLate) return <bdi className={classes.late}>{t('card.late', { minutes })}</bdi>
  if (look === 'arrived') return <bdi className={classes.note}>{t('card.waiting', { minutes })}</bdi>
  if (look === 'in-room') return <span className={classes.dot} />
  if (look === 'noshow' || look === 'cancelled') {
    return (
      <span className={classes.note} data-droppable={look === 'cancelled' || undefined}>
        {t(`card.${look}`)}
      </span>
    )
  }
  return null
}
