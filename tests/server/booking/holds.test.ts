// Times kept free while somebody books: rows with an end on the server's clock, judged at commit like everything else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { HoldBody } from '#domain/api/hold-api.ts'
import { minutes, seconds } from '#domain/time/instant.ts'
import { type HoldAnswer, holdTime } from '#server/operations/hold-time.ts'
import { listHolds } from '#server/operations/list-holds.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { releaseHold } from '#server/operations/release-hold.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import type { Hold } from '#server/repositories/holds.ts'
import { aPushed, apply, at, book, placed, reasonOf } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { addResources, RESOURCE_TYPES, ROOM_A } from '#tests/support/resources.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('holds on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    await addResources(fixture)
  })
  afterAll(async () => {
    expect(await verifyBookings(fixture.database, fixture.clinic.clinicId)).toEqual([])
    await fixture.close()
  })

  const who = (role: ShippedRole) => subjectOf(fixture.clinic, role)
  const hold = (part: Partial<HoldBody> = {}, role: ShippedRole = 'receptionist') =>
    holdTime(fixture, who(role), {
      doctorId: testId('Doctor', 2),
      typeId: fixture.clinic.types.consultation.id,
      start: at(0),
      ...part,
    })
  const kept = (answer: HoldAnswer): Hold => {
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.rejection)}`)
    return answer.hold
  }
  const consultation = () => ({ typeId: fixture.clinic.types.consultation.id, doctorId: testId('Doctor', 2) })

  test('a held time is taken for everybody but whoever holds it', async () => {
    const start = at(1, '09:00')
    const { id } = kept(await hold({ start }))
    expect(reasonOf(await book(fixture, { ...consultation(), start }, 'receptionist'))).toBe('held')
    expect(await hold({ start })).toMatchObject({ ok: false, rejection: { reason: 'held' } })
    expect(placed(await book(fixture, { ...consultation(), start, holdId: id })).start).toBe(start)
    // Redeemed: naming it again gives no claim to a taken time.
    expect(reasonOf(await book(fixture, { ...consultation(), start, holdId: id }))).toBe('slot-taken')
  })

  test('a hold ends by the server’s clock, whatever its holder still thinks', async () => {
    const start = at(1, '10:00')
    const first = kept(await hold({ start }))
    expect(first.expiresAt).toBe(fixture.clock.now + seconds(120))
    fixture.clock.now += seconds(119)
    expect(reasonOf(await book(fixture, { ...consultation(), start }))).toBe('held')
    fixture.clock.now += seconds(1)
    expect(placed(await book(fixture, { ...consultation(), start })).start).toBe(start)
    expect(reasonOf(await book(fixture, { ...consultation(), start, holdId: first.id }))).toBe('slot-taken')
  })

  test('a booking that comes by replication takes the place of its author’s own hold for that very visit', async () => {
    const start = at(1, '14:00')
    const [patientId, other] = [testId('Patient', 6), testId('Patient', 7)]
    kept(await hold({ start, patientId }))
    const pushed = (part: { patientId: typeof patientId }) => aPushed({ ...consultation(), start, ...part })
    const late = await apply(fixture, pushed({ patientId: other }))
    expect(placed(late)).toMatchObject({ status: 'unplaced', unplaced: { reason: 'held' } })
    expect(placed(await apply(fixture, pushed({ patientId }), { role: 'admin' }))).toMatchObject({
      status: 'unplaced',
      unplaced: { reason: 'held' },
    })
    expect(placed(await apply(fixture, pushed({ patientId })))).toMatchObject({ status: 'pending', start })
    // Nothing is held any more; the visit itself is in the way.
    expect(reasonOf(await book(fixture, { ...consultation(), start, patientId: other }))).toBe('slot-taken')
  })

  test('a refused booking leaves its hold, and a move redeems one too', async () => {
    const [start, later] = [at(1, '11:00'), at(1, '11:30')]
    const visit = placed(await book(fixture, { ...consultation(), start }))
    const { id } = kept(await hold({ start: later }))
    const busy = { ...consultation(), start: later, holdId: id, patientId: testId('Patient', 5) }
    placed(await book(fixture, { ...busy, doctorId: testId('Doctor', 3), holdId: undefined } as never))
    expect(reasonOf(await book(fixture, busy))).toBe('patient-busy')
    expect(reasonOf(await book(fixture, { ...consultation(), start: later, patientId: testId('Patient', 6) }))).toBe(
      'held',
    )
    const to = { start: later, revision: visit.revision, holdId: id }
    expect(placed(await moveAppointment(fixture, who('receptionist'), visit.id, to)).start).toBe(later)
  })

  test('the next hold takes the place of the one it replaces; one that is refused leaves it', async () => {
    const [start, later] = [at(1, '12:00'), at(1, '12:15')]
    const first = kept(await hold({ start }))
    expect(await hold({ start: at(1, '09:00'), replaces: first.id })).toMatchObject({ ok: false })
    expect(reasonOf(await book(fixture, { ...consultation(), start }))).toBe('held')
    kept(await hold({ start: later, replaces: first.id }))
    expect(placed(await book(fixture, { ...consultation(), start })).start).toBe(start)
  })

  test('a hold keeps the room and the equipment its visit would need', async () => {
    const start = at(2, '09:00')
    const scan = { typeId: RESOURCE_TYPES.scan.id, start }
    expect(kept(await hold(scan)).roomId).toBe(ROOM_A)
    const other = { ...scan, doctorId: testId('Doctor', 3), patientId: testId('Patient', 4) }
    expect(reasonOf(await book(fixture, other))).toBe('equipment-taken')
  })

  test('patients hold one time, for themselves; the desk may redeem it for them, nobody else may give it free', async () => {
    const [start, later] = [at(3, '09:00'), at(3, '10:00')]
    const own = { patientId: testId('Patient', 1) }
    expect(await hold({ start }, 'patient')).toMatchObject({ rejection: { reason: 'not-allowed' } })
    expect(await hold({ start, patientId: testId('Patient', 2) }, 'patient')).toMatchObject({
      rejection: { reason: 'not-allowed' },
    })
    kept(await hold({ start, ...own }, 'patient'))
    const second = kept(await hold({ start: later, ...own }, 'patient'))
    // The first was given free by the second.
    placed(await book(fixture, { ...consultation(), start, patientId: testId('Patient', 7) }))
    expect(await releaseHold(fixture, who('doctor'), second.id)).toBe(false)
    expect(placed(await book(fixture, { ...consultation(), start: later, ...own, holdId: second.id })).start).toBe(
      later,
    )
  })

  test('the list shows live holds to those who may see the doctor’s visits, and never whose they are to others', async () => {
    const start = at(4, '09:00')
    const { id } = kept(await hold({ start, patientId: testId('Patient', 9) }))
    const deps = { ...fixture, now: () => fixture.clock.now, audit: async () => undefined }
    const listed = async (role: ShippedRole) => {
      const answer = await listHolds(deps, who(role), { from: '2026-10-18', to: '2026-10-18' })
      return answer.ok ? answer.holds.map((each) => [each.id, each.patientId, each.isOwn]) : answer
    }
    expect(await listed('receptionist')).toEqual([[id, testId('Patient', 9), true]])
    expect(await listed('admin')).toEqual([[id, testId('Patient', 9), false]])
    expect(await listed('doctor')).toEqual([])
    expect(await listed('patient')).toEqual([])
    const last = await listHolds(deps, who('admin'), { from: '9999-12-31', to: '9999-12-31' })
    expect(last).toMatchObject({ ok: false, reason: 'invalid-field', field: 'to' })
    expect(await releaseHold(fixture, who('receptionist'), id)).toBe(true)
    expect(await releaseHold(fixture, who('receptionist'), id)).toBe(false)
    expect(await listed('receptionist')).toEqual([])
  })

  test('a hold obeys every rule of time', async () => {
    expect(await hold({ start: at(1, '07:00') })).toMatchObject({ rejection: { reason: 'outside-hours' } })
    expect(await hold({ start: at(-1) })).toMatchObject({ rejection: { reason: 'in-the-past' } })
    expect(await hold({ start: at(5) + 1 })).toMatchObject({ rejection: { reason: 'invalid-document' } })
    const late = { ...consultation(), start: at(1, '13:00') + minutes(0), doctorId: testId('Doctor', 99) }
    expect(await hold(late)).toMatchObject({ rejection: { reason: 'unknown-reference', field: 'doctorId' } })
  })
})
