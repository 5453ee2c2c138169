import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Interval, normalise } from '#domain/schedule/interval.ts'
import { alternatives, freeSlots, nextFree, type SlotRules } from '#domain/schedule/slots.ts'
import { workingHoursBetween } from '#domain/schedule/working-hours.ts'
import { minutes } from '#domain/time/instant.ts'
import { seeded } from '#tests/support/seeded.ts'

const anyInterval = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 120 }))
  .map(([start, length]): Interval => ({ start: minutes(start), end: minutes(start + length) }))
const anyRules = fc.record({
  durationMinutes: fc.integer({ min: 1, max: 60 }),
  stepMinutes: fc.constantFrom(1, 5, 10, 15, 20),
  bufferBeforeMinutes: fc.constantFrom(0, 0, 5, 10),
  bufferAfterMinutes: fc.constantFrom(0, 0, 5, 10),
})
const anyDay = fc.record({
  hours: fc.array(anyInterval, { maxLength: 4 }).map((list) => normalise(list)),
  busy: fc.array(anyInterval, { maxLength: 12 }),
})
const anyNotBefore = fc.integer({ min: -60, max: 500 }).map(minutes)

/** Tries every minute of the day against every rule as it is written down. */
function freeByTrying(day: { hours: Interval[]; busy: Interval[] }, rules: SlotRules, notBefore: number): number[] {
  const found: number[] = []
  for (let minute = 0; minute <= 800; minute += 1) {
    const start = minutes(minute)
    const end = start + minutes(rules.durationMinutes)
    const stretch = day.hours.find((hours) => hours.start <= start && end <= hours.end)
    if (!stretch || (start - stretch.start) % minutes(rules.stepMinutes) !== 0 || start < notBefore) continue
    const from = minute - rules.bufferBeforeMinutes
    const until = minute + rules.durationMinutes + rules.bufferAfterMinutes
    let isFree = true
    for (let at = from; at < until; at += 1) {
      if (day.busy.some((busy) => busy.start <= minutes(at) && minutes(at) < busy.end)) isFree = false
    }
    if (isFree) found.push(start)
  }
  return found
}

describe('free slots', () => {
  test('are exactly the starts that trying every minute finds', () => {
    fc.assert(
      fc.property(anyDay, anyRules, anyNotBefore, (day, rules, notBefore) => {
        expect(freeSlots({ ...day, ...rules, notBefore })).toEqual(freeByTrying(day, rules, notBefore))
      }),
      seeded(400),
    )
  })

  test('a visit that exactly fills a gap fits, one minute more does not', () => {
    const day = {
      hours: [{ start: 0, end: minutes(60) }],
      busy: [
        { start: 0, end: minutes(15) },
        { start: minutes(45), end: minutes(60) },
      ],
    }
    const rules = { stepMinutes: 15, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, notBefore: 0 }
    expect(freeSlots({ ...day, ...rules, durationMinutes: 30 })).toEqual([minutes(15)])
    expect(freeSlots({ ...day, ...rules, durationMinutes: 31 })).toEqual([])
  })
})

describe('proposals', () => {
  const anyDoctors = fc
    .array(fc.tuple(anyDay, fc.constantFrom('cardiology', 'general')), { minLength: 1, maxLength: 4 })
    .map((days) =>
      days.map(([day, specialization], index) => ({ ...day, specialization, doctorId: `doctor-${index}` })),
    )

  test('the next free ones are all free ones in order of time, cut only where asked and counted before', () => {
    fc.assert(
      fc.property(
        anyDoctors,
        anyRules,
        anyNotBefore,
        fc.integer({ min: 0, max: 20 }),
        (doctors, rules, notBefore, limit) => {
          const truth = doctors
            .flatMap((doctor, place) =>
              freeByTrying(doctor, rules, notBefore).map((start) => ({ start, place, doctorId: doctor.doctorId })),
            )
            .sort((a, b) => a.start - b.start || a.place - b.place)
          const { proposals, total } = nextFree({ doctors, ...rules, notBefore, limit })
          expect(total).toBe(truth.length)
          expect(proposals.map(({ doctorId, start }) => [doctorId, start])).toEqual(
            truth.slice(0, limit).map(({ doctorId, start }) => [doctorId, start]),
          )
        },
      ),
      seeded(100),
    )
  })

  test('alternatives keep the doctor first, then the specialization, each by distance from the wanted time', () => {
    fc.assert(
      fc.property(anyDoctors, anyRules, fc.integer({ min: 0, max: 600 }), (doctors, rules, minute) => {
        const wanted = { doctorId: 'doctor-0', start: minutes(minute) }
        const truth = doctors
          .filter(({ specialization }) => specialization === doctors[0]?.specialization)
          .flatMap((doctor, place) =>
            freeByTrying(doctor, rules, 0).map((start) => ({
              start,
              place,
              isOther: doctor.doctorId === wanted.doctorId ? 0 : 1,
              doctorId: doctor.doctorId,
              distance: Math.abs(start - wanted.start),
            })),
          )
          .sort((a, b) => a.isOther - b.isOther || a.distance - b.distance || a.start - b.start || a.place - b.place)
        const { proposals, total } = alternatives({ wanted, doctors, ...rules, notBefore: 0, limit: 5 })
        expect(total).toBe(truth.length)
        expect(proposals.map(({ doctorId, start }) => [doctorId, start])).toEqual(
          truth.slice(0, 5).map(({ doctorId, start }) => [doctorId, start]),
        )
      }),
      seeded(100),
    )
  })
})

test('of two times equally far away the earlier one is proposed first, whoever has it', () => {
  const rules = { durationMinutes: 15, stepMinutes: 15, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, notBefore: 0 }
  const doctor = (doctorId: string, start: number) => ({
    doctorId,
    specialization: 'general',
    hours: [{ start: minutes(start), end: minutes(start + 15) }],
    busy: [],
  })
  const doctors = [{ ...doctor('wanted', 0), hours: [] }, doctor('later', 120), doctor('earlier', 60)]
  const wanted = { doctorId: 'wanted', start: minutes(90) }
  const { proposals } = alternatives({ ...rules, wanted, doctors, limit: 5 })
  expect(proposals.map(({ doctorId }) => doctorId)).toEqual(['earlier', 'later'])
})

test('a long plan loses nothing: 12 doctors, 365 days, every slot of every day', () => {
  const templates = [1, 2, 3, 4, 5].map((weekday) => ({
    zone: 'Europe/London',
    weekday,
    startTime: '09:00',
    endTime: '17:00',
    validFrom: '2026-01-01',
    validUntil: null,
    weeks: 'every' as const,
  }))
  const hours = workingHoursBetween({ from: '2026-01-01', until: '2026-12-31', templates, schedules: [] })
  const doctors = Array.from({ length: 12 }, (_, index) => ({
    doctorId: `d${index}`,
    specialization: 'g',
    hours,
    busy: [],
  }))
  const rules = { durationMinutes: 15, stepMinutes: 15, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 }
  const { total } = nextFree({ doctors, ...rules, notBefore: 0, limit: 3 })
  expect(total).toBe(12 * 261 * 32)
})
