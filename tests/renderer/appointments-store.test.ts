import { Check } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import { type Appointment, appointmentSchema } from '#domain/appointment/appointment-schemas.ts'
import { patientSchema } from '#domain/people/people-schemas.ts'
import { minutes } from '#domain/time/instant.ts'
import {
  bookLocally,
  cancelLocally,
  checkInLocally,
  confirmLocally,
  editWordsLocally,
  finishLocally,
  markNoShowLocally,
  moveLocally,
  placeLocally,
  restoreProgressLocally,
  startLocally,
  takeBackLocally,
  type Wish,
} from '#renderer/local-db/appointments-store.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { alternativesLocally, freeStartsLocally, nextFreeLocally } from '#renderer/local-db/free-times-local.ts'
import { addPatientLocally, dismissRejection, editPatientLocally } from '#renderer/local-db/patients-store.ts'
import {
  aDoctor,
  anAppointment,
  anAppointmentType,
  aPatient,
  aSchedule,
  aScheduleTemplate,
  NINE_O_CLOCK,
  testId,
} from '#tests/support/builders.ts'
import { aLocalDesk, aSignedInUser } from '#tests/support/local-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await aLocalDesk()
})
afterEach(() => desk.database.close())

const aWish = (part: Partial<Wish> = {}): Wish => ({
  patientId: testId('Patient'),
  doctorId: testId('Doctor'),
  typeId: testId('AppointmentType', 9),
  start: NINE_O_CLOCK,
  ...part,
})
const stand = (part: Partial<Appointment> = {}) => desk.database.appointments.insert(anAppointment(part))
const stored = async (id = testId('Appointment')) =>
  (await desk.database.appointments.findOne(id).exec())?.toJSON() as Appointment
const booked = async (wish = aWish()) => {
  const result = await bookLocally(desk, wish)
  if (!result.ok) throw new Error(result.reason)
  return result.appointment
}

/** Somebody else keeps a quarter of an hour from here on. */
const aDeskBeside = (start: number): Desk => ({
  ...desk,
  heldByOthers: () => [
    {
      id: testId('Hold'),
      doctorId: testId('Doctor'),
      typeId: testId('AppointmentType', 9),
      start,
      end: start + minutes(15),
      expiresAt: start,
      isOffer: false,
      heldBy: 'Desk 2',
    },
  ],
})

