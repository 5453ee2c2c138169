import { useTranslation } from 'react-i18next'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { NOT_HERE } from '#renderer/local-db/place-check.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './booking-panel.module.css'
import type { Offer, Slot, Slots } from './use-slots.ts'

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
  const { atCursor = [], proposals = [] } = slots ?? {}
  // Then that is why there is nothing to offer.
  const isNotHere = atCursor.some(({ obstacle }) => obstacle === NOT_HERE)
  return (
    <fieldset className={classes.slots}>
      <legend className={classes.label}>{t('book.when')}</legend>
      {atCursor.map((offer) => (
        <CursorOffer
          key={offer.repeat ?? 'one'}
          clinic={clinic}
          offer={offer}
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
      {slots && proposals.length === 0 && !isNotHere && <p className={classes.quiet}>{t('book.nothing-free')}</p>}
    </fieldset>
  )
}

function CursorOffer({ offer, ...rest }: Omit<RowProps, 'slot' | 'keys' | 'note'> & { readonly offer: Offer }) {
  const { t } = useTranslation()
  const note = offer.repeat === null ? t('book.at-cursor') : t(`book.repeat-${offer.repeat}`)
  if (offer.obstacle === null) return <SlotRow slot={offer} note={note} {...rest} />
  return (
    <p className={classes.obstacle}>
      <SlotWords clinic={rest.clinic} slot={offer} /> <span>{refusalSentence(t, offer.obstacle)}</span>
    </p>
  )
}

type RowProps = {
  readonly clinic: Clinic
  readonly slot: Slot
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
  const format = useFormat()
  return (
    <span className={classes.slotWords}>
      <time className={classes.slotTime}>{format.moment(slot.start)}</time>{' '}
      <bdi>{clinic.doctorOf(slot.doctorId)?.name}</bdi>
    </span>
  )
}
