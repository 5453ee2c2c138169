import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { minutes } from '#domain/time/instant.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { changeAppointment } from '#server/operations/change-appointment.ts'
import { confirmAppointment } from '#server/operations/confirm-appointment.ts'
import { editAppointment } from '#server/operations/edit-appointment.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { at, book, placed, reasonOf, stored, type WireAppointment } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the life of an appointment on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const reception = () => subjectOf(fixture.clinic, 'receptionist')
  const patient = (number: number) => ({ patientId: testId('Patient', number) })
  const cancel = ({ id, revision }: WireAppointment, reason = 'ill') =>
    cancelAppointment(fixture, reception(), id, { reason, revision })
  const to = ({ id, revision }: WireAppointment, status: AppointmentStatus) =>
    changeAppointment(fixture, reception(), {
      id,
      revision,
      permission: 'check-in-patient',
      change: (current) => ({ ...current, status }),
    })

  test('a cancelled time can be booked again', async () => {
    const first = placed(await book(fixture, { start: at(0), ...patient(2) }))
    expect(placed(await cancel(first))).toMatchObject({ status: 'cancelled', cancelReason: 'ill', revision: 2 })
    placed(await book(fixture, { start: at(0), ...patient(3) }))
  })

  test('a cancellation is taken back only while nobody else has the time', async () => {
    const first = placed(await book(fixture, { start: at(1), ...patient(2) }))
    const cancelled = placed(await cancel(first))
    const second = placed(await book(fixture, { start: at(1), ...patient(3) }))
    expect(reasonOf(await to(cancelled, 'pending'))).toBe('slot-taken')
    placed(await cancel(second))
    expect(placed(await to(cancelled, 'pending'))).toMatchObject({ status: 'pending', cancelReason: '' })
  })

  test('a cancellation is not taken back while the patient is with somebody else', async () => {
    const first = placed(await book(fixture, { start: at(2), ...patient(2) }))
    const cancelled = placed(await cancel(first))
    placed(await book(fixture, { start: at(2), doctorId: testId('Doctor', 2), ...patient(2) }))
    expect(reasonOf(await to(cancelled, 'confirmed'))).toBe('patient-busy')
  })

  test('a patient who was missed and came after all takes the time again only if it is free', async () => {
    const first = placed(await book(fixture, { start: at(3), ...patient(2) }))
    const missed = placed(await to(first, 'noshow'))
    placed(await book(fixture, { start: at(3), ...patient(3) }))
    expect(reasonOf(await to(missed, 'arrived'))).toBe('slot-taken')
  })

  test('arrival and end are noted by the server’s clock, and gone when taken back', async () => {
    const visit = placed(await book(fixture, { start: at(4) }))
    const arrived = placed(await to(visit, 'arrived'))
    expect(arrived).toMatchObject({ status: 'arrived', arrivedAt: FIXTURE_NOW, finishedAt: null })
    const done = placed(await to(arrived, 'fulfilled'))
    expect(done).toMatchObject({ status: 'fulfilled', arrivedAt: FIXTURE_NOW, finishedAt: FIXTURE_NOW })
    const again = placed(await to(done, 'arrived'))
    expect(again).toMatchObject({ status: 'arrived', arrivedAt: FIXTURE_NOW, finishedAt: null })
    expect(placed(await to(again, 'confirmed'))).toMatchObject({ status: 'confirmed', arrivedAt: null })
  })

  test.each([
    ['pending', 'fulfilled'],
    ['cancelled', 'noshow'],
    ['cancelled', 'fulfilled'],
    ['pending', 'unplaced'],
  ] as const)('from %s there is no step to %s', async (from, wanted) => {
    const booked = placed(await book(fixture, { start: at(5), doctorId: testId('Doctor', 2) }))
    const visit = from === 'pending' ? booked : placed(await cancel(booked))
    expect(reasonOf(await to(visit, wanted))).toBe('status-jump')
    if (visit.status === 'pending') placed(await cancel(visit))
  })

  test('what is over cannot be moved', async () => {
    const visit = placed(await cancel(placed(await book(fixture, { start: at(6) }))))
    const answer = await moveAppointment(fixture, reception(), visit.id, {
      start: at(6, '10:00'),
      revision: visit.revision,
    })
    expect(reasonOf(answer)).toBe('status-jump')
  })

  test('a visit of a doctor who has left can be cancelled, not moved', async () => {
    const leaver = testId('Doctor', 3)
    const visit = placed(await book(fixture, { start: at(7), doctorId: leaver }))
    await fixture.writer.submit(fixture.clinic.clinicId, 'bulk', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        const doctor = await lockDocument(ctx, 'doctors', leaver)
        if (!doctor) throw new Error('no doctor')
        await saveDocument(ctx, 'doctors', doctor, { ...doctor, isActive: false })
        return { ok: true, value: undefined }
      },
    })
    const move = await moveAppointment(fixture, reception(), visit.id, { start: at(7, '10:00'), revision: 1 })
    expect(move).toMatchObject({ rejection: { reason: 'unknown-reference', field: 'doctorId' } })
    placed(await cancel(visit))
  })

  test('confirming twice changes nothing the second time', async () => {
    const visit = placed(await book(fixture, { start: at(8) }))
    const confirmed = placed(await confirmAppointment(fixture, reception(), visit.id, { revision: 1 }))
    expect(confirmed).toMatchObject({ status: 'confirmed', revision: 2 })
    expect(placed(await confirmAppointment(fixture, reception(), visit.id, { revision: 2 }))).toEqual(confirmed)
    expect((await stored(fixture, visit.id))?.revision).toBe(2)
  })

  test('patients cancel and move what lies ahead, and no more', async () => {
    const self = subjectOf(fixture.clinic, 'patient')
    const visit = placed(await book(fixture, { start: at(9), ...patient(1) }))
    expect(reasonOf(await editAppointment(fixture, self, visit.id, { note: 'hello', revision: 1 }))).toBe('not-allowed')
    expect(reasonOf(await confirmAppointment(fixture, self, visit.id, { revision: 1 }))).toBe('not-allowed')
    const moved = placed(await moveAppointment(fixture, self, visit.id, { start: at(9, '10:00'), revision: 1 }))
    const begun = placed(await book(fixture, { start: at(-1, '12:00'), ...patient(1) }))
    fixture.clock.now = at(-1, '12:05')
    expect(reasonOf(await cancelAppointment(fixture, self, begun.id, { reason: 'late', revision: 1 }))).toBe(
      'in-the-past',
    )
    fixture.clock.now = FIXTURE_NOW
    placed(await cancelAppointment(fixture, self, moved.id, { reason: 'better', revision: 2 }))
  })

  test('the doctor’s own visit as a patient is not the doctor’s to confirm', async () => {
    const doctor = { ...subjectOf(fixture.clinic, 'doctor'), patientIds: [testId('Patient', 5)] }
    const visit = placed(await book(fixture, { start: at(10), ...patient(5) }))
    expect(reasonOf(await confirmAppointment(fixture, doctor, visit.id, { revision: 1 }))).toBe('not-found')
  })

  test('editing a visit keeps its history in full', async () => {
    const visit = placed(await book(fixture, { start: at(11), note: 'first' }))
    const edited = placed(await editAppointment(fixture, reception(), visit.id, { note: 'second', revision: 1 }))
    expect(edited.updatedAt).toBe(fixture.clock.now)
    const revisions = await fixture.database.read((tx) =>
      tx
        .selectFrom('appointment_revisions')
        .select(['revision', 'door', 'user_id', 'content'])
        .where('appointment_id', '=', visit.id)
        .orderBy('revision')
        .execute(),
    )
    expect(
      revisions.map(({ revision, door, user_id, content }) => [revision, door, user_id, JSON.parse(content).note]),
    ).toEqual([
      [1, 'rest', fixture.clinic.userIds.receptionist, 'first'],
      [2, 'rest', fixture.clinic.userIds.receptionist, 'second'],
    ])
  })

  test('a type whose length was changed does not stop older visits from moving with theirs', async () => {
    const visit = placed(await book(fixture, { start: at(12) }))
    await fixture.writer.submit(fixture.clinic.clinicId, 'bulk', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        const type = await lockDocument(ctx, 'appointment_types', visit.typeId)
        if (!type) throw new Error('no type')
        await saveDocument(ctx, 'appointment_types', type, { ...type, durationMinutes: 20 })
        return { ok: true, value: undefined }
      },
    })
    const moved = placed(await moveAppointment(fixture, reception(), visit.id, { start: at(12, '11:00'), revision: 1 }))
    expect(moved.end - moved.start).toBe(minutes(15))
    expect(placed(await book(fixture, { start: at(12, '12:00'), ...patient(6) })).end).toBe(at(12, '12:20'))
  })
})