describe('booking', () => {
  it('writes a whole appointment with the best guess of what the server owns', async () => {
    const appointment = await booked(aWish({ note: 'knee', isConfirmed: true }))
    expect(Check(appointmentSchema, appointment)).toBe(true)
    expect(await stored(appointment.id)).toEqual(appointment)
    expect(appointment).toMatchObject({
      status: 'confirmed',
      origin: 'desk',
      end: NINE_O_CLOCK + minutes(15),
      localDay: '2026-10-14',
      localStart: '09:00',
      zone: 'Europe/London',
      createdByName: 'Rita Reception',
      note: 'knee',
      revision: 0,
    })
  })

  it.each([
    ['a doctor who does not exist', aWish({ doctorId: testId('Doctor', 7) }), 'unknown-reference', 'doctorId'],
    ['a patient who does not exist', aWish({ patientId: testId('Patient', 7) }), 'unknown-reference', 'patientId'],
    ['a type that does not exist', aWish({ typeId: testId('AppointmentType', 7) }), 'unknown-reference', 'typeId'],
    ['a time before opening', aWish({ start: NINE_O_CLOCK - minutes(15) }), 'outside-hours', 'start'],
    ['a time that passed', aWish({ start: NINE_O_CLOCK - minutes(120) }), 'in-the-past', 'start'],
    ['half a minute', aWish({ start: NINE_O_CLOCK + 30_000 }), 'invalid-document', 'start'],
  ])('refuses %s and writes nothing', async (_, wish, reason, field) => {
    expect(await bookLocally(desk, wish)).toEqual({ ok: false, reason, field })
    expect(await desk.database.appointments.count().exec()).toBe(0)
  })

  it('refuses a taken time and names the visit in the way', async () => {
    await desk.database.patients.insert(aPatient({ id: testId('Patient', 2) }))
    const first = await booked()
    expect(await bookLocally(desk, aWish({ patientId: testId('Patient', 2) }))).toEqual({
      ok: false,
      reason: 'slot-taken',
      field: 'start',
      inTheWay: first.id,
    })
    expect((await bookLocally(desk, aWish({ patientId: testId('Patient', 2), start: first.end }))).ok).toBe(true)
  })

  it('refuses a patient who is elsewhere at that time', async () => {
    await desk.database.doctors.insert(aDoctor({ id: testId('Doctor', 2) }))
    await desk.database.schedule_templates.insert(
      aScheduleTemplate({ id: testId('ScheduleTemplate', 2), doctorId: testId('Doctor', 2) }),
    )
    await booked()
    const wish = aWish({ doctorId: testId('Doctor', 2), start: NINE_O_CLOCK + minutes(5) })
    expect(await bookLocally(desk, wish)).toMatchObject({ ok: false, reason: 'patient-busy' })
  })

  it('keeps the buffers of both visits free', async () => {
    await desk.database.patients.insert(aPatient({ id: testId('Patient', 2) }))
    const type = await desk.database.appointment_types.findOne(testId('AppointmentType', 9)).exec()
    await type?.incrementalPatch({ bufferAfterMinutes: 10 })
    await booked()
    const next = (delay: number) =>
      bookLocally(desk, aWish({ patientId: testId('Patient', 2), start: NINE_O_CLOCK + minutes(delay) }))
    expect(await next(20)).toMatchObject({ reason: 'slot-taken' })
    expect((await next(25)).ok).toBe(true)
  })

  it('refuses a time that somebody keeps, with buffers around it, unless it is said why it is overbooked', async () => {
    const type = await desk.database.appointment_types.findOne(testId('AppointmentType', 9)).exec()
    await type?.incrementalPatch({ bufferAfterMinutes: 10 })
    const at = (delay: number, part: Partial<Wish> = {}) =>
      bookLocally(aDeskBeside(NINE_O_CLOCK + minutes(60)), aWish({ start: NINE_O_CLOCK + minutes(delay), ...part }))
    expect(await at(60)).toEqual({ ok: false, reason: 'held', field: 'start' })
    expect(await at(40)).toMatchObject({ reason: 'held' })
    expect(await at(60, { overbookReason: 'An emergency' })).toMatchObject({ ok: true })
    expect(await at(30)).toMatchObject({ ok: true })
  })

  it('refuses leave, and a type the doctor does not offer', async () => {
    await desk.database.schedules.insert(aSchedule())
    expect(await bookLocally(desk, aWish())).toMatchObject({ reason: 'outside-hours' })
    const type = await desk.database.appointment_types.findOne(testId('AppointmentType', 9)).exec()
    await type?.incrementalPatch({ doctorIds: [testId('Doctor', 2)] })
    expect(await bookLocally(desk, aWish())).toMatchObject({ reason: 'type-not-offered' })
  })

  it('refuses who may not book', async () => {
    desk = { ...desk, user: aSignedInUser({ grants: [...SHIPPED_ROLE_GRANTS.doctor], doctorId: testId('Doctor', 2) }) }
    expect(await bookLocally(desk, aWish())).toEqual({ ok: false, reason: 'not-allowed' })
  })
})

describe('moving', () => {
  it('takes day and wall time along, across the change of the clock', async () => {
    await stand()
    // Wednesday 28 October 2026, three days after London's clocks went back.
    const start = Date.parse('2026-10-28T09:00:00Z')
    expect((await moveLocally(desk, testId('Appointment'), { start })).ok).toBe(true)
    expect(await stored()).toMatchObject({ start, localDay: '2026-10-28', localStart: '09:00', status: 'confirmed' })
  })

  it('does not stand in its own way', async () => {
    await stand()
    expect((await moveLocally(desk, testId('Appointment'), { start: NINE_O_CLOCK + minutes(5) })).ok).toBe(true)
  })

  it('refuses a taken time, a finished visit and a missing one', async () => {
    await stand()
    await stand({ id: testId('Appointment', 2), start: NINE_O_CLOCK + minutes(30), patientId: testId('Patient', 2) })
    const onto = { start: NINE_O_CLOCK + minutes(20) }
    expect(await moveLocally(desk, testId('Appointment'), onto)).toMatchObject({ reason: 'slot-taken' })
    await stand({ id: testId('Appointment', 3), status: 'fulfilled', start: NINE_O_CLOCK + minutes(90) })
    expect(await moveLocally(desk, testId('Appointment', 3), onto)).toMatchObject({ reason: 'status-jump' })
    expect(await moveLocally(desk, testId('Appointment', 4), onto)).toMatchObject({ reason: 'not-found' })
  })

  it('gives an unplaced request a new time', async () => {
    const unplaced = { reason: 'slot-taken', at: 1, takenBy: 'Desk 2', takenAt: 1 }
    await stand({ status: 'unplaced', unplaced })
    await stand({ id: testId('Appointment', 2), patientId: testId('Patient', 2) })
    const id = testId('Appointment')
    expect(await placeLocally(desk, id, { start: NINE_O_CLOCK })).toMatchObject({ reason: 'slot-taken' })
    expect((await placeLocally(desk, id, { start: NINE_O_CLOCK + minutes(15) })).ok).toBe(true)
    expect(await stored()).toMatchObject({ status: 'pending', unplaced: null, localStart: '09:15' })
  })
})

