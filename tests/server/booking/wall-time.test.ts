import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WallTime } from '#domain/api/appointment-api.ts'
import { minutes } from '#domain/time/instant.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { at, book, placed } from '#tests/support/bookings.ts'
import { aSchedule, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'

// The fixture clinic lies in London: the clocks go back on 25 October 2026 and forward on 28 March 2027, both Sundays.
const BACK = '2026-10-25'
const FORWARD = '2027-03-28'

describe('a booking by wall time', () => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic('sqlite')
    const nights = [BACK, FORWARD].map((date, index) =>
      aSchedule({ id: testId('Schedule', 700 + index), date, startTime: '00:00', endTime: '06:00', isAvailable: true }),
    )
    await seedDocuments(fixture.writer, 'schedules', nights)
  })
  afterAll(() => fixture.close())

  const bookAt = (start: WallTime, patient = 2) => book(fixture, { start, patientId: testId('Patient', patient) })

  test('takes the time that hangs on the wall of the doctor’s place', async () => {
    const appointment = placed(await bookAt({ day: '2026-10-14', time: '10:00' }))
    expect(appointment).toMatchObject({ start: at(0, '10:00'), localDay: '2026-10-14', localStart: '10:00' })
  })

  test('refuses a time in the skipped hour, with the field', async () => {
    const answer = await bookAt({ day: FORWARD, time: '01:30' })
    expect(answer).toEqual({ ok: false, rejection: { reason: 'skipped-hour', field: 'start.time' } })
  })

  test('asks which one is meant in the repeated hour, and takes either', async () => {
    const answer = await bookAt({ day: BACK, time: '01:30' })
    expect(answer).toEqual({ ok: false, rejection: { reason: 'repeated-hour', field: 'start.repeat' } })
    const earlier = placed(await bookAt({ day: BACK, time: '01:30', repeat: 'earlier' }, 3))
    const later = placed(await bookAt({ day: BACK, time: '01:30', repeat: 'later' }, 4))
    expect(later.start - earlier.start).toBe(minutes(60))
    expect([earlier.localStart, later.localStart]).toEqual(['01:30', '01:30'])
  })

  test.each(['2026-02-30', '9999-12-31', '1969-12-30'])(
    'refuses %s, which no calendar or no table has',
    async (day) => {
      const answer = await bookAt({ day, time: '10:00' })
      expect(answer).toEqual({ ok: false, rejection: { reason: 'invalid-document', field: 'start.day' } })
    },
  )

  test('moves by wall time under the same rules', async () => {
    const { id, revision } = placed(await bookAt({ day: '2026-10-14', time: '11:00' }, 5))
    const move = (start: WallTime) =>
      moveAppointment(fixture, subjectOf(fixture.clinic, 'receptionist'), id, { start, revision })
    expect(await move({ day: FORWARD, time: '01:15' })).toMatchObject({ rejection: { reason: 'skipped-hour' } })
    expect(placed(await move({ day: '2026-10-14', time: '11:30' }))).toMatchObject({ start: at(0, '11:30') })
  })
})
