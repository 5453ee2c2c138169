import { CloseButton, TextInput } from '@mantine/core'
import { type FormEvent, type KeyboardEvent, type Ref, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import classes from './booking-panel.module.css'
import { PatientStep } from './patient-step.tsx'
import { ReadBack } from './read-back.tsx'
import { SeriesStep } from './series-step.tsx'
import { SlotStep } from './slot-step.tsx'
import type { Slot, Slots, Wanted } from './slot-types.ts'
import { useChoice } from './use-choice.ts'
import { type Draft, type FirstChoice, useDraft } from './use-draft.ts'
import { useSeries } from './use-series.ts'
import { useSlots } from './use-slots.ts'
import { useSubmit } from './use-submit.ts'
import { VisitStep } from './visit-step.tsx'

export type BookingProps = {
  readonly api: Pick<ServerApi, 'call'>
  readonly clinic: Clinic
  /** Where the cursor stands; follows it while the panel is open. */
  readonly wanted: Wanted | null
  readonly first: FirstChoice
  readonly recent: readonly PatientId[]
  readonly onBooked: (appointment: Appointment) => void
  readonly onClose: () => void
}

/** Patient, visit, time, book: one after the other, all by keyboard. */
export function BookingPanel(props: BookingProps) {
  const { clinic, wanted, onBooked, onClose } = props
  const { t } = useTranslation()
  const typeField = useRef<HTMLInputElement>(null)
  const overbookField = useRef<HTMLInputElement>(null)
  const draft = useDraft(clinic, wanted, props.first)
  const { patientId, type, reason } = draft
  const slots = useSlots(clinic, draft, wanted)
  const [slot, choose] = useChoice(slots, wanted, draft)
  const [overbookReason, giveOverbookReason] = useKept('overbookReason', '')
  const filled = { patientId, type, slot, reason, overbookReason }
  const series = useSeries(props.api, clinic, filled)
  const booking = useSubmit(props.api, clinic, filled, series)
  const submit = async (): Promise<void> => {
    const booked = await booking.submit()
    if (booked) onBooked(booked)
  }
  const overbook = (offer: Slot): void => {
    choose(offer)
    requestAnimationFrame(() => overbookField.current?.focus())
  }
  const repeat = (): void => repeatIn(draft)
  const toggleSeries = (): void => series.change({ isOn: !series.draft.isOn })
  usePanelKeys({ submit, onClose, overbook, choose, slots, repeat: draft.repeat && repeat, toggleSeries })
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void submit()
  }
  const onPatient = (id: PatientId | null): void => {
    draft.choosePatient(id)
    if (id) requestAnimationFrame(() => typeField.current?.focus())
  }
  return (
    <form className={classes.panel} onSubmit={onSubmit} onKeyDown={keepFromBooking} aria-label={t('book.title')}>
      <header className={classes.head}>
        <h2>{t('book.title')}</h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
      </header>
      <div className={classes.steps}>
        <PatientStep
          clinic={clinic}
          patientId={patientId}
          recent={props.recent}
          repeat={draft.repeat}
          onRepeat={repeat}
          onPatient={onPatient}
        />
        <VisitStep ref={typeField} clinic={clinic} draft={draft} />
        <SlotStep clinic={clinic} slots={slots} chosen={slot} onChoose={choose} />
        <SeriesStep clinic={clinic} series={series} first={slot?.start} />
        <Words
          overbookField={overbookField}
          draft={draft}
          overbookReason={slot?.isOverbooked && !series.draft.isOn ? overbookReason : null}
          onOverbookReason={giveOverbookReason}
        />
      </div>
      <ReadBack clinic={clinic} filled={filled} hold={booking.state} series={series.view} />
    </form>
  )
}

type WordsProps = {
  readonly overbookField: Ref<HTMLInputElement>
  readonly draft: Draft
  /** Null unless the chosen time is overbooked. */
  readonly overbookReason: string | null
  readonly onOverbookReason: (text: string) => void
}

/** What is said beside patient, visit and time. */
function Words({ overbookField, draft, overbookReason, onOverbookReason }: WordsProps) {
  const { t } = useTranslation()
  return (
    <>
      {overbookReason !== null && (
        <TextInput
          ref={overbookField}
          label={t('book.overbook-reason')}
          value={overbookReason}
          onChange={(event) => onOverbookReason(event.currentTarget.value)}
          required
          maxLength={500}
        />
      )}
      <TextInput
        label={t('book.reason')}
        value={draft.reason}
        onChange={(event) => draft.giveReason(event.currentTarget.value)}
        maxLength={500}
      />
    </>
  )
}

type Keys = {
  readonly submit: () => Promise<void>
  readonly onClose: () => void
  readonly overbook: (offer: Slot) => void
  readonly choose: (slot: Slot) => void
  readonly slots: Slots | undefined
  readonly repeat: (() => void) | null
  readonly toggleSeries: () => void
}

function usePanelKeys({ submit, onClose, overbook, choose, slots, repeat, toggleSeries }: Keys): void {
  const full = slots?.asked.find(({ canOverbook }) => canOverbook)
  useHotkeys([
    { keys: 'CmdOrCtrl+Enter', run: () => void submit() },
    { keys: 'Escape', run: onClose },
    { keys: 'Alt+s', run: toggleSeries },
    ...(repeat ? ['Alt+r', 'r'].map((keys) => ({ keys, run: repeat })) : []),
    ...(full ? [{ keys: 'Alt+0', run: () => overbook(full) }] : []),
    ...[1, 2, 3, 4].map((number) => ({
      keys: `Alt+${number}`,
      run: () => {
        const proposal = slots?.proposals[number - 1]
        if (proposal) choose(proposal)
      },
    })),
  ])
}

/** Enter takes what a list offers; an Enter too many must not book. */
function keepFromBooking(event: KeyboardEvent): void {
  const isPlain = event.key === 'Enter' && !event.ctrlKey && !event.metaKey
  if (isPlain && event.target instanceof HTMLInputElement) event.preventDefault()
}

/** The same doctor and the same visit as last time. */
function repeatIn({ repeat, chooseType, chooseDoctor }: Draft): void {
  if (!repeat) return
  chooseType(repeat.typeId)
  chooseDoctor(repeat.doctorId)
}