describe('a visit’s life', () => {
  const id = testId('Appointment')

  it('goes from confirmed to done and back, with its times', async () => {
    await stand({ status: 'pending' })
    await confirmLocally(desk, id)
    await checkInLocally(desk, id)
    expect(await stored()).toMatchObject({ status: 'arrived', arrivedAt: desk.now() })
    await startLocally(desk, id)
    await finishLocally(desk, id)
    expect(await stored()).toMatchObject({ status: 'fulfilled', startedAt: desk.now(), finishedAt: desk.now() })
    await takeBackLocally(desk, id, 'arrived')
    await takeBackLocally(desk, id, 'confirmed')
    expect(await stored()).toMatchObject({ status: 'confirmed', arrivedAt: null, startedAt: null, finishedAt: null })
    expect(Check(appointmentSchema, await stored())).toBe(true)
  })

  it('goes back to exactly where it was, unless somebody has taken it further', async () => {
    await stand({ status: 'pending' })
    const arrived = await checkInLocally(desk, testId('Appointment'))
    if (!arrived.ok) throw new Error(arrived.reason)
    await finishLocally(desk, testId('Appointment'))
    expect(await stored()).toMatchObject({ status: 'fulfilled', startedAt: desk.now() })
    const toPending = { status: 'pending', arrivedAt: null, startedAt: null, finishedAt: null } as const
    expect(await restoreProgressLocally(desk, testId('Appointment'), toPending)).toMatchObject({ ok: false })
    await restoreProgressLocally(desk, testId('Appointment'), arrived.appointment)
    expect(await stored()).toMatchObject({ status: 'arrived', startedAt: null, finishedAt: null })
    await restoreProgressLocally(desk, testId('Appointment'), toPending)
    expect(await stored()).toMatchObject(toPending)
  })

  it('ends called off with a reason, and comes back only while its time is free', async () => {
    await stand()
    await cancelLocally(desk, id, 'ill')
    expect(await stored()).toMatchObject({ status: 'cancelled', cancelReason: 'ill' })
    const other = await booked()
    expect(await takeBackLocally(desk, id, 'confirmed')).toMatchObject({ reason: 'slot-taken', inTheWay: other.id })
    await cancelLocally(desk, other.id, 'was a mistake')
    expect((await takeBackLocally(desk, id, 'confirmed')).ok).toBe(true)
    expect(await stored()).toMatchObject({ status: 'confirmed', cancelReason: '' })
  })

  it('refuses a step the table does not know, and one its author may not take', async () => {
    await stand()
    expect(await finishLocally(desk, id)).toEqual({ ok: false, reason: 'status-jump', field: 'status' })
    await markNoShowLocally(desk, id)
    expect(await startLocally(desk, id)).toMatchObject({ reason: 'status-jump' })
    desk = { ...desk, user: aSignedInUser({ grants: [...SHIPPED_ROLE_GRANTS.patient] }) }
    expect(await checkInLocally(desk, id)).toMatchObject({ reason: 'not-allowed' })
  })

  it('changes words and nothing else', async () => {
    await stand()
    await editWordsLocally(desk, id, { note: 'bring x-ray' })
    expect(await stored()).toEqual({ ...anAppointment(), note: 'bring x-ray', updatedAt: desk.now() })
  })
})

describe('free times from local data', () => {
  it('are a day’s starts between what is taken', async () => {
    await stand()
    const starts = await freeStartsLocally(desk, { ...aWish(), day: '2026-10-14' })
    expect(starts[0]).toBe(NINE_O_CLOCK + minutes(15))
    expect(starts).toHaveLength(31)
  })

  it('leave out what somebody keeps', async () => {
    const kept = aDeskBeside(NINE_O_CLOCK)
    const [first] = await freeStartsLocally(kept, { ...aWish(), day: '2026-10-14' })
    expect(first).toBe(NINE_O_CLOCK + minutes(15))
    const [next] = await nextFreeLocally(kept, { typeId: testId('AppointmentType', 9), limit: 1 })
    expect(next?.start).toBe(NINE_O_CLOCK + minutes(15))
  })

  it('are the next ones across doctors, in order of time and then of the board', async () => {
    await desk.database.doctors.insert(aDoctor({ id: testId('Doctor', 2), position: 1 }))
    await desk.database.schedule_templates.insert(
      aScheduleTemplate({ id: testId('ScheduleTemplate', 2), doctorId: testId('Doctor', 2) }),
    )
    const found = await nextFreeLocally(desk, { typeId: testId('AppointmentType', 9), limit: 3 })
    expect(found).toEqual([
      { doctorId: testId('Doctor', 1), start: NINE_O_CLOCK, end: NINE_O_CLOCK + minutes(15) },
      { doctorId: testId('Doctor', 2), start: NINE_O_CLOCK, end: NINE_O_CLOCK + minutes(15) },
      { doctorId: testId('Doctor', 1), start: NINE_O_CLOCK + minutes(15), end: NINE_O_CLOCK + minutes(30) },
    ])
  })

  it('stand nearest first around the time that was lost', async () => {
    await stand({ id: testId('Appointment', 2), patientId: testId('Patient', 2), start: NINE_O_CLOCK + minutes(60) })
    const lost = anAppointment({ status: 'unplaced', start: NINE_O_CLOCK + minutes(60) })
    const found = await alternativesLocally(desk, lost)
    expect(found.map(({ start }) => (start - NINE_O_CLOCK) / minutes(1))).toEqual([45, 75, 30])
  })
})

