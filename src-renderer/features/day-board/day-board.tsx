import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DoctorId } from '#domain/ids.ts'
import { weekOf } from '#domain/time/calendar-days.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { EmptyState } from '#renderer/ui/parts/empty-state.tsx'
import { BoardGrid } from './board-grid.tsx'
import type { BoardProps } from './board-props.ts'
import { CountStrip } from './count-strip.tsx'
import classes from './day-board.module.css'
import { DayList } from './day-list.tsx'
import { DayNotHere } from './day-not-here.tsx'
import { MonthBoard } from './month-board.tsx'
import { doctorsSeen, useBoard } from './use-board.ts'
import { useWeek } from './use-week.ts'

type DayBoardProps = BoardProps & {
  /** How the board is looked at; stands at the end of the strip. */
  readonly controls: ReactNode
  /** The doctor whose week it is, and the days of it. */
  readonly doctorId: DoctorId
  readonly week: readonly ClinicDay[]
}

/** Who is booked with whom, and how far they have got: a day, a week of one doctor, a month. */
export function DayBoard(props: DayBoardProps) {
  const { clinic, clinicDay, view, controls } = props
  const isDay = view === 'day' || view === 'list'
  const isHere = view === 'month' || clinicDay.reach === 'held'
  return (
    <section className={classes.board} data-hotkey-scope="board">
      <CountStrip
        clinic={clinic}
        appointments={clinicDay.appointments}
        isToday={clinicDay.day === props.today}
        isDay={isDay && isHere}
        controls={controls}
        onFree={(target) => {
          props.onCursor({ ...target, itemId: null })
          props.onOpenSlot(target)
        }}
      />
      {clinicDay.reach !== 'held' && view !== 'month' ? (
        <DayNotHere day={clinicDay.day} reach={clinicDay.reach} today={props.today} onDay={props.onDay} />
      ) : (
        <View {...props} />
      )}
    </section>
  )
}

function View(props: DayBoardProps) {
  if (props.clinic.doctors.length === 0) return <Opening {...props} />
  if (props.view === 'week') return <WeekView {...props} />
  if (props.view === 'month') return <MonthView {...props} />
  return <DayView {...props} />
}

function DayView(props: DayBoardProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const board = useBoard(props.clinic, props.clinicDay, props.arrangement, { isBySession: props.view !== 'list' })
  if (!board.isReady) return <Opening {...props} />
  const label = t(props.view === 'list' ? 'board.list-label' : 'board.grid-label', {
    day: format.longDay(props.clinicDay.day),
  })
  if (props.view === 'list') return <DayList {...props} board={board} label={label} />
  return <BoardGrid {...props} board={board} label={label} />
}

function WeekView(props: DayBoardProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const week = useWeek(props.clinic, props.week, props.doctorId)
  const doctor = props.clinic.doctorOf(props.doctorId)?.name ?? ''
  const [monday = ''] = weekOf(props.clinicDay.day)
  const label = t('board.week-label', { doctor, day: format.longDay(monday) })
  return <BoardGrid {...props} board={week} label={label} nowColumnId={week.today} />
}

function MonthView({ clinic, clinicDay, today, arrangement, gridRef, onDay, ...props }: DayBoardProps) {
  const seen = useMemo(() => doctorsSeen(clinic), [clinic])
  return (
    <MonthBoard
      doctors={seen}
      arrangement={arrangement}
      day={clinicDay.day}
      today={today}
      gridRef={gridRef}
      onDay={(day) => props.onCursor({ ...props.cursor, columnId: day, itemId: null })}
      onOpen={onDay}
    />
  )
}

/** Shown while this device reads or first receives its data, silent when that takes no time; and when there is nobody to book. */
function Opening({ clinic, onAddDoctors }: DayBoardProps) {
  const { t } = useTranslation()
  const { initialSync, connection } = useSyncStatus()
  const { received, total } = initialSync
  if (!initialSync.done) {
    if (connection.phase === 'offline') return <EmptyState>{t('board.not-arrived')}</EmptyState>
    if (received === 0) return <EmptyState>{t('board.opening')}</EmptyState>
    const text =
      total === null ? t('board.receiving', { count: received }) : t('board.receiving-of', { received, count: total })
    return <EmptyState>{text}</EmptyState>
  }
  if (clinic.doctors.length > 0) return <EmptyState>{t('board.opening')}</EmptyState>
  const why = t('board.no-doctors')
  return onAddDoctors === null ? (
    <EmptyState>{`${why} ${t('board.no-doctors-ask')}`}</EmptyState>
  ) : (
    <EmptyState action={{ label: t('board.add-doctors'), onAct: onAddDoctors }}>{why}</EmptyState>
  )
}
