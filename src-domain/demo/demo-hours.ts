/**
 * The demo clinic's rota: two ranges a day with lunch between, one late Thursday, one Friday of even weeks, leave, a training
 * afternoon. Everybody works on the weekday of `today`, also on a Sunday, so that the board is busy on the day it is first seen.
 */
import type { ClinicId, DoctorId } from '#domain/ids.ts'
import type { Schedule, ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import { addDays, type LocalDay, weekdayOf, type Zone } from '#domain/time/clinic-time.ts'
import { demoId } from './demo-ids.ts'

type Ranges = readonly (readonly [start: string, end: string, publish: ScheduleTemplate['publish']])[]

const SHIFTS: readonly Ranges[] = [
  [
    ['08:30', '12:30', 'online'],
    ['13:30', '17:30', 'online'],
  ],
  [
    ['09:00', '12:30', 'online'],
    ['13:15', '17:15', 'online'],
    ['17:15', '18:00', 'staff'],
  ],
  [
    ['08:00', '12:00', 'online'],
    ['12:45', '16:45', 'ask'],
  ],
]
const LATE_SHIFT: Ranges = [
  ['12:00', '15:30', 'online'],
  ['16:15', '20:00', 'ask'],
]

type RotaInput = {
  readonly seed: number
  readonly clinicId: ClinicId
  readonly zone: Zone
  readonly doctorIds: readonly DoctorId[]
  readonly today: LocalDay
}

/** The weekly templates of every doctor. */
export function demoTemplates({ seed, clinicId, zone, doctorIds, today }: RotaInput): ScheduleTemplate[] {
  const templates: ScheduleTemplate[] = []
  const busyDay = weekdayOf(today)
  const add = (doctorId: DoctorId, weekday: number, ranges: Ranges, weeks: ScheduleTemplate['weeks']): void => {
    for (const [startTime, endTime, publish] of ranges) {
      templates.push({
        id: demoId(seed, 'ScheduleTemplate', templates.length),
        clinicId,
        doctorId,
        weekday,
        startTime,
        endTime,
        zone,
        validFrom: '2026-01-01' < today ? '2026-01-01' : addDays(today, -365),
        validUntil: null,
        weeks,
        publish,
        revision: 1,
      })
    }
  }
  doctorIds.forEach((doctorId, place) => {
    const shift = SHIFTS[place % SHIFTS.length] ?? []
    for (const weekday of workdaysOf(place, busyDay)) {
      const isShortFriday = place === 5 && weekday === 5 && busyDay !== 5
      const isLate = place === 0 && weekday === 4
      add(doctorId, weekday, isLate ? LATE_SHIFT : shift, isShortFriday ? 'even' : 'every')
    }
  })
  return templates
}

/** Monday to Friday; a third of the doctors has a weekday off, and whoever works at the weekend has Monday off instead. */
function workdaysOf(place: number, busyDay: number): number[] {
  const dayOff = place % 3 === 1 ? 1 + (place % 5) : 0
  const weekdays = [1, 2, 3, 4, 5].filter((weekday) => weekday !== dayOff || weekday === busyDay)
  return busyDay <= 5 ? weekdays : [...weekdays.filter((weekday) => weekday !== 1), busyDay]
}

/** Leave, a training afternoon and an extra evening, none of it emptying today. */
export function demoSchedules({ seed, clinicId, zone, doctorIds, today }: RotaInput): Schedule[] {
  const schedules: Schedule[] = []
  const add = (place: number, offset: number, times: string, isAvailable: boolean, note: string): void => {
    const doctorId = doctorIds[place]
    if (!doctorId) return
    const [startTime = '00:00', endTime = '00:00'] = times.split('-')
    const date = addDays(today, offset)
    const id = demoId(seed, 'Schedule', schedules.length)
    schedules.push({
      id,
      clinicId,
      doctorId,
      date,
      startTime,
      endTime,
      zone,
      isAvailable,
      closureId: null,
      note,
      revision: 1,
    })
  }
  const wholeDay = '00:00-00:00'
  for (let offset = -12; offset <= -8; offset += 1) add(3, offset, wholeDay, false, 'Annual leave')
  for (let offset = 6; offset <= 14; offset += 1) add(8, offset, wholeDay, false, 'Annual leave')
  add(6, -4, wholeDay, false, 'Ill')
  add(10, 3, wholeDay, false, 'Conference')
  add(4, 2, '13:00-18:00', false, 'School run')
  add(2, 0, '16:00-18:00', false, 'Home visits')
  add(7, 1, '18:00-19:30', true, 'Extra evening clinic')
  const training = [9, 10, 11, 12, 13].find((offset) => weekdayOf(addDays(today, offset)) === 3) ?? 9
  for (let place = 0; place < doctorIds.length; place += 1) add(place, training, '14:00-18:00', false, 'Team training')
  return schedules
}
