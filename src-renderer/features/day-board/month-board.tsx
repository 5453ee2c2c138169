import { type KeyboardEvent, type Ref, useImperativeHandle, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { type DayCounts, dayCounts } from '#domain/schedule/day-counts.ts'
import { addMonths, monthOf, monthWeeksOf } from '#domain/time/calendar-days.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useClinicDays } from '#renderer/clinic/use-clinic-days.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import type { TimeGridHandle } from '#renderer/ui/time-grid/time-grid-props.ts'
import { type Arrangement, arrangeDoctors } from './arrange-doctors.ts'
import classes from './month-board.module.css'

type MonthProps = {
  readonly doctors: readonly Doctor[]
  readonly arrangement: Arrangement
  /** Where the keyboard stands. */
  readonly day: LocalDay
  readonly today: LocalDay
  readonly gridRef: Ref<TimeGridHandle>
  readonly onDay: (day: LocalDay) => void
  readonly onOpen: (day: LocalDay) => void
}

/** The month in numbers: how many are booked on each day, and how much is free. Enter opens the day. */
export function MonthBoard({ doctors, arrangement, day, today, gridRef, onDay, onOpen }: MonthProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const month = monthOf(day)
  const weeks = useMemo(() => monthWeeksOf(`${month}-01`), [month])
  const shown = useMemo(() => arrangeDoctors(doctors, arrangement), [doctors, arrangement])
  const days = useClinicDays(
    useMemo(() => weeks.flat(), [weeks]),
    today,
    null,
  )
  const counts = useCounts(days, shown)
  const grid = useRef<HTMLTableElement>(null)
  const focusOn = (one: LocalDay): void => grid.current?.querySelector<HTMLElement>(`[data-day="${one}"]`)?.focus()
  useImperativeHandle(gridRef, () => ({ focus: () => focusOn(day) }))
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepOf(event, day)
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    onDay(next)
    requestAnimationFrame(() => focusOn(next))
  }
  const [firstWeek = []] = weeks
  return (
    <div className={classes.scroller}>
      <table
        ref={grid}
        className={classes.month}
        aria-label={t('board.month-label', { month: format.month(day) })}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {firstWeek.map((one) => (
              <th key={one} scope="col">
                {format.shortWeekday(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((one) => (
                <Day
                  key={one}
                  day={one}
                  counts={counts.get(one)}
                  isCurrent={one === day}
                  isToday={one === today}
                  isPast={one < today}
                  isBeside={monthOf(one) !== month}
                  onDay={onDay}
                  onOpen={onOpen}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function stepOf({ key, currentTarget }: KeyboardEvent, day: LocalDay): LocalDay | undefined {
  const ahead = getComputedStyle(currentTarget).direction === 'rtl' ? -1 : 1
  const days: Readonly<Record<string, number>> = { ArrowLeft: -ahead, ArrowRight: ahead, ArrowUp: -7, ArrowDown: 7 }
  const months: Readonly<Record<string, number>> = { PageUp: -1, PageDown: 1 }
  if (days[key] !== undefined) return addDays(day, days[key])
  return months[key] === undefined ? undefined : addMonths(day, months[key])
}

/** The numbers of every day that this device holds; undefined while it still reads. */
function useCounts(days: readonly ClinicDay[], doctors: readonly Doctor[]): ReadonlyMap<LocalDay, DayCounts> {
  const now = useNow()
  return useMemo(() => {
    const held = days.filter(({ reach, appointments }) => reach === 'held' && appointments !== undefined)
    return new Map(held.map((day) => [day.day, countsOf(day, doctors, now)]))
  }, [days, doctors, now])
}

function countsOf({ appointments = [], hoursOf }: ClinicDay, doctors: readonly Doctor[], now: number): DayCounts {
  const byDoctor = Map.groupBy(
    appointments.filter(({ status }) => holdsTime(status)),
    ({ doctorId }) => doctorId,
  )
  const each = doctors.map(({ id }) => dayCounts(hoursOf(id), byDoctor.get(id) ?? [], now))
  return {
    booked: each.reduce((sum, { booked }) => sum + booked, 0),
    isOpen: each.some(({ isOpen }) => isOpen),
    freeQuarters: each.reduce((sum, { freeQuarters }) => sum + freeQuarters, 0),
  }
}

type DayProps = Pick<MonthProps, 'day' | 'onDay' | 'onOpen'> & {
  /** Undefined for a day that is not on this device. */
  readonly counts: DayCounts | undefined
  readonly isCurrent: boolean
  readonly isToday: boolean
  readonly isPast: boolean
  readonly isBeside: boolean
}

function Day({ day, counts, isCurrent, isToday, isPast, isBeside, onDay, onOpen }: DayProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = counts
    ? [
        t('board.booked-count', { count: counts.booked }),
        ...(isPast ? [] : [t('board.free-count', { count: counts.freeQuarters })]),
      ]
    : [t('board.not-held')]
  const isClosed = counts?.booked === 0 && !counts.isOpen
  return (
    <td className={classes.cell} data-beside={isBeside || undefined}>
      <button
        type="button"
        className={classes.day}
        data-day={day}
        data-cursor={isCurrent || undefined}
        data-today={isToday || undefined}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isToday ? 'date' : undefined}
        onFocus={() => !isCurrent && onDay(day)}
        onClick={() => onOpen(day)}
      >
        <span className={classes.date}>{Number(day.slice(8))}</span>
        <span className="visually-hidden">{` ${format.longDay(day)}, `}</span>
        {counts && !isClosed && (
          <span className={classes.counts}>
            <strong>{words[0]}</strong>
            {words[1] && <span>{words[1]}</span>}
          </span>
        )}
        {isClosed && <span className={classes.counts}>{t('board.closed')}</span>}
      </button>
    </td>
  )
}
