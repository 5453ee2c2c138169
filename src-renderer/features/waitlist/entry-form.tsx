import { Button, MultiSelect, Select, Textarea, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import {
  addEntryLocally,
  changeEntryLocally,
  type EntryWishes,
  type LocalEntryWrite,
} from '#renderer/local-db/waitlist-store.ts'
import { SEARCHED } from '#renderer/ui/parts/searched.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import classes from './waitlist.module.css'

type FormProps = {
  readonly clinic: Clinic
  /** Null for somebody who is put on the list. */
  readonly entry: WaitlistEntry | null
  readonly patientStep: (id: PatientId | null, onPatient: (id: PatientId | null) => void) => ReactNode
  readonly onDone: () => void
}

const TIME_SHAPE = '([01]\\d|2[0-3]):[0-5]\\d'
const orNull = (text: string): string | null => (text === '' ? null : text)

/** What somebody can use: kind of visit, doctors, days, part of the day. */
export function EntryForm({ clinic, entry, patientStep, onDone }: FormProps) {
  const { t } = useTranslation()
  const today = localDayOf(clinic.desk.now(), clinic.zone)
  const [patientId, setPatientId] = useState(entry?.patientId ?? null)
  const [typeId, setTypeId] = useState<AppointmentTypeId | null>(entry?.typeId ?? clinic.types[0]?.id ?? null)
  const [doctorIds, setDoctorIds] = useState<readonly DoctorId[]>(entry?.doctorIds ?? [])
  const [fromDay, setFromDay] = useState<string | null>(entry?.fromDay ?? today)
  const [untilDay, setUntilDay] = useState<string | null>(entry?.untilDay ?? null)
  const [fromTime, setFromTime] = useState(entry?.fromTime ?? '')
  const [untilTime, setUntilTime] = useState(entry?.untilTime ?? '')
  const [note, setNote] = useState(entry?.note ?? '')
  const { save, withdraw } = useEntryWrites(clinic, entry, onDone)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!patientId || !typeId) return
    const times = { fromTime: orNull(fromTime), untilTime: orNull(untilTime) }
    const wishes = {
      typeId,
      doctorIds: [...doctorIds],
      fromDay: fromDay ?? today,
      untilDay,
      note: note.trim(),
      ...times,
    }
    await save(patientId, wishes)
  }
  return (
    <form className={classes.fields} onSubmit={submit} aria-label={t('waitlist.form')}>
      {patientStep(patientId, entry ? () => undefined : setPatientId)}
      <Select
        label={t('book.type')}
        data={clinic.types.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={typeId}
        onChange={(id) => setTypeId(id as AppointmentTypeId | null)}
        {...SEARCHED}
      />
      <MultiSelect
        label={t('waitlist.doctors')}
        placeholder={doctorIds.length === 0 ? t('waitlist.any-doctor') : ''}
        data={clinic.doctors.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={doctorIds as readonly string[] as string[]}
        onChange={(ids) => setDoctorIds(ids as DoctorId[])}
        searchable
        clearable
      />
      <Times
        days={[fromDay, untilDay]}
        times={[fromTime, untilTime]}
        minDay={entry ? undefined : today}
        onFromDay={setFromDay}
        onUntilDay={setUntilDay}
        onFromTime={setFromTime}
        onUntilTime={setUntilTime}
      />
      <Textarea
        label={t('waitlist.note')}
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Buttons entry={entry} isWhole={patientId !== null && typeId !== null} onWithdraw={withdraw} onDone={onDone} />
    </form>
  )
}

/** Saves what was filled in, or takes the entry off the list with a way back. */
function useEntryWrites({ desk }: Clinic, entry: WaitlistEntry | null, onDone: () => void) {
  const { t } = useTranslation()
  const report = (written: LocalEntryWrite): boolean => {
    if (!written.ok) showProblem(refusalSentence(t, written.reason))
    return written.ok
  }
  return {
    save: async (patientId: PatientId, wishes: EntryWishes & Pick<WaitlistEntry, 'typeId'>): Promise<void> => {
      const written = entry
        ? await changeEntryLocally(desk, entry.id, wishes)
        : await addEntryLocally(desk, { patientId, ...wishes })
      if (report(written)) onDone()
    },
    withdraw: async (of: WaitlistEntry): Promise<void> => {
      const setStatus = (status: 'waiting' | 'withdrawn') => changeEntryLocally(desk, of.id, { status })
      if (!report(await setStatus('withdrawn'))) return
      showUndo(t('waitlist.closed'), t('undo.button'), async () => report(await setStatus('waiting')))
      onDone()
    },
  }
}

type TimesProps = {
  readonly days: readonly [from: string | null, until: string | null]
  readonly times: readonly [from: string, until: string]
  readonly minDay: string | undefined
  readonly onFromDay: (day: string | null) => void
  readonly onUntilDay: (day: string | null) => void
  readonly onFromTime: (time: string) => void
  readonly onUntilTime: (time: string) => void
}

function Times({ days, times, minDay, ...on }: TimesProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className={classes.pair}>
        <DateInput
          label={t('waitlist.from-day')}
          value={days[0]}
          onChange={on.onFromDay}
          {...(minDay !== undefined && { minDate: minDay })}
        />
        <DateInput label={t('waitlist.until-day')} value={days[1]} onChange={on.onUntilDay} clearable />
      </div>
      <div className={classes.pair}>
        <TimeField label={t('waitlist.from-time')} value={times[0]} onValue={on.onFromTime} />
        <TimeField label={t('waitlist.until-time')} value={times[1]} onValue={on.onUntilTime} />
      </div>
    </>
  )
}

type ButtonsProps = Pick<FormProps, 'entry' | 'onDone'> & {
  readonly isWhole: boolean
  readonly onWithdraw: (of: WaitlistEntry) => Promise<void>
}

function Buttons({ entry, isWhole, onWithdraw, onDone }: ButtonsProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.buttons}>
      {entry && (
        <Button variant="subtle" onClick={() => void onWithdraw(entry)}>
          {t('waitlist.close')}
        </Button>
      )}
      <Button onClick={onDone}>{t('book.back')}</Button>
      <Button type="submit" variant="filled" disabled={!isWhole}>
        {t(entry ? 'waitlist.save' : 'waitlist.put')}
      </Button>
    </div>
  )
}

type TimeFieldProps = { readonly label: string; readonly value: string; readonly onValue: (text: string) => void }

function TimeField({ label, value, onValue }: TimeFieldProps) {
  const { t } = useTranslation()
  const isWrong = value !== '' && !new RegExp(`^${TIME_SHAPE}$`).test(value)
  return (
    <TextInput
      label={label}
      placeholder={t('waitlist.any-time')}
      value={value}
      pattern={TIME_SHAPE}
      inputMode="numeric"
      error={isWrong && value.length >= 5 ? t('waitlist.time-form') : undefined}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  )
}
