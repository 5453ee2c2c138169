import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DoctorId } from '#domain/ids.ts'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import type { BoardColumn, HeadNote } from './board-columns.ts'
import type { BoardProps } from './board-props.ts'
import classes from './day-board.module.css'

type HeadProps = Pick<BoardProps, 'onDoctorDay' | 'onDoctorWeek'> & { readonly column: BoardColumn }

/** A doctor's name, and what reception has to know about their day; drawn again only for another column. */
export const ColumnHead = memo(
  Head,
  (a, b) => a.column === b.column && (a.onDoctorDay === null) === (b.onDoctorDay === null),
)

function Head({ column, ...actions }: HeadProps) {
  return (
    <>
      <bdi className={classes.doctor} title={column.title} data-today={isToday(column.note) || undefined}>
        {column.title}
      </bdi>
      {column.note.kind !== 'day' && <HeadMenu column={column} {...actions} />}
      <Note note={column.note} />
    </>
  )
}

/** For the pointer: by keyboard the same is done with the column of the cursor (`i`, `v w`). */
function HeadMenu({ column, onDoctorDay, onDoctorWeek }: HeadProps) {
  const { t } = useTranslation()
  const id = column.id as DoctorId
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon
          className={classes.headMenu}
          size="sm"
          tabIndex={-1}
          aria-label={t('board.head-menu', { doctor: column.title })}
        >
          <IconDots size={14} stroke={2} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item rightSection={<KeyHint keys="v w" />} onClick={() => onDoctorWeek(id)}>
          {t('board.head-week')}
        </Menu.Item>
        {onDoctorDay && (
          <Menu.Item rightSection={<KeyHint keys="i" />} onClick={() => onDoctorDay(id)}>
            {t('commands.appointment.doctor-day')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

const isToday = (note: HeadNote): boolean => note.kind === 'day' && note.isToday

function Note({ note }: { readonly note: HeadNote }) {
  const { t } = useTranslation()
  switch (note.kind) {
    case 'running-late':
      return <span className={classes.late}>{t('board.running-late', { count: note.minutes })}</span>
    case 'off-today':
      return <span className={classes.about}>{t('board.off-today')}</span>
    case 'in-from':
      return <span className={classes.about}>{t('board.in-from', { time: timeOfMinute(note.minute) })}</span>
    case 'day':
      if (note.isOff) return <span className={classes.about}>{t('board.off-today')}</span>
      return <span className={classes.about}>{t('board.booked-count', { count: note.booked })}</span>
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
