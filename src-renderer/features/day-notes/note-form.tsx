import { Button, CloseButton, Select, Textarea } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DAY_NOTE, type DayNote, type DayNoteWords, latestDayOf } from '#domain/clinic/day-note.ts'
import type { DoctorId } from '#domain/ids.ts'
import { windowOf } from '#domain/sync/window.ts'
import { addDays, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useKept } from '#renderer/local-db/kept-forms-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { SEARCHED } from '#renderer/ui/parts/searched.ts'
import classes from './day-notes.module.css'
import { mayWriteFor } from './may-write.ts'
import { useNoteWrites } from './use-note-writes.ts'

const EVERYBODY = 'everybody'

type FormProps = {
  readonly clinic: Clinic
  /** Null for a new note. */
  readonly note: DayNote | null
  /** The day that is shown, on which a new note stands. */
  readonly day: LocalDay
  readonly onDone: () => void
}

/** A note of a day: what it says, whose day it is about, and how long it stands. */
export function NoteForm({ clinic, note: current, day, onDone }: FormProps) {
  const { t } = useTranslation()
  // As it was when the form was opened: what others change meanwhile is theirs.
  const [note] = useState(current)
  const [text, setText] = useKept('text', note?.text ?? '')
  const [doctorId, setDoctorId] = useKept('doctorId', note ? note.doctorId : ownDayOnly(clinic))
  const [date, setDate] = useKept('date', note?.date ?? day)
  const [lastDate, setLastDate] = useKept<LocalDay | null>('lastDate', note?.lastDate ?? null)
  const { save, remove } = useNoteWrites(clinic, note, onDone)
  const submit = (event?: FormEvent): void => {
    event?.preventDefault()
    if (text.trim() !== '') void save({ text, doctorId, date, lastDate })
  }
  useHotkeys([
    { keys: 'CmdOrCtrl+Enter', run: () => submit() },
    { keys: 'Escape', run: onDone },
  ])
  return (
    <form className={classes.panel} onSubmit={submit} aria-label={t('day-note.panel')}>
      <header className={classes.head}>
        <h2>{t('day-note.panel')}</h2>
        <CloseButton size="sm" onClick={onDone} aria-label={t('panel.close')} />
      </header>
      <div className={classes.fields}>
        <Textarea
          label={t('day-note.text')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={DAY_NOTE.longest}
          data-autofocus
          autoFocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <WhoseDay clinic={clinic} value={doctorId} onValue={setDoctorId} />
        <Days
          clinic={clinic}
          words={{ date, lastDate }}
          onDate={(next) => {
            setDate(next)
            if (lastDate !== null && (lastDate < next || lastDate > latestDayOf(next))) setLastDate(null)
          }}
          onLastDate={setLastDate}
        />
      </div>
      <footer className={classes.foot}>
        <Button
          type="submit"
          variant="filled"
          size="sm"
          disabled={text.trim() === ''}
          rightSection={<KeyHint keys="CmdOrCtrl+Enter" />}
        >
          {t(note ? 'day-note.save' : 'day-note.pin')}
        </Button>
        {note && (
          <Button size="sm" variant="subtle" onClick={() => void remove(note)}>
            {t('day-note.remove')}
          </Button>
        )}
      </footer>
    </form>
  )
}

/** The only day somebody may write on, where that is their own; null for everybody's. */
const ownDayOnly = (clinic: Clinic): DoctorId | null => (mayWriteFor(clinic, null) ? null : clinic.subject.doctorId)

type WhoseProps = {
  readonly clinic: Clinic
  readonly value: DoctorId | null
  readonly onValue: (doctorId: DoctorId | null) => void
}

/** Not asked where there is nothing to choose. */
function WhoseDay({ clinic, value, onValue }: WhoseProps) {
  const { t } = useTranslation()
  const choices = [
    ...(mayWriteFor(clinic, null) ? [{ value: EVERYBODY, label: t('day-note.everybody') }] : []),
    ...clinic.doctors
      .filter(({ id }) => mayWriteFor(clinic, id))
      .map(({ id, name }) => ({ value: id as string, label: name })),
  ]
  if (choices.length < 2) return null
  return (
    <Select
      label={t('day-note.for')}
      data={choices}
      value={value ?? EVERYBODY}
      onChange={(id) => onValue(id === null || id === EVERYBODY ? null : (id as DoctorId))}
      {...SEARCHED}
    />
  )
}

type DaysProps = {
  readonly clinic: Clinic
  readonly words: Pick<DayNoteWords, 'date' | 'lastDate'>
  readonly onDate: (day: LocalDay) => void
  readonly onLastDate: (day: LocalDay | null) => void
}

/** Within the days that lie on devices: a note elsewhere would be seen by nobody. */
function Days({ clinic, words: { date, lastDate }, onDate, onLastDate }: DaysProps) {
  const { t } = useTranslation()
  const { from, until } = windowOf(localDayOf(clinic.desk.now(), clinic.zone))
  return (
    <div className={classes.pair}>
      <DateInput
        label={t('day-note.day')}
        minDate={from}
        maxDate={addDays(until, -1)}
        value={date}
        onChange={(next) => next !== null && onDate(next)}
      />
      <DateInput
        label={t('day-note.until-day')}
        placeholder={t('day-note.one-day')}
        minDate={date}
        maxDate={latestDayOf(date)}
        value={lastDate}
        onChange={onLastDate}
        clearable
      />
    </div>
  )
}
