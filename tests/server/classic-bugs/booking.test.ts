import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Interval, overlaps } from '#domain/schedule/interval.ts'
import { minutes, seconds } from '#domain/time/instant.ts'
import { offsetMsAt } from '#domain/time/zone-offsets.ts'
import { openDatabase } from '#server/database/database.ts'
import { acceptOffer } from '#server/operations/answer-offer.ts'
import { bookSeries } from '#server/operations/book-series.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { findSlots } from '#server/operations/find-slots.ts'
import { followVisit } from '#server/operations/follow-visit.ts'
import { holdTime } from '#server/operations/hold-time.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { offerTime } from '#server/operations/offer-time.ts'
import { ReadMemory } from '#server/operations/read-memory.ts'
import { addWaitlistEntry } from '#server/operations/save-waitlist-entry.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { listHeldTime } from '#server/repositories/appointments.ts'
import { aPushed, apply, at, book, placed, reasonOf, stored } from '#tests/support/bookings.ts'
import { aSchedule, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { classic } from '#tests/support/classic-bugs.ts'
import { aFixtureClinic, FIXTURE_NOW, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DOCTOR = testId('Doctor', 1)
const patient = (number: number) => testId('Patient', number)

describe.each(engines)('the known bugs of booking, on %s', (engine) => {
  let fixture: Fixture
  let day = 30
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(async () => {
    expect(await verifyBookings(fixture.database, fixture.clinic.clinicId)).toEqual([])
    await fixture.close()
  })
  beforeEach(() => {
    fixture.clock.now = FIXTURE_NOW
    day += 2
  })

  const desk = () => subjectOf(fixture.clinic, 'receptionist')
  const typeId = () => fixture.clinic.types.consultation.id
  /** What a check before the insert would see. */
  const heldAt = ({ start, end }: Interval, doctorId = DOCTOR) =>
    fixture.database.read((tx) => listHeldTime(tx, fixture.clinic.clinicId, [doctorId], { start, end }))
  const anotherServer = () => {
    const database = openDatabase({ url: fixture.url })
    const { now } = fixture
    const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
    const close = async () => {
      await writer.close()
      await database.close()
    }
    return { server: { ...fixture, database, writer }, close }
  }

  test(classic('Check-then-insert race', 'of sixteen who book one time at once, one has it'), async () => {
    const start = at(day)
    const tries = Array.from({ length: 16 }, (_, index) => patient(index + 1))
    const naive = await Promise.all(tries.map(() => heldAt({ start, end: start + minutes(15) })))
    expect(naive.filter((held) => held.length === 0)).toHaveLength(16)
    const answers = await Promise.all(tries.map((patientId) => book(fixture, { start, patientId })))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test(classic('Lock after read', 'what another server booked before the lock was ours is seen under it'), async () => {
    const start = at(day)
    const readBefore = await heldAt({ start, end: start + minutes(15) })
    const { server, close } = anotherServer()
    placed(await book(server, { start }))
    await close()
    expect(readBefore).toEqual([])
    expect(reasonOf(await book(fixture, { start, patientId: patient(3) }))).toBe('slot-taken')
  })

  test(classic('Equality key instead of overlap', 'other start, other length, same minutes: refused'), async () => {
    const held = placed(await book(fixture, { start: at(day) }))
    const wanted = { start: at(day, '09:05'), typeId: fixture.clinic.types.special.id, patientId: patient(3) }
    const naiveKey = ({ start, doctorId }: { start: number; doctorId: string }) => `${doctorId} ${start}`
    expect(naiveKey({ ...wanted, doctorId: DOCTOR })).not.toBe(naiveKey(held))
    expect(reasonOf(await book(fixture, wanted))).toBe('slot-taken')
  })

  test(classic('Side doors skip the check', 'REST, sync, import, series and holds all ask the same'), async () => {
    const start = at(day)
    placed(await book(fixture, { start }))
    const wanted = () => aPushed({ start, end: start + minutes(15), patientId: patient(3), typeId: typeId() })
    const body = { doctorId: DOCTOR, typeId: typeId(), patientId: patient(3), start }
    expect(reasonOf(await book(fixture, { start, patientId: patient(3) }))).toBe('slot-taken')
    expect(placed(await apply(fixture, wanted(), { door: 'sync' })).status).toBe('unplaced')
    expect(reasonOf(await apply(fixture, wanted(), { door: 'import', role: 'admin' }))).toBe('slot-taken')
    expect(await holdTime(fixture, desk(), body)).toMatchObject({ ok: false, rejection: { reason: 'slot-taken' } })
    const wall = { day: new Date(start).toISOString().slice(0, 10), time: '09:00' }
    const rule = { frequency: 'daily', interval: 1, count: 2 } as const
    const series = await bookSeries(fixture, desk(), { ...body, start: wall, rule })
    expect(JSON.stringify(series)).toContain('slot-taken')
    expect(await heldAt({ start, end: start + minutes(15) })).toHaveLength(1)
  })

  test(
    classic('Pending holds nothing, or never ends', 'a request holds its time, a hold until it runs out'),
    async () => {
      const request = placed(await book(fixture, { start: at(day), patientId: patient(1) }))
      expect(request.status).toBe('pending')
      expect(reasonOf(await book(fixture, { start: at(day), patientId: patient(3) }))).toBe('slot-taken')
      const start = at(day, '10:00')
      const kept = await holdTime(fixture, desk(), { doctorId: DOCTOR, typeId: typeId(), start })
      expect(kept.ok).toBe(true)
      fixture.clock.now += seconds(119)
      expect(reasonOf(await book(fixture, { start, patientId: patient(3) }))).toBe('held')
      fixture.clock.now += seconds(1)
      placed(await book(fixture, { start, patientId: patient(3) }))
    },
  )

  test(
    classic('Deadlock under load', 'visits that swap doctors from two servers at once all get an answer'),
    async () => {
      const { server, close } = anotherServer()
      const doctors = [DOCTOR, testId('Doctor', 2)]
      const times = ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00']
      const visits = await Promise.all(
        times.flatMap((time, index) =>
          doctors.map(async (doctorId, side) =>
            placed(await book(fixture, { doctorId, start: at(day, time), patientId: patient(2 + index * 2 + side) })),
          ),
        ),
      )
      const answers = await Promise.allSettled(
        visits.map(({ id, doctorId, start, revision }, index) => {
          const other = doctors.find((each) => each !== doctorId) ?? doctorId
          const to = { doctorId: other, start: start + minutes(30), revision }
          return moveAppointment(index % 2 ? server : fixture, desk(), id, to)
        }),
      )
      await close()
      expect(answers.map(({ status }) => status)).toEqual(visits.map(() => 'fulfilled'))
    },
  )

  test(classic('Overlap arithmetic', 'containing, contained, past midnight overlap; touching does not'), async () => {
    const visit = (from: number, to: number): Interval => ({ start: minutes(from), end: minutes(to) })
    const naive = (a: Interval, b: Interval) => b.start >= a.start && b.start < a.end
    const clockOnly = (a: Interval, b: Interval) => {
      const time = (instant: number) => instant % minutes(24 * 60)
      return time(a.start) < time(b.end) && time(b.start) < time(a.end)
    }
    expect([naive(visit(10, 20), visit(5, 25)), overlaps(visit(10, 20), visit(5, 25))]).toEqual([false, true])
    const night = visit(23 * 60, 25 * 60)
    const early = visit(24 * 60 + 30, 24 * 60 + 45)
    expect([clockOnly(night, early), overlaps(night, early)]).toEqual([false, true])
    placed(await book(fixture, { start: at(day, '09:00'), typeId: fixture.clinic.types.special.id }))
    expect(reasonOf(await book(fixture, { start: at(day, '09:15'), patientId: patient(3) }))).toBe('slot-taken')
    placed(await book(fixture, { start: at(day, '09:45'), patientId: patient(3) }))
  })

  test(classic('Daylight saving', 'nine o’clock is nine o’clock on both switch days'), async () => {
    const summer = offsetMsAt(FIXTURE_NOW, TEST_ZONE)
    for (const [date, clock] of [
      ['2026-10-25', '2026-10-20T10:00Z'],
      ['2027-03-28', '2027-03-20T10:00Z'],
    ] as const) {
      fixture.clock.now = Date.parse(clock)
      const visit = placed(await book(fixture, { start: { day: date, time: '09:00' }, patientId: patient(4) }))
      expect([visit.localDay, visit.localStart]).toEqual([date, '09:00'])
      const withFixedOffset = Date.parse(`${date}T09:00Z`) - summer
      expect(visit.start === withFixedOffset).toBe(date.startsWith('2027'))
    }
    expect(reasonOf(await book(fixture, { start: { day: '2027-03-28', time: '01:30' } }))).toBe('skipped-hour')
  })

  test(classic('UTC day buckets, device zone', 'a visit half past midnight stands on the clinic’s day'), async () => {
    const date = '2026-10-20'
    const night = { doctorId: DOCTOR, date, startTime: '00:00', endTime: '01:00', isAvailable: true }
    await seedDocuments(fixture.writer, 'schedules', [aSchedule({ id: testId('Schedule', 300), ...night })])
    const visit = placed(await book(fixture, { start: { day: date, time: '00:30' }, patientId: patient(5) }))
    expect(new Date(visit.start).toISOString().slice(0, 10)).toBe('2026-10-19')
    expect(visit.localDay).toBe(date)
  })

  test(
    classic('Waitlist mails lie', 'an offer is a hold: nobody else gets the time, one of two asked does'),
    async () => {
      const start = at(day)
      const wait = async (number: number) => {
        const answer = await addWaitlistEntry(fixture, desk(), { patientId: patient(number), typeId: typeId() })
        if (!answer.ok) throw new Error(answer.rejection.reason)
        return answer.stored.id
      }
      const entryIds = [await wait(6), await wait(7)]
      const offer = await offerTime(fixture, desk(), { entryIds, doctorId: DOCTOR, start })
      if (!offer.ok) throw new Error(offer.rejection.reason)
      expect(reasonOf(await book(fixture, { start, patientId: patient(8) }))).toBe('held')
      const answers = await Promise.all(offer.offers.map(({ id }) => acceptOffer(fixture, desk(), id)))
      expect(answers.map((answer) => (answer.ok ? 'booked' : reasonOf(answer))).sort()).toEqual(['booked', 'gone'])
    },
  )

  test(classic('No-show logic', 'nobody becomes one by themselves, and by hand one can at any time'), async () => {
    const visit = placed(await book(fixture, { start: at(day), isConfirmed: true }))
    const waiting = placed(await book(fixture, { start: at(day, '10:00'), isConfirmed: true, patientId: patient(3) }))
    const step = (id: typeof visit.id, name: 'arrive' | 'no-show' | 'reopen', revision: number) =>
      followVisit(fixture, desk(), id, { step: name, revision })
    fixture.clock.now = at(day, '08:55')
    placed(await step(visit.id, 'arrive', 1))
    fixture.clock.now = at(day + 1)
    const statusOf = async ({ id }: typeof visit) => (await stored(fixture, id))?.status
    expect([await statusOf(visit), await statusOf(waiting)]).toEqual(['arrived', 'confirmed'])
    expect(placed(await step(waiting.id, 'no-show', 1)).status).toBe('noshow')
    expect(placed(await step(waiting.id, 'reopen', 2)).status).toBe('confirmed')
  })

  test(classic('Silent truncation', 'the pages of a list are the whole list'), async () => {
    const query = { typeId: typeId(), from: '2026-11-02', to: '2026-11-08', step: 5 }
    const memory = new ReadMemory()
    const deps = { database: fixture.database, memory, now: () => fixture.clock.now }
    type After = { readonly start: number; readonly doctorId: string } | null
    const page = async (limit: number, after: After) => {
      const found = await findSlots(deps, desk(), query, { limit, after })
      if (!found.ok) throw new Error(found.reason)
      return found
    }
    const whole = await page(100_000, null)
    expect([whole.last, whole.slots.length > 1_500]).toEqual([null, true])
    const paged: unknown[] = []
    for (let after: After = null, isMore = true; isMore; ) {
      const { slots, last } = await page(97, after)
      paged.push(...slots)
      after = last
      isMore = last !== null
    }
    expect(paged).toEqual(whole.slots)
  })
})
