import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, daysBetween, weekdayOf } from '#domain/time/clinic-time.ts'
import { MOST_WEEKS, recallWeek, visitOfRecall } from '#domain/waitlist/recall.ts'
import { anAppointment } from '#tests/support/builders.ts'

test('the week is the one that holds the day so many weeks ahead, whatever the day', () => {
  const anyDay = fc.integer({ min: 0, max: 4_000 }).map((count) => addDays('2024-01-01', count))
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: MOST_WEEKS }), (today, weeks) => {
      const { fromDay, untilDay } = recallWeek(today, weeks)
      expect([weekdayOf(fromDay), weekdayOf(untilDay), daysBetween(fromDay, untilDay)]).toEqual([1, 7, 6])
      const wanted = addDays(today, weeks * 7)
      expect(fromDay <= wanted && wanted <= untilDay && fromDay > today).toBe(true)
    }),
  )
})

test('the order is answered by the earliest visit made after it, with a doctor who was named', () => {
  const old = anAppointment({ createdAt: 50, start: 900 })
  const { patientId, doctorId } = old
  const entry = { patientId, doctorIds: [doctorId], createdAt: 100 }
  const booked = anAppointment({ patientId, doctorId, createdAt: 150, start: 1_000, status: 'confirmed' })
  const sooner = anAppointment({ patientId, doctorId, createdAt: 160, start: 800, status: 'pending' })
  expect(visitOfRecall(entry, [old])).toBeUndefined()
  expect(visitOfRecall(entry, [old, booked, sooner])?.start).toBe(800)
})

test('a visit that was called off, somebody else’s, or with another doctor answers nothing', () => {
  const visit = anAppointment({ createdAt: 150, start: 1_000 })
  const { patientId, doctorId } = visit
  const entry = { patientId, doctorIds: [doctorId], createdAt: 100 }
  const others = [
    { ...visit, status: 'cancelled' as const },
    { ...visit, patientId: anAppointment().id as never },
    { ...visit, doctorId: anAppointment().id as never },
  ]
  expect(others.map((other) => visitOfRecall(entry, [other]))).toEqual([undefined, undefined, undefined])
  expect(
    visitOfRecall({ ...entry, doctorIds: [] }, [{ ...visit, doctorId: others[2]?.doctorId as never }]),
  ).toBeDefined()
})
