// Rooms, equipment, groups, holds and overbooking: one rule of overlap for all of them, asked under the clinic's lock.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DoctorId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { minutes } from '#domain/time/instant.ts'
import { applyAppointmentChange } from '#server/operations/apply-appointment-change.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { type Hold, insertHold } from '#server/repositories/holds.ts'
import { aPushed, apply, at, book, placed, reasonOf, stored } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { addResources, HALL, RESOURCE_TYPES, ROOM_A, ROOM_B } from '#tests/support/resources.ts'
import { engines } from '#tests/support/throw-away-database.ts'

type Visit = WireDocument<'appointments'>

describe.each(engines)('resources on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    await addResources(fixture)
  })
  // Whatever a test did: nobody sits in anybody's place.
  afterAll(async () => {
    expect(await verifyBookings(fixture.database, fixture.clinic.clinicId)).toEqual([])
    await fixture.close()
  })

  const doctor = (number: number): { doctorId: DoctorId } => ({ doctorId: testId('Doctor', number) })
  const patient = (number: number) => ({ patientId: testId('Patient', number) })
  const typed = (name: keyof typeof RESOURCE_TYPES) => ({ typeId: RESOURCE_TYPES[name].id })
  /** A whole document through the sync door, as a desk would push it. */
  const push = (name: keyof typeof RESOURCE_TYPES, part: Partial<Visit>, role?: 'doctor' | 'receptionist') => {
    const start = part.start ?? at(0)
    const end = start + minutes(RESOURCE_TYPES[name].durationMinutes)
    return apply(fixture, aPushed({ ...typed(name), ...part, start, end }), role ? { role } : {})
  }
  const reception = () => subjectOf(fixture.clinic, 'receptionist')

  test('the first free room is taken in order; with none left the booking is refused', async () => {
    const start = at(0, '09:00')
    expect(placed(await book(fixture, { start, ...typed('roomed'), ...doctor(1), ...patient(2) })).roomId).toBe(ROOM_A)
    expect(placed(await book(fixture, { start, ...typed('roomed'), ...doctor(2), ...patient(3) })).roomId).toBe(ROOM_B)
    const third = { start: start + minutes(10), ...typed('roomed'), ...doctor(3), ...patient(4) }
    expect(reasonOf(await book(fixture, third))).toBe('room-taken')
    // Half open: the moment the first two end, a room is free.
    expect(placed(await book(fixture, { ...third, start: start + minutes(15) })).roomId).toBe(ROOM_A)
  })

  test('a room somebody chose is that room or none, and one of those the type allows', async () => {
    const start = at(0, '10:00')
    placed(await push('roomed', { start, roomId: ROOM_B, ...doctor(1), ...patient(2) }))
    expect(placed(await push('roomed', { start, roomId: ROOM_B, ...doctor(2), ...patient(3) }))).toMatchObject({
      status: 'unplaced',
      unplaced: { reason: 'room-taken' },
    })
    const wrong = await push('roomed', { start, roomId: HALL, ...doctor(3), ...patient(4) })
    expect(wrong).toMatchObject({ rejection: { reason: 'type-not-offered', field: 'roomId' } })
    const unknown = await push('roomed', { start, roomId: testId('Room', 9), ...doctor(3), ...patient(4) })
    expect(unknown).toMatchObject({ rejection: { reason: 'unknown-reference', field: 'roomId' } })
  })

  test('a moved visit keeps its room where that is free, and takes another where it is not', async () => {
    const [start, later] = [at(0, '11:00'), at(0, '12:00')]
    const visit = placed(await book(fixture, { start, ...typed('roomed'), ...doctor(1), ...patient(2) }))
    placed(await push('roomed', { start: later, roomId: ROOM_A, ...doctor(2), ...patient(3) }))
    const moved = placed(
      await moveAppointment(fixture, reception(), visit.id, { start: later, revision: visit.revision }),
    )
    expect([visit.roomId, moved.roomId]).toEqual([ROOM_A, ROOM_B])
    const back = await moveAppointment(fixture, reception(), visit.id, { start, revision: moved.revision })
    expect(placed(back).roomId).toBe(ROOM_B)
  })

  test('another room can be given on arrival without moving the visit, by who may edit it', async () => {
    const start = at(0, '13:00')
    const visit = placed(await book(fixture, { start, ...typed('roomed'), ...doctor(1), ...patient(2) }))
    const changed = placed(await apply(fixture, { ...visit, roomId: ROOM_B }))
    expect(changed).toMatchObject({ roomId: ROOM_B, start, revision: visit.revision + 1 })
    placed(await book(fixture, { start, ...typed('roomed'), ...doctor(2), ...patient(3) }))
    expect(await apply(fixture, { ...changed, roomId: ROOM_A })).toMatchObject({
      rejection: { reason: 'room-taken', field: 'roomId' },
    })
  })

  test('equipment is one unit for each visit, whatever doctor and room are free', async () => {
    const start = at(1, '09:00')
    const first = placed(await book(fixture, { start, ...typed('scan'), ...doctor(1), ...patient(2) }))
    expect(first.equipmentIds).toEqual(RESOURCE_TYPES.scan.equipmentIds)
    const second = { start: start + minutes(5), ...typed('scan'), ...doctor(2), ...patient(3) }
    expect(reasonOf(await book(fixture, second))).toBe('equipment-taken')
    placed(await cancelAppointment(fixture, reception(), first.id, { reason: 'ill', revision: first.revision }))
    placed(await book(fixture, second))
  })

  test('a group shares doctor, time and room up to its places; beside it the room holds what it can', async () => {
    const start = at(1, '10:00')
    const seat = (number: number) => ({ start, ...typed('group'), ...doctor(1), ...patient(number) })
    for (const number of [2, 3, 4]) expect(placed(await book(fixture, seat(number))).roomId).toBe(HALL)
    expect(reasonOf(await book(fixture, seat(5)))).toBe('group-full')
    expect(reasonOf(await book(fixture, { ...seat(5), start: start + minutes(15) }))).toBe('slot-taken')
    expect(reasonOf(await book(fixture, { ...seat(5), ...typed('roomed') }))).toBe('slot-taken')
    expect(reasonOf(await book(fixture, seat(2)))).toBe('patient-busy')
    // Three patients are one session: the hall has room for one more, and no third.
    placed(await book(fixture, { start, ...typed('hall'), ...doctor(2), ...patient(6) }))
    expect(reasonOf(await book(fixture, { start, ...typed('hall'), ...doctor(3), ...patient(7) }))).toBe('room-taken')
  })

  test('a group of which somebody leaves has a place again', async () => {
    const start = at(1, '12:00')
    const seat = (number: number) => ({ start, ...typed('group'), ...doctor(2), ...patient(number) })
    const [first] = [placed(await book(fixture, seat(2))), await book(fixture, seat(3)), await book(fixture, seat(4))]
    expect(reasonOf(await book(fixture, seat(5)))).toBe('group-full')
    placed(await cancelAppointment(fixture, reception(), first.id, { reason: '', revision: first.revision }))
    placed(await book(fixture, seat(5)))
    const again = (await stored(fixture, first.id)) as Visit
    expect(reasonOf(await apply(fixture, { ...again, status: 'confirmed' }))).toBe('group-full')
  })

  test('overbooking needs the permission and a reason, and still stands in the way of who comes later', async () => {
    const start = at(2, '09:00')
    placed(await book(fixture, { start, ...doctor(1), ...patient(2) }))
    const beside = { start, ...doctor(1), overbookReason: 'in pain' }
    const forbidden = await push('roomed', { ...beside, ...patient(3) }, 'doctor')
    expect(forbidden).toMatchObject({ rejection: { reason: 'not-allowed', field: 'overbookReason' } })
    const second = placed(await push('roomed', { ...beside, ...patient(3) }))
    expect(second).toMatchObject({ status: 'pending', overbookReason: 'in pain' })
    expect(placed(await push('roomed', { ...beside, start: at(2, '10:00'), ...patient(4) })).overbookReason).toBe('')
    // The first leaves; the overbooked one alone is enough to refuse a plain booking.
    const first = (
      await fixture.database.read((tx) =>
        tx.selectFrom('appointments').select(['id', 'revision']).where('start_at', '=', start).execute(),
      )
    ).find(({ id }) => id !== second.id)
    if (!first) throw new Error('the first visit is gone')
    placed(await cancelAppointment(fixture, reception(), first.id, { reason: '', revision: first.revision }))
    expect(reasonOf(await book(fixture, { start, ...doctor(1), ...patient(5) }))).toBe('slot-taken')
  })

  test('a patient who is elsewhere is never overbooked', async () => {
    const start = at(2, '11:00')
    placed(await book(fixture, { start, ...doctor(1), ...patient(2) }))
    const beside = placed(await push('roomed', { start, ...doctor(2), ...patient(2), overbookReason: 'urgent' }))
    expect(beside).toMatchObject({ status: 'unplaced', unplaced: { reason: 'patient-busy' } })
  })

  const hold = async (part: Partial<Hold>): Promise<Hold> => {
    const start = part.start ?? at(3)
    const made: Hold = {
      id: fixture.newId(),
      clinicId: fixture.clinic.clinicId,
      doctorId: testId('Doctor', 1),
      patientId: null,
      typeId: RESOURCE_TYPES.roomed.id,
      roomId: null,
      equipmentIds: [],
      start,
      end: start + minutes(15),
      userId: fixture.clinic.userIds.receptionist,
      waitlistEntryId: null,
      expiresAt: FIXTURE_NOW + minutes(2),
      createdAt: FIXTURE_NOW,
      ...part,
    }
    await fixture.database.write((tx) => insertHold(tx, made))
    return made
  }
  const redeem = (wanted: Visit, holdId: Hold['id'], role: 'receptionist' | 'patient' = 'receptionist') => {
    const subject = subjectOf(fixture.clinic, role)
    return fixture.writer.submit<BookingAnswer>(fixture.clinic.clinicId, 'interactive', {
      subject,
      door: 'rest',
      run: (ctx) => applyAppointmentChange(ctx, subject, { current: null, wanted, door: 'rest', holdId }),
    })
  }

  test('a held time is refused to everybody but the booking that redeems it, which ends the hold', async () => {
    const { id } = await hold({ start: at(3, '09:00') })
    const wanted = { start: at(3, '09:00'), ...doctor(1), ...patient(2) }
    expect(reasonOf(await book(fixture, wanted))).toBe('held')
    const own = aPushed({ ...wanted, ...typed('roomed'), end: wanted.start + minutes(15) })
    placed(await redeem(own, id))
    const left = await fixture.database.read((tx) => tx.selectFrom('holds').select('id').where('id', '=', id).execute())
    expect(left).toEqual([])
  })

  test('a hold counts for its room and equipment too, and for nobody once it has run out', async () => {
    const start = at(3, '10:00')
    await hold({ start, doctorId: testId('Doctor', 3), roomId: ROOM_A, equipmentIds: RESOURCE_TYPES.scan.equipmentIds })
    const roomed = await book(fixture, { start, ...typed('roomed'), ...doctor(1), ...patient(2) })
    expect(placed(roomed).roomId).toBe(ROOM_B)
    expect(reasonOf(await book(fixture, { start, ...typed('scan'), ...doctor(2), ...patient(3) }))).toBe('room-taken')
    await hold({ start: at(3, '11:00'), expiresAt: FIXTURE_NOW })
    placed(await book(fixture, { start: at(3, '11:00'), ...doctor(1), ...patient(4) }))
  })

  test('a place in a group can be held', async () => {
    const start = at(3, '12:00')
    const seat = { start, end: start + minutes(30), typeId: RESOURCE_TYPES.group.id, roomId: HALL }
    await hold(seat)
    await hold(seat)
    placed(await book(fixture, { start, ...typed('group'), ...doctor(1), ...patient(2) }))
    expect(reasonOf(await book(fixture, { start, ...typed('group'), ...doctor(1), ...patient(3) }))).toBe('held')
  })

  test('somebody else’s hold is redeemed by the desk, and by no other patient', async () => {
    const start = at(3, '14:00')
    const { id } = await hold({ start, userId: fixture.clinic.userIds.admin })
    const wanted = aPushed({ start, ...doctor(1), ...patient(1) })
    expect(reasonOf(await redeem(wanted, id, 'patient'))).toBe('held')
    placed(await redeem(wanted, id))
  })
})
