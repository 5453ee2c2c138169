import { Button, CloseButton, Select } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { cameAt, walkInTimes } from '#domain/waitlist/walk-in.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import { addEntryLocally, changeEntryLocally } from '#renderer/local-db/waitlist-store.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { SEARCHED } from '#renderer/ui/parts/searched.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import type { TakeTime } from './use-take-time.ts'
import classes from './waitlist.module.css'

const FIRST_FREE = 'first-free'

type WalkInProps = {
  readonly clinic: Clinic
  /** Somebody of the queue, or null for somebody who stands at the desk now. */
  readonly entry: WaitlistEntry | null
  readonly take: TakeTime
  /** The field that finds or adds a patient. */
  readonly patientStep: (id: PatientId | null, onPatient: (id: PatientId | null) => void) => ReactNode
  readonly onTaken: (visit: Appointment) => void
  readonly onClose: () => void
}

/** Somebody without a booking: who, for what, with whom; taken into the next free time, or put into the queue. */
export function WalkInPanel({ clinic, entry, take, patientStep, onTaken, onClose }: WalkInProps) {
  const { t } = useTranslation()
  const [patientId, setPatientId] = useKept('patientId', entry?.patientId ?? null)
  const [picked, setPicked] = useKept<AppointmentTypeId | null>('typeId', entry?.typeId ?? null)
  const [doctorId, setDoctorId] = useKept<DoctorId | null>('doctorId', entry?.doctorIds[0] ?? null)
  const typeField = useRef<HTMLInputElement>(null)
  const types = offered(clinic, doctorId)
  const type = types.find(({ id }) => id === picked) ?? types[0]
  const free = useFirstFree(clinic, type?.id, doctorId)
  const queue = useQueue(clinic, entry)
  const takeIn = async (): Promise<void> => {
    if (!patientId || !type || !free) return
    const since = (entry && cameAt(entry, clinic.zone)) ?? clinic.desk.now()
    const visit = await take.book({ patientId, typeId: type.id, ...free, walkInSince: since }, entry)
    if (visit) onTaken(visit)
  }
  const putInQueue = async (): Promise<void> => {
    if (patientId && type && (await queue.put({ patientId, typeId: type.id, doctorId }))) onClose()
  }
  const submit = (): unknown => (free ? takeIn() : putInQueue())
  useHotkeys([
    { keys: 'CmdOrCtrl+Enter', run: submit },
    { keys: 'Escape', run: onClose },
  ])
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    submit()
  }
  return (
    <form className={classes.panel} onSubmit={onSubmit} aria-label={t('walk-in.panel')}>
      <header className={classes.head}>
        <h2>{t('walk-in.panel')}</h2>
        <CloseButton size="sm" onClick={onClose} aria-label={t('panel.close')} />
      </header>
      <div className={classes.fields}>
        {patientStep(patientId, (id) => {
          setPatientId(id)
          if (id) requestAnimationFrame(() => typeField.current?.focus())
        })}
        <Select
          ref={typeField}
          label={t('book.type')}
          data={types.map(({ id, name }) => ({ value: id as string, label: name }))}
          value={type?.id ?? null}
          onChange={(id) => setPicked(id as AppointmentTypeId | null)}
          {...SEARCHED}
          nothingFoundMessage={t('book.no-type')}
        />
        <Select
          label={t('walk-in.with')}
          data={[
            { value: FIRST_FREE, label: t('walk-in.first-free') },
            ...clinic.bookable.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
          value={doctorId ?? FIRST_FREE}
          onChange={(id) => setDoctorId(id === FIRST_FREE ? null : (id as DoctorId))}
          {...SEARCHED}
        />
      </div>
      <footer className={classes.foot}>
        <FreeWords clinic={clinic} free={free} />
        {free && (
          <Button
            type="submit"
            variant="filled"
            size="sm"
            disabled={!patientId}
            rightSection={<KeyHint keys="CmdOrCtrl+Enter" />}
          >
            {t('walk-in.take')}
          </Button>
        )}
        <Button
          size="sm"
          variant={free === null ? 'filled' : 'default'}
          disabled={!patientId}
          onClick={() => void putInQueue()}
        >
          {t(entry ? 'walk-in.keep' : 'walk-in.queue')}
        </Button>
        {entry && (
          <Button size="sm" variant="subtle" onClick={() => void queue.remove().then(onClose)}>
            {t('walk-in.remove')}
          </Button>
        )}
      </footer>
    </form>
  )
}

type Free = { readonly doctorId: DoctorId; readonly start: number }

function FreeWords({ clinic, free }: { readonly clinic: Clinic; readonly free: Free | null | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  return (
    <p className={classes.words} aria-live="polite">
      {free === null && t('walk-in.none-free')}
      {free &&
        t('walk-in.free-at', {
          time: format.time(free.start),
          doctor: clinic.doctorOf(free.doctorId)?.name ?? '',
          count: Math.max(0, minutesBetween(now, free.start)),
        })}
    </p>
  )
}

const offered = ({ types, bookable }: Clinic, doctorId: DoctorId | null) =>
  types
    .filter(({ doctorIds }) =>
      doctorId === null
        ? doctorIds.length === 0 || bookable.some(({ id }) => doctorIds.includes(id))
        : doctorIds.length === 0 || doctorIds.includes(doctorId),
    )
    .toSorted((a, b) => a.durationMinutes - b.durationMinutes)

/** The first free time of today; null when there is none, undefined until that is known. */
function useFirstFree(
  { desk, zone, bookable }: Clinic,
  typeId: AppointmentTypeId | undefined,
  doctorId: DoctorId | null,
): Free | null | undefined {
  const now = useNow()
  const [free, setFree] = useState<Free | null>()
  useEffect(() => {
    let isCurrent = true
    const doctorIds = doctorId === null ? bookable.map(({ id }) => id) : [doctorId]
    const asked = typeId ? nextFreeLocally(desk, { typeId, doctorIds, notBefore: now, limit: 1 }) : Promise.resolve([])
    void asked.then(([slot]) => {
      const isToday = slot !== undefined && localDayOf(slot.start, zone) === localDayOf(now, zone)
      if (isCurrent) setFree(isToday ? { doctorId: slot.doctorId, start: slot.start } : null)
    })
    return () => {
      isCurrent = false
    }
  }, [desk, zone, bookable, typeId, doctorId, now])
  return free
}

/** Into the queue, and out of it again. */
function useQueue({ desk, zone }: Clinic, entry: WaitlistEntry | null) {
  const { t } = useTranslation()
  const report = (written: { ok: true } | { ok: false; reason: string }): boolean => {
    if (!written.ok) showProblem(refusalSentence(t, written.reason))
    return written.ok
  }
  const setStatus = (of: WaitlistEntry, status: 'waiting' | 'withdrawn') => changeEntryLocally(desk, of.id, { status })
  return {
    put: async (wish: {
      patientId: PatientId
      typeId: AppointmentTypeId
      doctorId: DoctorId | null
    }): Promise<boolean> => {
      const { patientId, typeId, doctorId } = wish
      const doctorIds = doctorId === null ? [] : [doctorId]
      if (entry) return report(await changeEntryLocally(desk, entry.id, { typeId, doctorIds }))
      return report(await addEntryLocally(desk, { patientId, typeId, doctorIds, ...walkInTimes(desk.now(), zone) }))
    },
    remove: async (): Promise<void> => {
      if (!entry || !report(await setStatus(entry, 'withdrawn'))) return
      showUndo(t('walk-in.removed'), t('undo.button'), async () => report(await setStatus(entry, 'waiting')))
    },
  }
}
