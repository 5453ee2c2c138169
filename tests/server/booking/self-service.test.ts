// What a clinic asks of patients who book for themselves, walk-ins at the desk, and taking changes back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_POLICIES } from '#domain/clinic/policies.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { followVisit } from '#server/operations/follow-visit.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { undoChange } from '#server/operations/undo-change.ts'
import { setPolicies } from '#server/repositories/clinic-rows.ts'
import { at, book, placed, reasonOf, type WireAppointment } from '#tests/support/bookings.ts'
import { anAppointmentType, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('self-service, walk-ins and undo on %s', (engine) => {
  let fixture: Fixture
  let day = 0
  const limited = anAppointmentType({
    id: testId('AppointmentType', 31),
    code: 'LIMIT',
    name: 'Limited',
    patientLimit: 1,
  })
  const strict = anAppointmentType({
    id: testId('AppointmentType', 32),
    code: 'STRICT',
    name: 'Strict',
    changeCutoffMinutes: 3 * 24 * 60,
  })
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointment_types', [limited, strict])
  })
  afterAll(() => fixture.close())
  beforeEach(() => {
    fixture.clock.now = FIXTURE_NOW
    day += 5
  })

  const own = { patientId: testId('Patient', 1), doctorId: testId('Doctor', 2) }
  const patient = () => subjectOf(fixture.clinic, 'patient')
  const reception = () => subjectOf(fixture.clinic, 'receptionist')
  const seen = ({ id, revision }: WireAppointment) => [id, revision] as const
  const undo = (visit: WireAppointment, by = reception()) =>
    undoChange(fixture, by, visit.id, { revision: visit.revision })

  test('patients change a visit until the clinic’s cut-off, then the desk does', async () => {
    const visit = placed(await book(fixture, { ...own, start: at(day) }, 'patient'))
    const [id, revision] = seen(visit)
    fixture.clock.now = visit.start - minutes(DEFAULT_POLICIES.changeCutoffMinutes) + 1
    const move = { start: at(day, '10:00'), revision }
    expect(reasonOf(await moveAppointment(fixture, patient(), id, move))).toBe('too-late')
    expect(reasonOf(await cancelAppointment(fixture, patient(), id, { reason: 'Ill', revision }))).toBe('too-late')
    fixture.clock.now -= 1
    const moved = placed(await moveAppointment(fixture, patient(), id, move))
    fixture.clock.now = moved.start - minutes(5)
    const byDesk = await cancelAppointment(fixture, reception(), id, { reason: 'Called', revision: moved.revision })
    expect(placed(byDesk).status).toBe('cancelled')
  })

  test('a type may ask for more time than the clinic', async () => {
    const visit = placed(await book(fixture, { ...own, typeId: strict.id, start: at(day) }, 'patient'))
    fixture.clock.now = visit.start - hours(48)
    const cancel = { reason: 'Ill', revision: visit.revision }
    expect(reasonOf(await cancelAppointment(fixture, patient(), visit.id, cancel))).toBe('too-late')
    placed(await cancelAppointment(fixture, reception(), visit.id, cancel))
  })

  test('a patient has so many visits ahead and no more, of a type and in all; the desk may book further', async () => {
    const first = placed(await book(fixture, { ...own, typeId: limited.id, start: at(day) }, 'patient'))
    const again = { ...own, typeId: limited.id, start: at(day, '11:00') }
    expect(reasonOf(await book(fixture, again, 'patient'))).toBe('limit-reached')
    placed(await book(fixture, again))
    const policies = { ...DEFAULT_POLICIES, maxUpcomingPerPatient: 2 }
    await fixture.database.write((tx) => setPolicies(tx, fixture.clinic.clinicId, policies))
    expect(reasonOf(await book(fixture, { ...own, start: at(day, '12:00') }, 'patient'))).toBe('limit-reached')
    placed(await cancelAppointment(fixture, patient(), first.id, { reason: 'x', revision: first.revision }))
    placed(await book(fixture, { ...own, start: at(day, '12:00') }, 'patient'))
    await fixture.database.write((tx) => setPolicies(tx, fixture.clinic.clinicId, DEFAULT_POLICIES))
  })

  test('a walk-in is booked as arrived; a patient at home is none', async () => {
    fixture.clock.now = at(day, '13:02')
    const body = {
      patientId: testId('Patient', 8),
      doctorId: testId('Doctor', 3),
      start: at(day, '13:00'),
      isWalkIn: true,
    }
    expect(placed(await book(fixture, body))).toMatchObject({
      status: 'arrived',
      origin: 'walk-in',
      arrivedAt: fixture.clock.now,
    })
    const asPatient = { ...own, start: at(day, '14:00'), isWalkIn: true }
    expect(reasonOf(await book(fixture, asPatient, 'patient'))).toBe('not-allowed')
  })

  test('each step can be taken back once, to exactly what was before', async () => {
    const booked = placed(await book(fixture, { start: at(day), patientId: testId('Patient', 10) }))
    const moved = placed(
      await moveAppointment(fixture, reception(), booked.id, { start: at(day, '15:00'), revision: 1 }),
    )
    const back = placed(await undo(moved))
    expect([back.start, back.status, back.localStart]).toEqual([booked.start, 'pending', '09:00'])
    const cancelled = placed(
      await cancelAppointment(fixture, reception(), back.id, { reason: 'x', revision: back.revision }),
    )
    const open = placed(await undo(cancelled))
    expect([open.status, open.cancelReason, open.cancelledAt]).toEqual(['pending', '', null])
    const deps = { ...fixture, now: () => fixture.clock.now }
    let visit = open
    for (const step of ['no-show', 'arrive', 'start', 'finish'] as const) {
      const before = visit
      const after = placed(await followVisit(deps, reception(), visit.id, { step, revision: visit.revision }))
      visit = placed(await undo(after))
      const { status, arrivedAt, startedAt, finishedAt } = before
      expect(visit).toMatchObject({ status, arrivedAt, startedAt, finishedAt })
      // Undone twice it stands again.
      visit = placed(await undo(visit))
    }
    expect(visit.status).toBe('fulfilled')
  })

  test('a time given up and taken by somebody else does not come back by undoing', async () => {
    const visit = placed(await book(fixture, { start: at(day, '16:00'), patientId: testId('Patient', 11) }))
    const moved = placed(
      await moveAppointment(fixture, reception(), visit.id, { start: at(day, '16:30'), revision: 1 }),
    )
    placed(await book(fixture, { start: at(day, '16:00'), patientId: testId('Patient', 12) }))
    expect(reasonOf(await undo(moved))).toBe('slot-taken')
    expect(reasonOf(await undo({ ...moved, revision: 1 }))).toBe('stale-revision')
  })

  test('to take a booking back is to cancel it, and needs the right to', async () => {
    const visit = placed(await book(fixture, { ...own, start: at(day, '09:30') }))
    expect(placed(await undo(visit))).toMatchObject({
      status: 'cancelled',
      cancelledBy: fixture.clinic.userIds.receptionist,
    })
    const checkedIn = placed(await book(fixture, { ...own, start: at(day, '10:30'), isConfirmed: true }))
    const deps = { ...fixture, now: () => fixture.clock.now }
    const arrived = placed(await followVisit(deps, reception(), checkedIn.id, { step: 'arrive', revision: 1 }))
    expect(reasonOf(await undo(arrived, patient()))).toBe('not-allowed')
  })
})
