/** Prints one line of conversions; run under several TZ values to show that the device's zone changes nothing. */
import { dayInterval, isoWeekNumber, toInstant, toLocal, weekdayOf } from '#domain/time/clinic-time.ts'

const ZONES = ['Europe/London', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Cairo', 'UTC']
const DAYS = ['2026-01-01', '2026-03-29', '2026-04-05', '2026-04-24', '2026-10-04', '2026-10-25', '2018-11-04']
const TIMES = ['00:00', '00:30', '01:30', '02:15', '09:00', '23:45']

const lines = ZONES.flatMap((zone) =>
  DAYS.flatMap((day) => [
    JSON.stringify([zone, day, dayInterval(day, zone), weekdayOf(day), isoWeekNumber(day)]),
    ...TIMES.map((time) => {
      const answer = toInstant(day, time, zone)
      return JSON.stringify([time, answer, answer.ok ? toLocal(answer.instant, zone) : null])
    }),
  ]),
)
console.log(lines.join('\n'))
