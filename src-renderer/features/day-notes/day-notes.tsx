import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Fragment, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayNote } from '#domain/clinic/day-note.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useUnsent } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { walkButtons } from '#renderer/ui/parts/walk-buttons.ts'
import classes from './day-notes.module.css'
import { mayWriteFor } from './may-write.ts'

type NotesProps = {
  readonly clinic: Clinic
  readonly notes: readonly DayNote[]
  /** Writes a new note with null. */
  readonly onOpen: (note: DayNote | null) => void
  /** The note that is written in place; the list waits until it is done. */
  readonly form?: ReactNode | false
}

/** What is to be known about a day. Whoever may not write sees the section only while there is something in it. */
export function DayNotes({ clinic, notes, onOpen, form = false }: NotesProps) {
  const { t } = useTranslation()
  const mayAdd = clinic.mayEver('manage-day-notes')
  const add = useFocusAfter(form !== false)
  if (form !== false) return form
  if (!mayAdd && notes.length === 0) return null
  return (
    <section className={classes.notes} aria-label={t('day-note.title')}>
      <h2 className={classes.title}>
        <span>{t('day-note.title')}</span>
        {mayAdd && (
          <Button
            ref={add}
            size="compact-sm"
            leftSection={<IconPlus size={13} stroke={2} aria-hidden />}
            rightSection={<KeyHint keys="o" />}
            onClick={() => onOpen(null)}
          >
            {t('day-note.add')}
          </Button>
        )}
      </h2>
      {notes.length > 0 && (
        <ul className={classes.list} onKeyDown={walkButtons}>
          {notes.map((note) => (
            <li key={note.id}>
              <NoteRow clinic={clinic} note={note} onOpen={() => onOpen(note)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

type RowProps = { readonly clinic: Clinic; readonly note: DayNote; readonly onOpen: () => void }

function NoteRow({ clinic, note, onOpen }: RowProps) {
  const { t } = useTranslation()
  const words = (
    <>
      <bdi className={classes.text}>{note.text}</bdi>
      <About clinic={clinic} note={note} />
    </>
  )
  if (!mayWriteFor(clinic, note.doctorId)) return <div className={classes.row}>{words}</div>
  return (
    <button type="button" className={classes.row} onClick={onOpen}>
      {words}
      <span className="visually-hidden">{t('day-note.edit')}</span>
    </button>
  )
}

/** Whose day it is about, until when it stands, who wrote it, and whether the others can have it yet. */
function About({ clinic, note }: Omit<RowProps, 'onOpen'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const isUnsent = useUnsent('day_notes').has(note.id)
  const { doctorId, lastDate, date, createdByName } = note
  const doctor = doctorId === null ? '' : (clinic.doctorOf(doctorId)?.name ?? '…')
  const parts: readonly (readonly [name: string, words: string])[] = [
    ['doctor', doctor],
    ['until', lastDate !== null && lastDate > date ? t('day-note.until', { day: format.day(lastDate) }) : ''],
    // Doctors write about their own days as a rule.
    ['author', createdByName === doctor ? '' : createdByName],
    ['state', isUnsent ? t('state.to-send') : ''],
  ]
  return (
    <span className={classes.about}>
      {parts
        .filter(([, words]) => words !== '')
        .map(([name, words], index) => (
          <Fragment key={name}>
            {index > 0 && ' · '}
            <bdi data-part={name}>{words}</bdi>
          </Fragment>
        ))}
    </span>
  )
}

/** Puts the keyboard on the button again from which the form was opened. */
function useFocusAfter(isOpen: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(isOpen)
  useEffect(() => {
    if (wasOpen.current && !isOpen) button.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
  return button
}