describe('patients and the inbox', () => {
  it('adds a patient with a name, and refuses one without', async () => {
    const result = await addPatientLocally(desk, { name: '  Ada Lovelace ', phone: '123' })
    if (!result.ok) throw new Error(result.reason)
    expect(Check(patientSchema, result.patient)).toBe(true)
    expect(result.patient).toMatchObject({ name: 'Ada Lovelace', phone: '123', gender: 'unknown' })
    expect(await addPatientLocally(desk, { name: ' ' })).toEqual({
      ok: false,
      reason: 'invalid-document',
      field: 'name',
    })
  })

  it('edits a patient', async () => {
    const result = await editPatientLocally(desk, testId('Patient'), { phone: '999' })
    expect(result).toMatchObject({ ok: true, patient: { phone: '999', name: 'Pat Example' } })
  })

  it('dismisses a refused change', async () => {
    const id = testId('RejectedChange')
    await desk.database.rejected_changes.insert({
      id,
      clinicId: testId('Clinic'),
      userId: testId('User'),
      collectionName: 'appointments',
      documentId: testId('Appointment'),
      reason: 'slot-taken',
      field: '',
      takenBy: '',
      takenAt: null,
      attempted: '{}',
      base: null,
      at: 1,
      revision: 1,
    })
    await dismissRejection(desk, id)
    expect(await desk.database.rejected_changes.count().exec()).toBe(0)
  })
})

describe('a day outside the replicated window', () => {
  // 14 October 2026 and 180 days: Monday 12 April 2027. The doctor works on Wednesdays.
  const at = (day: string) => Date.parse(`${day}T08:00:00Z`)
  const LAST_WEDNESDAY = at('2027-04-07')
  const BEYOND = at('2027-04-14')
  const FIRST_BEYOND = '2027-04-14'

  it('takes no booking: who has the time, this device does not know', async () => {
    expect(await bookLocally(desk, aWish({ start: BEYOND }))).toMatchObject({ ok: false, reason: 'day-not-here' })
    expect(await bookLocally(desk, aWish({ start: LAST_WEDNESDAY }))).toMatchObject({ ok: true })
    expect(await desk.database.appointments.find().exec()).toHaveLength(1)
  })

  it('takes no visit that is moved', async () => {
    const { id } = await booked()
    expect(await moveLocally(desk, id, { start: BEYOND })).toMatchObject({ ok: false, reason: 'day-not-here' })
    expect((await stored(id)).start).toBe(NINE_O_CLOCK)
  })

  it('offers no free time', async () => {
    const wanted = { typeId: testId('AppointmentType', 9) } as const
    const starts = (day: string) => freeStartsLocally(desk, { ...wanted, doctorId: testId('Doctor'), day })
    expect(await starts(FIRST_BEYOND)).toEqual([])
    expect(await starts('2027-04-07')).not.toEqual([])
    expect(await nextFreeLocally(desk, { ...wanted, notBefore: BEYOND })).toEqual([])
    const [near, ...others] = await nextFreeLocally(desk, { ...wanted, notBefore: LAST_WEDNESDAY, limit: 100 })
    expect(near?.start).toBe(LAST_WEDNESDAY)
    expect(others.every(({ start }) => start < BEYOND)).toBe(true)
    expect(others.length).toBeGreaterThan(10)
    const lost = { start: BEYOND, status: 'unplaced' as const }
    expect(await alternativesLocally(desk, anAppointment(lost))).toEqual([])
  })
})

it('a type without a doctor offers no free time', async () => {
  await desk.database.appointment_types.insert(
    anAppointmentType({ id: testId('AppointmentType', 2), doctorIds: [testId('Doctor', 9)] }),
  )
  expect(await nextFreeLocally(desk, { typeId: testId('AppointmentType', 2) })).toEqual([])
})
