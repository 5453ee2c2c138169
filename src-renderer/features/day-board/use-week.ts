import { useMemo, useRef } from 'react'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import type { DoctorId } from '#domain/ids.ts'
import { type LocalDay, localDayOf, toLocal } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import type { ClinicDay } from '#renderer/clinic/use-clinic-day.ts'
import { useNow } from '#renderer/clinic/use-now.ts'
import { type BoardColumn, rangeOf, reused } from './board-columns.ts'
import { toBoardItems } from './board-item.ts'
import { notesOfHeld, toStretch } from './day-stretch.ts'
import { type Board, useCards } from './use-board.ts'
import { useHeldByOthers } from './use-held-by-others.ts'

const NONE: readonly never[] = []

export type Week = Board & { readonly today: LocalDay }

/** The days of one doctor as columns; what a day holds is drawn as on the board. */
export function useWeek(clinic: Clinic, days: readonly ClinicDay[], doctorId: DoctorId): Week {
  const now = useNow()
  const format = useFormat()
  const held = useHeldByOthers()
  const visits = useMemo(() => visitsOf(days, doctorId), [days, doctorId])
  const [shown, words] = useCards(clinic, `${doctorId} ${days.map(({ day }) => day).join(' ')}`, visits)
  const before = useRef<readonly BoardColumn[]>(NONE)
  const { zone } = clinic
  const today = localDayOf(now, zone)
  const columns = useMemo(() => {
    const known = new Map(before.current.flatMap(({ items }) => items).map((item) => [item.id, item]))
    before.current = days.map(({ day, hoursOf }) => {
      const visits = shown.filter((visit) => visit.doctorId === doctorId && visit.localDay === day)
      const open = hoursOf(doctorId).flatMap((hours) => toStretch(hours, { day, zone }))
      const booked = visits.filter(({ status }) => holdsTime(status)).length
      const column: BoardColumn = {
        id: day,
        title: format.day(day),
        open,
        items: toBoardItems(visits, now, words, known),
        notes: notesOfHeld(doctorId, held, { day, zone }),
        note: { kind: 'day', booked, isToday: day === today, isOff: open.length === 0 && booked === 0 },
      }
      return reused(column, before.current)
    })
    return before.current
  }, [days, doctorId, shown, zone, now, words, held, format, today])
  const nowMinute = days.some(({ day }) => day === today) ? toLocal(now, zone).minuteOfDay : null
  const isReady = days.every(({ appointments }) => appointments !== undefined)
  return { columns, range: rangeOf(columns), nowMinute, isReady, today }
}

/** Undefined until every day is read: what was missing is not new then. */
function visitsOf(days: readonly ClinicDay[], doctorId: DoctorId): readonly Appointment[] | undefined {
  if (days.some(({ appointments }) => appointments === undefined)) return undefined
  return days.flatMap(({ appointments = NONE }) => appointments).filter((visit) => visit.doctorId === doctorId)
}
