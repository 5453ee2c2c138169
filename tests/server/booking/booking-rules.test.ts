import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import { createClinic } from '#server/operations/create-clinic.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { at, book, placed, reasonOf, stored } from '#tests/support/bookings.ts'
import { aDoctor, aPatient, aSchedule, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('booking rules on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const reception = () => subjectOf(fixture.clinic, 'receptionist')
  const checkUp = { typeId: testId('AppointmentType', 2) }
  const patient = (number: number) => ({ patientId: testId('Patient', number) })

  test('a booking is stored with what the patient was promised and who made it', async () => {
    const appointment = placed(await book(fixture, { start: at(0, '09:00'), reason: 'cough' }))
    expect(appointment).toMatchObject({
      status: 'pending',
      start: at(0, '09:00'),
      end: at(0, '09:15'),
      zone: 'Europe/London',
      localDay: '2026-10-14',
      localStart: '09:00',
      origin: 'desk',
      reason: 'cough',
      createdBy: fixture.clinic.userIds.receptionist,
      createdByName: 'Fixture receptionist',
      createdAt: FIXTURE_NOW,
      updatedAt: FIXTURE_NOW,
      revision: 1,
      unplaced: null,
    })
    expect(await stored(fixture, appointment.id)).toEqual(appointment)
  })

  test('visits back to back both fit; one minute of overlap is refused and says who took the time', async () => {
    placed(await book(fixture, { start: at(1, '10:00'), ...patient(2) }))
    placed(await book(fixture, { start: at(1, '10:15'), ...patient(3) }))
    placed(await book(fixture, { start: at(1, '09:45'), ...patient(4) }))
    const refusal = await book(fixture, { start: at(1, '10:29'), ...patient(5) })
    expect(refusal).toEqual({
      ok: false,
      rejection: { reason: 'slot-taken', field: 'start', takenBy: 'Fixture receptionist', takenAt: FIXTURE_NOW },
    })
  })

  test('one doctor being booked leaves the others free', async () => {
    placed(await book(fixture, { start: at(2), ...patient(2) }))
    placed(await book(fixture, { start: at(2), doctorId: testId('Doctor', 2), ...patient(3) }))
  })

  test('a patient cannot be with two doctors at once', async () => {
    placed(await book(fixture, { start: at(3), ...patient(2) }))
    expect(reasonOf(await book(fixture, { start: at(3), doctorId: testId('Doctor', 2), ...patient(2) }))).toBe(
      'patient-busy',
    )
    placed(await book(fixture, { start: at(3, '09:15'), doctorId: testId('Doctor', 2), ...patient(2) }))
  })

  test('a visit that began the evening before still holds its time', async () => {
    const doctorId = testId('Doctor', 3)
    const nights = { doctorId, startTime: '20:00', endTime: '06:00', isAvailable: true }
    await seedDocuments(fixture.writer, 'schedules', [
      aSchedule({ ...nights, id: testId('Schedule', 50), date: '2026-11-20' }),
    ])
    const night = at(37, '23:50')
    placed(await book(fixture, { start: night, doctorId, ...patient(2) }))
    expect(reasonOf(await book(fixture, { start: at(38, '00:00'), doctorId, ...patient(3) }))).toBe('slot-taken')
    placed(await book(fixture, { start: at(38, '00:05'), doctorId, ...patient(3) }))
  })

  test('between two visits lies the longer of the buffers that meet there, not their sum', async () => {
    placed(await book(fixture, { start: at(4, '10:00'), ...patient(2) }))
    expect(reasonOf(await book(fixture, { ...checkUp, start: at(4, '10:15'), ...patient(3) }))).toBe('slot-taken')
    expect(reasonOf(await book(fixture, { ...checkUp, start: at(4, '10:19'), ...patient(3) }))).toBe('slot-taken')
    placed(await book(fixture, { ...checkUp, start: at(4, '10:20'), ...patient(3) }))
    expect(reasonOf(await book(fixture, { start: at(4, '10:55'), ...patient(4) }))).toBe('slot-taken')
    placed(await book(fixture, { ...checkUp, start: at(4, '11:00'), ...patient(4) }))
    expect(
      reasonOf(await book(fixture, { start: at(4, '09:40'), typeId: testId('AppointmentType', 3), ...patient(5) })),
    ).toBe('slot-taken')
  })

  test('a visit lies wholly inside the hours', async () => {
    expect(reasonOf(await book(fixture, { start: at(5, '08:59') }))).toBe('outside-hours')
    expect(reasonOf(await book(fixture, { start: at(5, '16:46') }))).toBe('outside-hours')
    placed(await book(fixture, { start: at(5, '16:45') }))
  })

  test('leave closes a day at once, extra hours open one', async () => {
    const doctorId = testId('Doctor', 2)
    await seedDocuments(fixture.writer, 'schedules', [
      aSchedule({ id: testId('Schedule', 60), doctorId, date: '2026-10-20', startTime: '09:00', endTime: '12:00' }),
      aSchedule({
        id: testId('Schedule', 61),
        doctorId,
        date: '2026-10-20',
        startTime: '18:00',
        endTime: '19:00',
        isAvailable: true,
      }),
    ])
    expect(reasonOf(await book(fixture, { start: at(6, '11:00'), doctorId }))).toBe('outside-hours')
    placed(await book(fixture, { start: at(6, '12:00'), doctorId }))
    placed(await book(fixture, { start: at(6, '18:45'), doctorId }))
  })

  test('leave that comes after hours were looked up counts for the next booking', async () => {
    const doctorId = testId('Doctor', 2)
    placed(await book(fixture, { start: at(7, '09:00'), doctorId }))
    await seedDocuments(fixture.writer, 'schedules', [
      aSchedule({ id: testId('Schedule', 70), doctorId, date: '2026-10-21' }),
    ])
    expect(reasonOf(await book(fixture, { start: at(7, '10:00'), doctorId }))).toBe('outside-hours')
  })

  test('on the day the clocks go back the wall says the promised time', async () => {
    const appointment = placed(await book(fixture, { start: at(11, '09:00') }))
    expect(appointment).toMatchObject({ localDay: '2026-10-25', localStart: '09:00' })
    expect(appointment.start - at(10, '09:00')).toBe(25 * 60 * minutes(1))
  })

  test('a desk may enter a visit up to 15 minutes after its start', async () => {
    const today = -1
    placed(await book(fixture, { start: at(today, '11:45'), ...patient(7) }))
    expect(
      reasonOf(await book(fixture, { start: at(today, '11:44'), doctorId: testId('Doctor', 2), ...patient(8) })),
    ).toBe('in-the-past')
  })

  test('a patient keeps to notice and horizon, a desk does not', async () => {
    const own = { ...checkUp, ...patient(1), doctorId: testId('Doctor', 3) }
    expect(reasonOf(await book(fixture, { ...own, start: at(-1, '11:50') }, 'patient'))).toBe('in-the-past')
    expect(reasonOf(await book(fixture, { ...own, start: at(0, '11:59') }, 'patient'))).toBe('too-soon')
    expect(placed(await book(fixture, { ...own, start: at(0, '12:00') }, 'patient')).origin).toBe('online')
    expect(placed(await book(fixture, { ...own, start: at(59, '12:00') }, 'patient')).localDay).toBe('2026-12-12')
    expect(reasonOf(await book(fixture, { ...own, start: at(60, '12:00') }, 'patient'))).toBe('too-far-ahead')
    placed(await book(fixture, { ...own, start: at(60, '12:00') }))
    placed(await book(fixture, { ...own, start: at(-1, '13:00') }))
  })

  test('a type is booked with those who offer it, by patients only online', async () => {
    const special = { typeId: testId('AppointmentType', 3) }
    const start = at(12)
    expect(reasonOf(await book(fixture, { ...special, start, doctorId: testId('Doctor', 2) }))).toBe('type-not-offered')
    expect(reasonOf(await book(fixture, { ...special, start, ...patient(1) }, 'patient'))).toBe('type-not-offered')
    placed(await book(fixture, { ...special, start }))
  })

  test.each([
    ['doctorId', { doctorId: testId('Doctor', 99) }],
    ['patientId', { patientId: testId('Patient', 99) }],
    ['typeId', { typeId: testId('AppointmentType', 99) }],
  ])('an unknown %s is named in the refusal', async (field, part) => {
    expect(await book(fixture, { start: at(13), ...part })).toEqual({
      ok: false,
      rejection: { reason: 'unknown-reference', field },
    })
  })

  test('a doctor and a patient of another clinic are unknown here', async () => {
    const clinicId = testId('Clinic', 2)
    const { database, clock, newId, writer } = fixture
    await database.write((tx) =>
      createClinic({ now: () => clock.now, newId }, tx, { id: clinicId, name: 'Elsewhere', zone: 'Europe/London' }),
    )
    await writer.submit(clinicId, 'bulk', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        await saveDocument(ctx, 'doctors', null, {
          ...aDoctor({ id: testId('Doctor', 50), clinicId }),
          _deleted: false,
        })
        await saveDocument(ctx, 'patients', null, {
          ...aPatient({ id: testId('Patient', 50), clinicId }),
          _deleted: false,
        })
        return { ok: true, value: undefined }
      },
    })
    for (const part of [{ doctorId: testId('Doctor', 50) }, { patientId: testId('Patient', 50) }]) {
      expect(reasonOf(await book(fixture, { start: at(13), ...part }))).toBe('unknown-reference')
    }
  })

  test('a start between two minutes is refused', async () => {
    expect(reasonOf(await book(fixture, { start: at(13) + 1 }))).toBe('invalid-document')
  })

  test('doctors book for themselves, patients for themselves, and only desks confirm', async () => {
    const start = at(14)
    expect(reasonOf(await book(fixture, { start, doctorId: testId('Doctor', 2) }, 'doctor'))).toBe('not-allowed')
    expect(reasonOf(await book(fixture, { start, ...patient(2) }, 'patient'))).toBe('not-allowed')
    expect(reasonOf(await book(fixture, { start, ...patient(1), isConfirmed: true }, 'patient'))).toBe('not-allowed')
    placed(await book(fixture, { start, ...patient(2), isConfirmed: true }, 'doctor'))
  })

  test('what is taken is named neither to those who may not see it nor by a patient’s name', async () => {
    const start = at(15)
    placed(await book(fixture, { start, ...patient(3) }))
    expect(await book(fixture, { start, ...patient(1) }, 'patient')).toEqual({
      ok: false,
      rejection: { reason: 'slot-taken', field: 'start' },
    })
    placed(await book(fixture, { start: at(15, '10:00'), ...patient(1) }, 'patient'))
    const refusal = await book(fixture, { start: at(15, '10:00'), ...patient(3) })
    expect(refusal).toMatchObject({ rejection: { reason: 'slot-taken', takenBy: '' } })
  })

  test('an id of the client’s that is sent again is answered again, and never overwritten', async () => {
    const id = testId('Appointment', 77)
    const first = placed(await book(fixture, { id, start: at(16) }))
    expect(placed(await book(fixture, { id, start: at(16) }))).toEqual(first)
    expect(reasonOf(await book(fixture, { id, start: at(16, '10:00') }))).toBe('not-allowed')
    expect(await stored(fixture, id)).toEqual(first)
  })

  test('a visit may be moved into time that it holds itself', async () => {
    const { id, revision } = placed(await book(fixture, { start: at(17, '10:00') }))
    const moved = placed(await moveAppointment(fixture, reception(), id, { start: at(17, '10:05'), revision }))
    expect(moved).toMatchObject({ start: at(17, '10:05'), end: at(17, '10:20'), localStart: '10:05', revision: 2 })
  })

  test('a move into taken time is refused and leaves the visit where it was', async () => {
    placed(await book(fixture, { start: at(18, '11:00'), ...patient(3) }))
    const before = placed(await book(fixture, { start: at(18, '10:00') }))
    const answer = await moveAppointment(fixture, reception(), before.id, { start: at(18, '11:10'), revision: 1 })
    expect(answer).toMatchObject({ ok: false, rejection: { reason: 'slot-taken' }, current: before })
    expect(await stored(fixture, before.id)).toEqual(before)
  })

  test('a doctor cannot move a visit into a colleague’s calendar', async () => {
    const { id } = placed(await book(fixture, { start: at(19) }))
    const doctor = subjectOf(fixture.clinic, 'doctor')
    const answer = await moveAppointment(fixture, doctor, id, {
      start: at(19),
      doctorId: testId('Doctor', 2),
      revision: 1,
    })
    expect(answer).toMatchObject({ rejection: { reason: 'not-allowed', field: 'doctorId' } })
  })

  test('a change of what somebody else has changed meanwhile is refused with the document as it is', async () => {
    const { id } = placed(await book(fixture, { start: at(20) }))
    const second = placed(await moveAppointment(fixture, reception(), id, { start: at(20, '10:00'), revision: 1 }))
    const answer = await moveAppointment(fixture, reception(), id, { start: at(20, '11:00'), revision: 1 })
    expect(answer).toEqual({ ok: false, rejection: { reason: 'stale-revision', field: 'revision' }, current: second })
  })

  test('another clinic’s rows are not there', async () => {
    const { id } = placed(await book(fixture, { start: at(21) }))
    const stranger = { ...reception(), clinicId: testId('Clinic', 3) }
    await expect(
      bookAppointment(fixture, stranger, { ...bodyOf(at(21)), id: testId('Appointment', 5) }),
    ).rejects.toThrow('no such clinic')
    const lookalike = { ...reception(), grants: [], patientIds: [testId('Patient', 9)] }
    const answer = await moveAppointment(fixture, lookalike, id, { start: at(21, '10:00'), revision: 1 })
    expect(answer).toEqual({ ok: false, rejection: { reason: 'not-found' } })
  })
})

const bodyOf = (start: number) => ({
  doctorId: testId('Doctor', 1),
  patientId: testId('Patient', 2),
  typeId: testId('AppointmentType', 9),
  start,
})
