import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findAlternatives, MAX_ALTERNATIVES } from '#server/operations/find-alternatives.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { aPushed, apply, at, book, placed } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('alternatives on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const ask = (id: ReturnType<typeof aPushed>['id'], role: 'receptionist' | 'doctor' | 'patient' = 'receptionist') =>
    findAlternatives(
      { database: fixture.database, now: () => fixture.clock.now, audit: async () => undefined },
      subjectOf(fixture.clinic, role),
      id,
    )
  const patient = (number: number) => ({ patientId: testId('Patient', number) })

  test('are the nearest free times of the wanted doctor, and every one of them can be had', async () => {
    placed(await book(fixture, { start: at(0, '10:00'), ...patient(3) }))
    placed(await book(fixture, { start: at(0, '10:15'), ...patient(4) }))
    const lost = placed(await apply(fixture, aPushed({ start: at(0, '10:00'), ...patient(5) })))
    expect(lost.status).toBe('unplaced')
    const found = (await ask(lost.id)) ?? []
    expect(found).toHaveLength(MAX_ALTERNATIVES)
    expect(found.map(({ start, doctorId }) => [start, doctorId])).toEqual(
      ['09:45', '09:30', '10:30', '09:15', '10:45'].map((time) => [at(0, time), testId('Doctor', 1)]),
    )
    let { revision } = lost
    for (const { start, doctorId } of found) {
      const answer = await moveAppointment(fixture, subjectOf(fixture.clinic, 'receptionist'), lost.id, {
        start,
        doctorId,
        revision,
      })
      revision = placed(answer).revision
    }
  })

  test('keep the buffers of both visits', async () => {
    placed(await book(fixture, { start: at(2, '10:00'), typeId: testId('AppointmentType', 2), ...patient(3) }))
    const visit = placed(await book(fixture, { start: at(2, '11:00'), ...patient(4) }))
    const starts = ((await ask(visit.id)) ?? []).map(({ start }) => start)
    expect(starts).not.toContain(at(2, '10:30'))
    expect(starts).toContain(at(2, '10:45'))
  })

  test('for a doctor lie in the doctor’s own calendar', async () => {
    const visit = placed(await book(fixture, { start: at(4, '16:45'), ...patient(3) }))
    const found = (await ask(visit.id, 'doctor')) ?? []
    expect(new Set(found.map(({ doctorId }) => doctorId))).toEqual(new Set([testId('Doctor', 1)]))
  })

  test('for a patient keep the notice of the type', async () => {
    const visit = placed(
      await book(fixture, { start: at(0, '12:00'), typeId: testId('AppointmentType', 2), ...patient(1) }),
    )
    const found = (await ask(visit.id, 'patient')) ?? []
    expect(found.length).toBeGreaterThan(0)
    for (const { start } of found) expect(start).toBeGreaterThanOrEqual(at(0, '12:00'))
  })

  test('lie with doctors who offer the type', async () => {
    const special = { typeId: testId('AppointmentType', 3), end: at(6, '17:45') }
    const lost = placed(await apply(fixture, aPushed({ start: at(6, '17:00'), ...special, ...patient(6) })))
    expect(lost.unplaced?.reason).toBe('outside-hours')
    const found = (await ask(lost.id)) ?? []
    expect(new Set(found.map(({ doctorId }) => doctorId))).toEqual(new Set([testId('Doctor', 1)]))
    const own = { ...special, doctorId: testId('Doctor', 2), start: at(6, '17:00') }
    await seedDocuments(fixture.writer, 'appointments', [
      { ...lost, id: testId('Appointment', 500), doctorId: own.doctorId },
    ])
    expect(await ask(testId('Appointment', 500))).toEqual([])
  })

  test('of a visit one may not see are not there', async () => {
    const visit = placed(await book(fixture, { start: at(5), ...patient(3) }))
    expect(await ask(visit.id, 'patient')).toBeUndefined()
    expect(await ask(testId('Appointment', 999))).toBeUndefined()
  })
})
