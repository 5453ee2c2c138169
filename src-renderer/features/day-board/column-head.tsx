import { useTranslation } from 'react-i18next'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import type { BoardColumn, HeadNote } from './board-columns.ts'
import classes from './day-board.module.css'

/** A doctor's name, and what reception has to know about their day. */
export function ColumnHead({ column }: { readonly column: BoardColumn }) {
  return (
    <>
      <bdi className={classes.doctor} title={column.title}>
        {column.title}
      </bdi>
      <Note note={column.note} />
    </>
  )
}

function Note({ note }: { readonly note: HeadNote }) {
  const { t } = useTranslation()
  switch (note.kind) {
    case 'running-late':
      return <span className={classes.late}>{t('board.running-late', { count: note.minutes })}</span>
    case 'off-today':
      return <span className={classes.about}>{t('board.off-today')}</span>
    case 'in-from':
      return <span className={classes.about}>{t('board.in-from', { time: timeOfMinute(note.minute) })}</span>
    case 'about':
      return (
        <span className={classes.facts} title={note.facts.join(', ')}>
          {note.facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </span>
      )
  }
}
