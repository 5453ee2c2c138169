import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { aPushed, apply, at, placed, reasonOf, stored } from '#tests/support/bookings.ts'
import { aSchedule, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the import door on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const asAdmin = { role: 'admin', door: 'import' } as const
  const past = (day: number, time: string) => ({ start: at(day, time), end: at(day, time) + minutes(15) })

  test('visits of the past come in as what they were, and nobody is told', async () => {
    const done = aPushed({ ...past(-200, '09:00'), status: 'fulfilled', ageAtVisit: 61, createdAt: at(-210) })
    const missed = aPushed({ ...past(-200, '09:15'), status: 'noshow', createdAt: at(-210) })
    expect(placed(await apply(fixture, done, asAdmin))).toMatchObject({
      status: 'fulfilled',
      origin: 'import',
      createdAt: at(-210),
      ageAtVisit: 61,
      arrivedAt: null,
    })
    expect(placed(await apply(fixture, missed, asAdmin)).status).toBe('noshow')
    const events = await fixture.database.read((tx) =>
      tx.selectFrom('outbox').select('is_historic').where('payload', 'like', `%${done.id}%`).execute(),
    )
    expect(events.length).toBeGreaterThan(0)
    expect(events.every(({ is_historic }) => is_historic === 1)).toBe(true)
  })

  test('the same file again adds nothing and undoes nothing', async () => {
    const row = aPushed({ ...past(-200, '10:00'), status: 'fulfilled' })
    const first = placed(await apply(fixture, row, asAdmin))
    expect(placed(await apply(fixture, { ...row, status: 'noshow' }, asAdmin))).toEqual(first)
    expect(await stored(fixture, row.id)).toEqual(first)
  })

  test('hours, overlaps and references are not waived', async () => {
    placed(await apply(fixture, aPushed({ ...past(-199, '09:00'), status: 'fulfilled' }), asAdmin))
    const again = (part: object) =>
      apply(fixture, aPushed({ ...past(-199, '09:05'), status: 'fulfilled', ...part }), asAdmin)
    expect(reasonOf(await again({ patientId: testId('Patient', 3) }))).toBe('slot-taken')
    expect(reasonOf(await again({ doctorId: testId('Doctor', 2) }))).toBe('patient-busy')
    expect(reasonOf(await again(past(-199, '18:00')))).toBe('outside-hours')
    expect(reasonOf(await again({ patientId: testId('Patient', 404) }))).toBe('unknown-reference')
    expect(reasonOf(await again({ ...past(-199, '18:00'), status: 'noshow' }))).toBe('outside-hours')
  })

  test('hours given by dated schedules alone are hours', async () => {
    await seedDocuments(fixture.writer, 'schedules', [
      aSchedule({
        id: testId('Schedule', 300),
        doctorId: testId('Doctor', 2),
        date: '2015-04-29',
        startTime: '08:00',
        endTime: '18:00',
        isAvailable: true,
      }),
    ])
    const start = Date.parse('2015-04-29T16:45:00Z')
    const visit = aPushed({ start, end: start + minutes(15), doctorId: testId('Doctor', 2), status: 'fulfilled' })
    expect(placed(await apply(fixture, visit, asAdmin))).toMatchObject({ localDay: '2015-04-29', localStart: '17:45' })
  })

  test('history is brought in only by those who may', async () => {
    const row = aPushed({ ...past(-198, '09:00'), status: 'fulfilled' })
    expect(reasonOf(await apply(fixture, row, { role: 'receptionist', door: 'import' }))).toBe('not-allowed')
  })
})
