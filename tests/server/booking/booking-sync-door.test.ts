import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { aPushed, apply, at, book, placed, reasonOf, stored } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('whole documents through the sync door on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const patient = (number: number) => ({ patientId: testId('Patient', number) })
  const viewsOf = (id: string) =>
    fixture.database.read(async (tx) => {
      const rows = await tx
        .selectFrom('document_views')
        .select('audience')
        .where('document_id', '=', id)
        .where('visible', '=', 1)
        .orderBy('audience')
        .execute()
      return rows.map(({ audience }) => audience)
    })

  test('fields the server owns are the server’s on a new document, whatever it says', async () => {
    const appointment = placed(
      await apply(
        fixture,
        aPushed({
          start: at(0),
          clinicId: testId('Clinic', 9),
          createdByName: 'Somebody Else',
          createdBy: testId('User', 9),
          localDay: '1999-01-01',
          zone: 'Asia/Tokyo',
          origin: 'import',
          createdAt: 5,
          revision: 40,
        }),
      ),
    )
    expect(appointment).toMatchObject({
      clinicId: fixture.clinic.clinicId,
      createdByName: 'Fixture receptionist',
      createdBy: fixture.clinic.userIds.receptionist,
      localDay: '2026-10-14',
      zone: 'Europe/London',
      origin: 'desk',
      createdAt: FIXTURE_NOW,
      revision: 1,
    })
  })

  test('a booking that lost its time is kept as unplaced, with who took it, for desk and author', async () => {
    placed(await book(fixture, { start: at(1), ...patient(3) }))
    const late = aPushed({ start: at(1), reason: 'fever', ...patient(4) })
    const kept = placed(await apply(fixture, late))
    expect(kept).toMatchObject({
      status: 'unplaced',
      start: at(1),
      reason: 'fever',
      unplaced: { reason: 'slot-taken', at: FIXTURE_NOW, takenBy: 'Fixture receptionist', takenAt: FIXTURE_NOW },
    })
    expect(await viewsOf(late.id)).toEqual(
      [`clinic:${fixture.clinic.clinicId}`, `user:${fixture.clinic.userIds.receptionist}`].sort(),
    )
    placed(await book(fixture, { start: at(1, '09:15'), ...patient(4) }))
  })

  test.each([
    ['outside-hours', { start: at(1, '19:00'), end: at(1, '19:15') }],
    ['in-the-past', { start: at(-2), end: at(-2, '09:15') }],
    ['patient-busy', { start: at(1), end: at(1, '09:15'), doctorId: testId('Doctor', 2), ...patient(3) }],
  ])('a booking that comes too late for its time (%s) keeps its claim', async (reason, part) => {
    expect(placed(await apply(fixture, aPushed(part)))).toMatchObject({ status: 'unplaced', unplaced: { reason } })
  })

  test.each([
    ['wrong-duration', { end: at(0) + minutes(14) }],
    ['end-before-start', { end: at(0) }],
    ['wrong-duration', { end: at(2) }],
    ['wrong-duration', { end: at(2), status: 'cancelled' as const }],
    ['unknown-reference', { doctorId: testId('Doctor', 99) }],
    ['type-not-offered', { typeId: testId('AppointmentType', 3), doctorId: testId('Doctor', 2), end: at(0, '09:45') }],
    ['status-jump', { status: 'unplaced' as const }],
    ['not-allowed', { _deleted: true }],
  ])('a document that no other time would mend is refused: %s', async (reason, part) => {
    const wanted = aPushed({ start: at(0), ...part })
    expect(reasonOf(await apply(fixture, wanted))).toBe(reason)
    expect(await stored(fixture, wanted.id)).toBeUndefined()
  })

  test('an unplaced booking gets a time of its own by a move, and then holds it', async () => {
    placed(await book(fixture, { start: at(2), ...patient(3) }))
    const lost = placed(await apply(fixture, aPushed({ start: at(2), ...patient(4) })))
    const reception = subjectOf(fixture.clinic, 'receptionist')
    expect(reasonOf(await moveAppointment(fixture, reception, lost.id, { start: at(2, '09:10'), revision: 1 }))).toBe(
      'slot-taken',
    )
    const found = placed(await moveAppointment(fixture, reception, lost.id, { start: at(2, '09:15'), revision: 1 }))
    expect(found).toMatchObject({ status: 'pending', unplaced: null, localStart: '09:15' })
    expect(await viewsOf(lost.id)).toContain(`doctor:${testId('Doctor', 1)}`)
    expect(reasonOf(await book(fixture, { start: at(2, '09:15'), ...patient(5) }))).toBe('slot-taken')
  })

  test('an unplaced booking can get the very time it lost, once that is free', async () => {
    const holder = placed(await book(fixture, { start: at(3), ...patient(3) }))
    const lost = placed(await apply(fixture, aPushed({ start: at(3), ...patient(4) })))
    const wanted = { ...lost, status: 'pending' as const }
    expect(reasonOf(await apply(fixture, wanted))).toBe('slot-taken')
    const reception = subjectOf(fixture.clinic, 'receptionist')
    placed(await cancelAppointment(fixture, reception, holder.id, { reason: 'ill', revision: 1 }))
    expect(placed(await apply(fixture, wanted))).toMatchObject({ status: 'pending', unplaced: null })
  })

  test('an unplaced booking can be dropped', async () => {
    const lost = placed(await apply(fixture, aPushed({ start: at(3, '20:00'), end: at(3, '20:15') })))
    expect(placed(await apply(fixture, { ...lost, status: 'cancelled', cancelReason: 'gave up' }))).toMatchObject({
      status: 'cancelled',
      unplaced: null,
    })
  })

  test('a pushed move that loses is refused and keeps the old time', async () => {
    placed(await book(fixture, { start: at(4, '10:00'), ...patient(3) }))
    const mine = placed(await book(fixture, { start: at(4, '09:00'), ...patient(4) }))
    const wanted = { ...mine, start: at(4, '10:00'), end: at(4, '10:15') }
    expect(await apply(fixture, wanted)).toMatchObject({
      ok: false,
      rejection: { reason: 'slot-taken' },
      current: mine,
    })
    expect(await stored(fixture, mine.id)).toEqual(mine)
  })

  test('a client that worked out the new local day of its move is right, any other day is refused', async () => {
    const mine = placed(await book(fixture, { start: at(5) }))
    const moved = { ...mine, start: at(6, '10:00'), end: at(6, '10:15') }
    expect(await apply(fixture, { ...moved, localDay: '2026-10-22' })).toMatchObject({
      rejection: { reason: 'server-owned-field', field: 'localDay' },
    })
    const stored = placed(await apply(fixture, { ...moved, localDay: '2026-10-20', localStart: '10:00' }))
    expect(stored).toMatchObject({ localDay: '2026-10-20', localStart: '10:00' })
  })

  test.each(['createdByName', 'origin', 'zone', 'clinicId'] as const)(
    'a push that changes %s is refused',
    async (field) => {
      const mine = placed(await book(fixture, { start: at(7) }))
      const forged = { ...mine, [field]: field === 'clinicId' ? testId('Clinic', 2) : 'import' }
      expect(await apply(fixture, forged)).toMatchObject({ rejection: { reason: 'server-owned-field', field } })
      placed(await apply(fixture, { ...mine, status: 'cancelled', cancelReason: 'done' }))
    },
  )

  test('a visit is not handed to another patient, and not deleted', async () => {
    const mine = placed(await book(fixture, { start: at(8) }))
    expect(await apply(fixture, { ...mine, ...patient(5) })).toMatchObject({
      rejection: { reason: 'not-allowed', field: 'patientId' },
    })
    expect(reasonOf(await apply(fixture, { ...mine, _deleted: true }))).toBe('not-allowed')
  })

  test('someone booked and seen while the desk was offline arrives as one document', async () => {
    const now = FIXTURE_NOW
    const start = at(-1, '11:50')
    const walkIn = aPushed({ start, end: start + minutes(15), status: 'arrived', arrivedAt: now - minutes(3) })
    expect(placed(await apply(fixture, walkIn))).toMatchObject({ status: 'arrived', arrivedAt: now - minutes(3) })
    const mine = placed(await book(fixture, { start: at(9) }))
    const over = { ...mine, status: 'fulfilled' as const, arrivedAt: now - minutes(20), finishedAt: now - minutes(1) }
    expect(placed(await apply(fixture, over))).toMatchObject({ status: 'fulfilled', finishedAt: now - minutes(1) })
  })

  test('several changes of one push are accepted or refused together', async () => {
    placed(await book(fixture, { start: at(10, '10:00'), ...patient(3) }))
    const mine = placed(await book(fixture, { start: at(10), ...patient(4) }))
    const wanted = {
      ...mine,
      start: at(10, '10:00'),
      end: at(10, '10:15'),
      note: 'wants mornings',
      status: 'confirmed' as const,
    }
    expect(reasonOf(await apply(fixture, wanted))).toBe('slot-taken')
    expect(await stored(fixture, mine.id)).toEqual(mine)
    const free = { ...wanted, start: at(10, '11:00'), end: at(10, '11:15') }
    expect(placed(await apply(fixture, free))).toMatchObject({
      note: 'wants mornings',
      status: 'confirmed',
      revision: 2,
    })
  })

  test('a doctor’s push keeps to the doctor’s own calendar', async () => {
    const other = placed(await book(fixture, { start: at(11), doctorId: testId('Doctor', 2) }))
    expect(reasonOf(await apply(fixture, { ...other, note: 'x' }, { role: 'doctor' }))).toBe('not-allowed')
    expect(
      reasonOf(await apply(fixture, aPushed({ start: at(11), doctorId: testId('Doctor', 2) }), { role: 'doctor' })),
    ).toBe('not-allowed')
  })
})
