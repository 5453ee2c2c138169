import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import type { TFunction } from 'i18next'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, PatientId } from '#domain/ids.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import classes from './booking-panel.module.css'
import { PatientStep } from './patient-step.tsx'
import { SlotStep } from './slot-step.tsx'
import { useBook } from './use-book.ts'
import { type Slot, type Slots, useSlots, type Wanted } from './use-slots.ts'

export type BookingProps = {
  readonly clinic: Clinic
  /** Where the cursor stands; follows it while the panel is open. */
  readonly wanted: Wanted | null
  /** Chosen elsewhere before the panel opened. */
  readonly firstPatientId: PatientId | null
  readonly recent: readonly PatientId[]
  /** Changes when the board's visits do. */
  readonly version: unknown
  readonly onBooked: (appointment: Appointment) => void
  readonly onClose: () => void
}

/** Patient, type, time, book: one after the other, all by keyboard. */
export function BookingPanel(props: BookingProps) {
  const { clinic, wanted, onBooked, onClose } = props
  const { t } = useTranslation()
  const [patientId, setPatientId] = useState(props.firstPatientId)
  const [pickedType, setPickedType] = useState<AppointmentTypeId | null>(null)
  const [reason, setReason] = useState('')
  const typeField = useRef<HTMLInputElement>(null)
  const types = useOfferedTypes(clinic, wanted)
  const type = types.find(({ id }) => id === pickedType) ?? types[0]
  const slots = useSlots(clinic, wanted, type, patientId, props.version)
  const [slot, choose] = useChoice(slots, wanted)
  const book = useBook(clinic)
  const submit = async (): Promise<void> => {
    if (!patientId || !type || !slot) return
    const booked = await book({ patientId, typeId: type.id, doctorId: slot.doctorId, start: slot.start, reason })
    if (booked) onBooked(booked)
  }
  useHotkeys([
    { keys: 'CmdOrCtrl+Enter', run: () => void submit() },
    { keys: 'Escape', run: onClose },
    ...[1, 2, 3, 4].map((number) => ({
      keys: `Alt+${number}`,
      run: () => {
        const proposal = slots?.proposals[number - 1]
        if (proposal) choose(proposal)
      },
    })),
  ])
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void submit()
  }
  const onPatient = (id: PatientId | null): void => {
    setPatientId(id)
    if (id) requestAnimationFrame(() => typeField.current?.focus())
  }
  return (
    <form className={classes.panel} onSubmit={onSubmit} aria-label={t('book.title')}>
      <header className={classes.head}>
        <h2>{t('book.title')}</h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
      </header>
      <div className={classes.steps}>
        <PatientStep clinic={clinic} patientId={patientId} recent={props.recent} onPatient={onPatient} />
        <Select
          ref={typeField}
          label={t('book.type')}
          data={types.map(toOption(t))}
          value={type?.id ?? null}
          onChange={(id) => setPickedType(id as AppointmentTypeId | null)}
          searchable
          openOnFocus={false}
          nothingFoundMessage={t('book.no-type')}
        />
        <SlotStep clinic={clinic} slots={slots} chosen={slot} onChoose={choose} />
        <TextInput
          label={t('book.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
        />
      </div>
      <ReadBack clinic={clinic} patientId={patientId} type={type} slot={slot} />
    </form>
  )
}

/** The sentence to say aloud, and the button. */
function ReadBack(props: {
  clinic: Clinic
  patientId: PatientId | null
  type: AppointmentType | undefined
  slot: Slot | null
}) {
  const { clinic, patientId, type, slot } = props
  const { t } = useTranslation()
  const format = useFormat()
  const patient = usePatientLookup()(patientId ?? ('' as PatientId))
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const isComplete = patient !== undefined && type !== undefined && slot !== null
  return (
    <footer className={classes.foot}>
      <p className={classes.readBack} aria-live="polite">
        {isComplete
          ? t('book.read-back', {
              name: patient.name,
              type: type.name,
              moment: format.moment(slot.start),
              doctor: clinic.doctorOf(slot.doctorId)?.name ?? '',
            })
          : t(patient === undefined ? 'book.needs-patient' : 'book.needs-slot')}
      </p>
      {!isOnline && <p className={classes.offline}>{t('book.offline')}</p>}
      <Button
        type="submit"
        variant="filled"
        size="sm"
        fullWidth
        disabled={!isComplete}
        rightSection={<KeyHint keys="CmdOrCtrl+Enter" />}
      >
        {t(isOnline ? 'book.button' : 'book.button-offline')}
      </Button>
    </footer>
  )
}

/** The types that can be booked, those of the pointed-at doctor first, shorter before longer. */
function useOfferedTypes({ types, bookable }: Clinic, wanted: Wanted | null): readonly AppointmentType[] {
  const doctorId = wanted?.doctorId
  return useMemo(() => {
    const rank = ({ doctorIds }: AppointmentType): number =>
      doctorId === undefined || doctorIds.length === 0 || doctorIds.includes(doctorId) ? 0 : 1
    const isOffered = ({ doctorIds }: AppointmentType): boolean =>
      doctorIds.length === 0 || bookable.some(({ id }) => doctorIds.includes(id))
    return types.filter(isOffered).toSorted((a, b) => rank(a) - rank(b) || a.durationMinutes - b.durationMinutes)
  }, [types, bookable, doctorId])
}

const toOption = (t: TFunction) => (type: AppointmentType) => ({
  value: type.id as string,
  label: `${type.name} · ${t('minutes', { count: type.durationMinutes })}`,
})

/** The time chosen by hand while it is still offered; otherwise the cursor's, otherwise the first proposal. */
function useChoice(slots: Slots | undefined, wanted: Wanted | null): readonly [Slot | null, (slot: Slot) => void] {
  const [picked, setPicked] = useState<Slot | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: pointing somewhere else on the board is a new choice
  useEffect(() => setPicked(null), [wanted])
  const free = [...(slots?.atCursor.filter(({ obstacle }) => obstacle === null) ?? []), ...(slots?.proposals ?? [])]
  const isFree = free.some(({ doctorId, start }) => doctorId === picked?.doctorId && start === picked.start)
  const isAmbiguous = (slots?.atCursor.length ?? 0) > 1
  return [isFree ? picked : isAmbiguous ? null : (free[0] ?? null), setPicked]
}
