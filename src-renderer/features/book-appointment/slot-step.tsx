import { useTranslation } from 'react-i18next'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { NOT_HERE } from '#renderer/local-db/place-check.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './booking-panel.module.css'
import type { Offer, SeatedSlot, Slot, Slots } from './slot-types.ts'

type SlotStepProps = {
  readonly clinic: Clinic
  readonly slots: Slots | undefined
  readonly chosen: Slot | null
  readonly onChoose: (slot: Slot) => void
}

const isSame = (a: Slot | null, b: Slot): boolean => a?.doctorId === b.doctorId && a.start === b.start

/** When: what the cursor points at, or one of four free times. */
export function SlotStep({ clinic, slots, chosen, onChoose }: SlotStepProps) {
  const { t } = useTranslation()
  const { asked = [], proposals = [], isWish = false } = slots ?? {}
  // Then that is why there is nothing to offer.
  const isNotHere = asked.some(({ obstacle }) => obstacle === NOT_HERE)
  return (
    <fieldset className={classes.slots}>
      <legend className={classes.label}>{t('book.when')}</legend>
      {asked.map((offer) => (
        <AskedOffer
          key={offer.repeat ?? 'one'}
          clinic={clinic}
          offer={offer}
          isWish={isWish}
          isChosen={isSame(chosen, offer)}
          onChoose={onChoose}
        />
      ))}
      {proposals.map((slot, index) => (
        <SlotRow
          key={`${slot.doctorId}${slot.start}`}
          clinic={clinic}
          slot={slot}
          isChosen={isSame(chosen, slot)}
          onChoose={onChoose}
          keys={`Alt+${index + 1}`}
        />
      ))}
      {slots && proposals.length === 0 && !isNotHere && (
        <p className={classes.quiet}>{t(isWish ? 'book.nothing-wished' : 'book.nothing-free')}</p>
      )}
    </fieldset>
  )
}

type AskedProps = Omit<RowProps, 'slot' | 'keys' | 'note'> & { readonly offer: Offer; readonly isWish: boolean }

/** What was pointed at on the board, or named in words. */
function AskedOffer({ offer, isWish, ...rest }: AskedProps) {
  const { t } = useTranslation()
  const plain = t(isWish ? 'book.as-wished' : 'book.at-cursor')
  const note = offer.repeat === null ? plain : t(`book.repeat-${offer.repeat}`)
  if (offer.obstacle === null) return <SlotRow slot={offer} note={note} {...rest} />
  const obstacle = refusalSentence(t, offer.obstacle)
  if (offer.canOverbook) return <FullRow offer={offer} obstacle={obstacle} {...rest} />
  return (
    <p className={classes.obstacle}>
      <SlotWords clinic={rest.clinic} slot={offer} /> <span>{obstacle}</span>
    </p>
  )
}

type FullProps = Omit<RowProps, 'slot' | 'keys' | 'note'> & { readonly offer: Offer; readonly obstacle: string }

/** A full time that this person may book all the same. */
function FullRow({ clinic, offer, obstacle, isChosen, onChoose }: FullProps) {
  const { t } = useTranslation()
  return (
    <label className={classes.slot} data-chosen={isChosen || undefined}>
      <input type="radio" name="slot" checked={isChosen} onChange={() => onChoose(offer)} />
      <span className={classes.full}>
        <SlotWords clinic={clinic} slot={offer} />
        <span>
          {obstacle}. {t('book.overbook')}
        </span>
      </span>
      <KeyHint keys="Alt+0" />
    </label>
  )
}

type RowProps = {
  readonly clinic: Clinic
  readonly slot: SeatedSlot
  readonly isChosen: boolean
  readonly onChoose: (slot: Slot) => void
  readonly keys?: string
  readonly note?: string
}

function SlotRow({ clinic, slot, isChosen, onChoose, keys, note }: RowProps) {
  return (
    <label className={classes.slot} data-chosen={isChosen || undefined}>
      <input type="radio" name="slot" checked={isChosen} onChange={() => onChoose(slot)} />
      <SlotWords clinic={clinic} slot={slot} />
      {keys ? <KeyHint keys={keys} /> : <span className={classes.note}>{note}</span>}
    </label>
  )
}

function SlotWords({ clinic, slot }: Pick<RowProps, 'clinic' | 'slot'>) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <span className={classes.slotWords}>
      <time className={classes.slotTime}>{format.moment(slot.start)}</time>{' '}
      <bdi>{clinic.doctorOf(slot.doctorId)?.name}</bdi>
      {slot.isKept && <span className={classes.seats}>{t('book.kept')}</span>}
      {slot.seats && <span className={classes.seats}>{t('group.places', slot.seats)}</span>}
    </span>
  )
}
