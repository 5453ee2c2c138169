/** Changes of availability: first what they would strand, then the change; nothing is cancelled, and nothing happens unseen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { ApplyMode, AvailabilityChange } from '#domain/api/availability-api.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { applyAvailability, previewAvailability } from '#server/operations/change-availability.ts'
import { findSlots } from '#server/operations/find-slots.ts'
import { findStranded } from '#server/operations/find-stranded.ts'
import { listHolidays } from '#server/operations/list-holidays.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { ReadMemory } from '#server/operations/read-memory.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { at, book, placed, reasonOf, stored } from '#tests/support/bookings.ts'
import { aDoctor, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DAY = '2026-10-14'
const day = (number: number) => addDays(DAY, number)
const [FIRST, SECOND, THIRD] = [testId('Doctor', 1), testId('Doctor', 2), testId('Doctor', 3)] as const
const TYPE = testId('AppointmentType', 9)

describe.each(engines)('availability on %s', (engine) => {
  let fixture: Fixture
  let read: readonly string[] = []
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const memory = new ReadMemory()
  const deps = () => ({
    database: fixture.database,
    memory,
    writer: fixture.writer,
    now: () => fixture.clock.now,
    newId: fixture.newId,
    audit: async ({ documentIds = [] }: { documentIds?: readonly string[] }) => {
      read = documentIds
    },
  })
  const subject = (role: ShippedRole) => subjectOf(fixture.clinic, role)
  const look = async (change: AvailabilityChange, role: ShippedRole = 'admin') => {
    const answer = await previewAvailability(deps(), subject(role), change)
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.rejection)}`)
    return answer.impact
  }
  const apply = (change: AvailabilityChange, mode: ApplyMode, impact?: string, role: ShippedRole = 'admin') =>
    applyAvailability(deps(), subject(role), { change, mode, ...(impact !== undefined && { impact }) })
  /** Looks and applies. */
  const change = async (wanted: AvailabilityChange, mode: ApplyMode = 'keep') => {
    const answer = await apply(wanted, mode, (await look(wanted)).impact)
    if (!answer.ok) throw new Error(JSON.stringify(answer))
    return answer.applied
  }
  const visit = async (number: number, time: string, doctorId: typeof FIRST, patient: number) =>
    placed(await book(fixture, { start: at(number, time), doctorId, patientId: testId('Patient', patient) }))
  const stranded = (doctorId: typeof FIRST, more: { limit?: number; alternatives?: boolean } = {}) =>
    findStranded(
      deps(),
      subject('receptionist'),
      { doctorId, alternatives: more.alternatives ?? false },
      { limit: more.limit ?? 50, after: null },
    )
  const slotTimes = async (doctorId: typeof FIRST, date: string, role: ShippedRole = 'receptionist') => {
    const query = { typeId: TYPE, doctorId, from: date, to: date, step: 60 }
    const answer = await findSlots(deps(), subject(role), query, { limit: 100, after: null })
    return answer.ok ? answer.slots.map(({ time, mode }) => `${time} ${mode}`) : answer.reason
  }

  test('leave over a range says whom it strands, and then keeps every visit', async () => {
    const inside = await visit(3, '10:00', FIRST, 5)
    const before = await visit(2, '10:00', FIRST, 6)
    const leave = { kind: 'leave', doctorId: FIRST, from: day(3), to: day(5), note: 'Congress' } as const
    const seen = await look(leave)
    expect(seen).toMatchObject({ stranded: 1, unlisted: 0, visits: [{ id: inside.id, time: '10:00', date: day(3) }] })
    expect(read).toEqual([inside.id])
    expect(await slotTimes(FIRST, day(4))).not.toEqual([])
    const answer = await apply(leave, 'apply-and-list', seen.impact)
    expect(answer).toMatchObject({ ok: true, applied: { stranded: 1, visits: [{ id: inside.id }] } })
    expect(await slotTimes(FIRST, day(4))).toEqual([])
    expect(await stored(fixture, inside.id)).toMatchObject({ status: inside.status, start: inside.start, revision: 1 })
    const list = await stranded(FIRST, { alternatives: true })
    expect(list.appointments).toMatchObject([{ id: inside.id, reason: 'outside-hours' }])
    expect(list.appointments[0]?.alternatives).toHaveLength(3)
    expect(list.appointments.map(({ id }) => id)).not.toContain(before.id)
    // The same leave again is there already.
    expect(await change(leave)).toMatchObject({ schedules: [], stranded: 0 })
    const [way] = list.appointments[0]?.alternatives ?? []
    if (!way) throw new Error('no way on')
    placed(
      await moveAppointment(fixture, subject('receptionist'), inside.id, {
        ...way,
        end: undefined,
        revision: 1,
      } as never),
    )
    expect((await stranded(FIRST)).appointments).toEqual([])
  })

  test('what has changed since it was looked at is looked at again: nothing is done meanwhile', async () => {
    const leave = { kind: 'leave', doctorId: SECOND, from: day(8), to: day(8) } as const
    const seen = await look(leave)
    expect(seen.stranded).toBe(0)
    const booked = await visit(8, '11:00', SECOND, 7)
    const answer = await apply(leave, 'keep', seen.impact)
    expect(answer).toMatchObject({
      ok: false,
      reason: 'impact-changed',
      impact: { stranded: 1, visits: [{ id: booked.id }] },
    })
    expect(await apply(leave, 'keep')).toMatchObject({ ok: false, reason: 'impact-changed' })
    expect(await apply({ ...leave, to: day(9) }, 'keep', (await look(leave)).impact)).toMatchObject({
      reason: 'impact-changed',
    })
    expect(await apply(leave, 'refuse-if-stranded')).toMatchObject({
      ok: false,
      reason: 'would-strand-visits',
      impact: { stranded: 1 },
    })
    expect((await slotTimes(SECOND, day(8))).length).toBeGreaterThan(4)
    const empty = { ...leave, from: day(9), to: day(9) }
    expect(await apply(empty, 'refuse-if-stranded')).toMatchObject({
      ok: true,
      applied: { schedules: [expect.any(String)] },
    })
  })

  test('weekly hours are replaced from a day on, for a while, with several ranges and publish modes; then the old ones return', async () => {
    const morning = { startTime: '08:00', endTime: '10:00', weeks: 'every', publish: 'online' } as const
    const evening = { startTime: '18:00', endTime: '20:00', weeks: 'every', publish: 'ask' } as const
    const ranges = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
      { ...morning, weekday },
      { ...evening, weekday },
    ])
    const late = await visit(22, '15:00', THIRD, 8)
    const wanted = { kind: 'replace-hours', doctorId: THIRD, ranges, validFrom: day(21), validUntil: day(34) } as const
    expect(await look(wanted)).toMatchObject({ stranded: 1, visits: [{ id: late.id }] })
    await change(wanted)
    const old = Array.from({ length: 8 }, (_, index) => `${String(9 + index).padStart(2, '0')}:00 online`)
    expect(await slotTimes(THIRD, day(20))).toEqual(old)
    expect(await slotTimes(THIRD, day(21))).toEqual(['08:00 online', '09:00 online', '18:00 ask', '19:00 ask'])
    expect(await slotTimes(THIRD, day(34))).toEqual(['08:00 online', '09:00 online', '18:00 ask', '19:00 ask'])
    expect(await slotTimes(THIRD, day(35))).toEqual(old)
  })

  test('a patient’s booking is confirmed in hours published online, a request in hours to ask for, and refused in those of staff', async () => {
    const at1800 = { doctorId: THIRD, start: at(21, '18:00'), patientId: testId('Patient', 1) }
    const asked = placed(await book(fixture, at1800, 'patient'))
    expect(asked.status).toBe('pending')
    const moved = await moveAppointment(fixture, subject('patient'), asked.id, {
      start: at(21, '09:00'),
      revision: asked.revision,
    })
    expect(placed(moved).status).toBe('confirmed')
    const back = await moveAppointment(fixture, subject('patient'), asked.id, {
      start: at(21, '19:00'),
      revision: placed(moved).revision,
    })
    expect(placed(back).status).toBe('pending')
    const nights = [{ weekday: 5, startTime: '21:00', endTime: '22:00', weeks: 'every', publish: 'staff' }] as const
    await change({ kind: 'add-hours', doctorId: THIRD, ranges: [...nights], validFrom: day(23), validUntil: null })
    const night = { doctorId: THIRD, start: at(23, '21:00') }
    expect(reasonOf(await book(fixture, { ...night, patientId: testId('Patient', 1) }, 'patient'))).toBe(
      'outside-hours',
    )
    expect(placed(await book(fixture, { ...night, patientId: testId('Patient', 9) })).status).toBe('pending')
  })

  test('one weekly range is changed from a day on and ended after one; odd and even weeks hold', async () => {
    const range = { weekday: 3, startTime: '06:00', endTime: '08:00', weeks: 'even', publish: 'online' } as const
    const added = await change({
      kind: 'add-hours',
      doctorId: SECOND,
      ranges: [range],
      validFrom: day(0),
      validUntil: null,
    })
    const early = async (number: number) => (await slotTimes(SECOND, day(number))).toString().includes('06:00')
    // 14 October 2026 lies in week 42, the 21st in week 43.
    expect([await early(0), await early(7), await early(14)]).toEqual([true, false, true])
    const [templateId] = added.templates
    if (!templateId) throw new Error('nothing added')
    const changed = await change({ kind: 'change-hours', templateId, from: day(14), weeks: 'odd' })
    expect(changed.templates).toHaveLength(2)
    expect([await early(0), await early(14), await early(21)]).toEqual([true, false, true])
    const [, later] = changed.templates
    if (!later) throw new Error('nothing changed')
    await change({ kind: 'end-hours', templateId: later, lastDay: day(27) })
    expect([await early(21), await early(35)]).toEqual([true, false])
  })

  test('a list of holidays closes every doctor’s days, once however often it is imported, and new doctors too', async () => {
    const held = await visit(70, '10:00', FIRST, 10)
    const entries = [
      { name: 'Christmas', from: day(72), to: day(73) },
      { name: 'Half day', from: day(70), startTime: '12:00', endTime: '17:00' },
    ]
    const close = { kind: 'close', locationId: null, entries } as const
    const applied = await change({ ...close, entries: [...entries] }, 'refuse-if-stranded')
    expect([applied.closures.length, applied.schedules.length]).toEqual([2, 3 * 3])
    expect(await change({ ...close, entries: [...entries] })).toMatchObject({ closures: [], schedules: [] })
    expect(await slotTimes(SECOND, day(72))).toEqual([])
    expect(await slotTimes(SECOND, day(70))).toEqual(['09:00 online', '10:00 online', '11:00 online'])
    expect((await stored(fixture, held.id))?.status).toBe(held.status)
    const holidays = await listHolidays(deps(), subject('receptionist'))
    expect(holidays.ok && holidays.closures.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['Half day', day(70), day(70)],
      ['Christmas', day(72), day(73)],
    ])
    const doctor = { ...aDoctor({ id: testId('Doctor', 40), position: 40, revision: 0 }), _deleted: false }
    await fixture.writer.submit(fixture.clinic.clinicId, 'interactive', {
      subject: null,
      door: 'rest',
      run: async (ctx) => ({ ok: true, value: await saveDocument(ctx, 'doctors', null, doctor) }),
    })
    const rows = await fixture.database.read((tx) =>
      tx.selectFrom('schedules').select(['date', 'closure_id']).where('doctor_id', '=', doctor.id).execute(),
    )
    expect(rows.map(({ date }) => date).sort()).toEqual([day(70), day(72), day(73)])
    const christmas = holidays.ok ? holidays.closures[1]?.id : undefined
    if (!christmas) throw new Error('no Christmas')
    expect(await change({ kind: 'reopen', closureId: christmas })).toMatchObject({
      schedules: expect.arrayContaining([expect.any(String)]),
    })
    expect((await slotTimes(SECOND, day(72))).length).toBe(8)
  })

  test('a doctor who leaves strands every visit to come, page by page, and cancels none', async () => {
    const visits = [
      await visit(41, '09:00', SECOND, 11),
      await visit(42, '09:00', SECOND, 12),
      await visit(43, '09:00', SECOND, 13),
    ]
    const leaving = { kind: 'deactivate-doctor', doctorId: SECOND } as const
    const seen = await look(leaving)
    expect(seen.visits.map(({ id }) => id)).toEqual(expect.arrayContaining(visits.map(({ id }) => id)))
    await change(leaving)
    const first = await stranded(SECOND, { limit: 2 })
    expect(first.appointments.map(({ reason }) => reason)).toEqual(['doctor-inactive', 'doctor-inactive'])
    const rest = await findStranded(
      deps(),
      subject('receptionist'),
      { doctorId: SECOND },
      { limit: 50, after: first.last },
    )
    expect([...first.appointments, ...rest.appointments].map(({ id }) => id)).toEqual(seen.visits.map(({ id }) => id))
    expect(rest.last).toBeNull()
    for (const { id, status } of visits) expect(await stored(fixture, id)).toMatchObject({ status })
  })

  test('who may not see a visit gets its number alone, and who may not change hours gets nowhere', async () => {
    const own = await look({ kind: 'leave', doctorId: FIRST, from: day(70), to: day(70) }, 'doctor')
    expect([own.stranded, own.visits.length]).toEqual([1, 1])
    const refusal = async (wanted: AvailabilityChange, role: ShippedRole) => {
      const answer = await previewAvailability(deps(), subject(role), wanted)
      return answer.ok ? 'allowed' : answer.rejection
    }
    expect(await refusal({ kind: 'leave', doctorId: THIRD, from: day(9), to: day(9) }, 'doctor')).toEqual({
      reason: 'not-allowed',
      field: 'doctorId',
    })
    expect(await refusal({ kind: 'deactivate-doctor', doctorId: FIRST }, 'doctor')).toEqual({
      reason: 'not-allowed',
      field: 'doctorId',
    })
    const entries = [{ name: 'x', from: day(90) }]
    expect(await refusal({ kind: 'close', locationId: null, entries }, 'doctor')).toEqual({ reason: 'not-allowed' })
    expect(await refusal({ kind: 'close', locationId: testId('Location', 9), entries }, 'admin')).toEqual({
      reason: 'unknown-reference',
      field: 'locationId',
    })
    expect(
      await refusal({ kind: 'close', locationId: null, entries: [{ name: 'x', from: day(-9) }] }, 'admin'),
    ).toEqual({ reason: 'in-the-past', field: 'entries.0.to' })
    expect(await refusal({ kind: 'leave', doctorId: FIRST, from: day(9), to: day(8) }, 'admin')).toEqual({
      reason: 'end-before-start',
      field: 'to',
    })
    expect(await refusal({ kind: 'leave', doctorId: FIRST, from: '2026-02-30', to: day(8) }, 'admin')).toEqual({
      reason: 'invalid-document',
      field: 'from',
    })
    expect(await refusal({ kind: 'leave', doctorId: testId('Doctor', 77), from: day(9), to: day(9) }, 'admin')).toEqual(
      { reason: 'unknown-reference', field: 'doctorId' },
    )
    expect(
      await refusal({ kind: 'end-hours', templateId: testId('ScheduleTemplate', 777), lastDay: day(9) }, 'admin'),
    ).toEqual({ reason: 'not-found', field: 'templateId' })
    expect(await refusal({ kind: 'reopen', closureId: testId('Closure', 9) }, 'admin')).toEqual({
      reason: 'not-found',
      field: 'closureId',
    })
    const foreign = findStranded(deps(), subject('patient'), { doctorId: SECOND }, { limit: 50, after: null })
    expect((await foreign).appointments).toEqual([])
  })
})
