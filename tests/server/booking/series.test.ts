// Many visits in one request: a series, and a doctor's whole day.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import type { SeriesBody } from '#domain/api/series-api.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { bookSeries } from '#server/operations/book-series.ts'
import { cancelSeries } from '#server/operations/cancel-series.ts'
import { cancelDoctorDay, moveDoctorDay } from '#server/operations/change-doctor-day.ts'
import { viewSeries } from '#server/operations/find-series.ts'
import { holdTime } from '#server/operations/hold-time.ts'
import { IdempotencyKeyReused } from '#server/operations/idempotency.ts'
import { listCalls } from '#server/operations/list-calls.ts'
import { moveSeries } from '#server/operations/move-series.ts'
import { previewSeries } from '#server/operations/preview-series.ts'
import type { VisitOutcome } from '#server/operations/visit-outcome.ts'
import { at, book, placed, stored } from '#tests/support/bookings.ts'
import { TEST_ZONE, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('many visits at once on %s', (engine) => {
  let fixture: Fixture
  let deps: Fixture & { audit: () => Promise<void> }
  let patientNumber = 1
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    deps = { ...fixture, audit: async () => undefined }
  })
  afterAll(() => fixture.close())
  beforeEach(() => {
    patientNumber += 1
  })

  const who = (role: ShippedRole) => subjectOf(fixture.clinic, role)
  const aSeries = (part: Partial<SeriesBody> = {}): SeriesBody => ({
    doctorId: testId('Doctor', 2),
    patientId: testId('Patient', patientNumber),
    typeId: fixture.clinic.types.consultation.id,
    start: { day: '2026-10-15', time: '09:00' },
    rule: { frequency: 'weekly', interval: 1, count: 4 },
    ...part,
  })
  const series = (part: Partial<SeriesBody> = {}, key?: string, role: ShippedRole = 'receptionist') =>
    bookSeries(fixture, who(role), aSeries(part), key)
  const codes = (outcomes: readonly VisitOutcome[]) =>
    outcomes.map(({ answer }) => (answer.ok ? answer.appointment.status : answer.rejection.reason))
  const count = async () =>
    (await fixture.database.read((tx) => tx.selectFrom('appointments').select('id').execute())).length

  const countSeries = async () =>
    (await fixture.database.read((tx) => tx.selectFrom('appointment_series').select('id').execute())).length

  test('a weekly series keeps its wall time over the switch of the clock', async () => {
    const { seriesId, outcomes } = await series()
    expect(codes(outcomes)).toEqual(['pending', 'pending', 'pending', 'pending'])
    // London sets its clocks back on 25 October 2026.
    const visits = outcomes.map(({ answer }) => placed(answer))
    expect(visits.map(({ localStart }) => localStart)).toEqual(['09:00', '09:00', '09:00', '09:00'])
    expect(visits.map(({ start }) => toLocal(start, TEST_ZONE).day)).toEqual(outcomes.map(({ day }) => day))
    expect(new Set(visits.map((visit) => visit.seriesId))).toEqual(new Set([seriesId]))
  })

  test('what does not fit is answered with its reason, and the rest stands', async () => {
    const start = { day: '2026-11-02', time: '10:00' }
    const other = {
      doctorId: testId('Doctor', 2),
      patientId: testId('Patient', 19),
      start: { day: '2026-11-03', time: '10:00' },
    }
    placed(await book(fixture, { ...other, typeId: fixture.clinic.types.consultation.id }))
    const rule = { frequency: 'daily', interval: 1, count: 3 } as const
    const { seriesId, outcomes } = await series({ start, rule })
    expect(codes(outcomes)).toEqual(['pending', 'slot-taken', 'pending'])
    expect((await viewSeries(deps, who('receptionist'), seriesId as never))?.visits).toHaveLength(2)
    expect(await viewSeries(deps, who('patient'), seriesId as never)).toBeUndefined()
  })

  test('all or nothing leaves nothing, not even the series', async () => {
    const start = { day: '2026-11-02', time: '10:00' }
    const [before, seriesBefore] = [await count(), await countSeries()]
    const asked = { start, rule: { frequency: 'daily', interval: 1, count: 3 }, isAllOrNothing: true } as const
    const answer = await series(asked)
    expect(answer.seriesId).toBeNull()
    expect(new Set(codes(answer.outcomes))).toEqual(new Set(['slot-taken']))
    expect(await count()).toBe(before)
    expect(await countSeries()).toBe(seriesBefore)
  })

  describe('a preview', () => {
    const start = { day: '2026-11-02', time: '10:00' }
    const rule = { frequency: 'daily', interval: 1, count: 3 } as const
    const preview = (part: Partial<SeriesBody> = {}, role: ShippedRole = 'receptionist') => {
      const { doctorId, patientId, typeId, start: from, rule: how } = aSeries({ start, rule, ...part })
      const asked = { doctorId, patientId, typeId, start: from, rule: how }
      return previewSeries(fixture, who(role), asked)
    }

    test('says visit by visit what can be had, offers other times for what cannot, and writes nothing', async () => {
      const [before, seriesBefore] = [await count(), await countSeries()]
      const occurrences = await preview()
      expect(occurrences.map(({ day }) => day)).toEqual(['2026-11-02', '2026-11-03', '2026-11-04'])
      const taken = occurrences.filter(({ code }) => code === 'slot-taken')
      expect(taken.map(({ day }) => day)).toContain('2026-11-03')
      for (const { place, alternatives } of taken) {
        expect(place).toBeNull()
        expect(alternatives.length).toBeGreaterThan(0)
      }
      expect([await count(), await countSeries()]).toEqual([before, seriesBefore])
    })

    test('takes an instant for the first visit, and keeps its wall time', async () => {
      const instant = placed(
        await book(fixture, {
          doctorId: testId('Doctor', 2),
          patientId: testId('Patient', 18),
          start: { day: '2026-10-19', time: '15:00' },
        }),
      ).start
      const free = await preview({ start: instant, rule: { frequency: 'weekly', interval: 1, count: 2 } })
      expect(free[0]).toMatchObject({ day: '2026-10-19', code: 'slot-taken' })
      expect(free[1]?.place && toLocal(free[1].place.start, TEST_ZONE)).toMatchObject({
        day: '2026-10-26',
        time: '15:00',
      })
    })

    test('is booked with the times that were chosen instead, and without those left out', async () => {
      const occurrences = await preview()
      const [other] = occurrences.find(({ code }) => code !== null)?.alternatives ?? []
      if (!other) throw new Error('nothing to choose')
      const taken = occurrences.filter(({ code }) => code !== null).map(({ day }) => day)
      const [moved, ...leftOut] = taken
      const instead = [{ day: moved ?? '', start: other.start, doctorId: other.doctorId }]
      const booked = await series({ start, rule, instead, leftOut, isAllOrNothing: true })
      expect(booked.seriesId).not.toBeNull()
      expect(booked.outcomes.map(({ day }) => day)).toEqual(
        occurrences.map(({ day }) => day).filter((day) => !leftOut.includes(day)),
      )
      const visit = placed(
        booked.outcomes.find(({ day }) => day === moved)?.answer ?? (booked.outcomes[0]?.answer as never),
      )
      expect(visit).toMatchObject({ start: other.start, doctorId: other.doctorId, seriesId: booked.seriesId })
    })

    test('sees the time free that its own author keeps', async () => {
      const from = { day: '2026-12-02', time: '16:00' }
      const [first] = await preview({ start: from })
      const hold = { doctorId: testId('Doctor', 2), typeId: fixture.clinic.types.consultation.id }
      const kept = await holdTime(deps, who('receptionist'), { ...hold, start: first?.place?.start ?? 0 })
      expect(kept.ok).toBe(true)
      expect((await preview({ start: from }))[0]?.code).toBeNull()
      expect((await preview({ start: from }, 'admin'))[0]?.code).toBe('held')
    })
  })

  describe('a visit of a series that moves', () => {
    const visitsOf = async (seriesId: unknown) => {
      const found = await viewSeries(deps, who('receptionist'), seriesId as never)
      return found?.visits.map(({ localDay, localStart }) => `${localDay} ${localStart}`)
    }
    const rule = { frequency: 'weekly', interval: 1, count: 3 } as const
    const booked = async (day: string, time: string) => {
      const { seriesId, outcomes } = await series({ start: { day, time }, rule })
      return { seriesId, visits: outcomes.map(({ answer }) => placed(answer)) }
    }
    const move = (
      seriesId: unknown,
      id: unknown,
      start: { day: string; time: string },
      role: ShippedRole = 'receptionist',
    ) => moveSeries(fixture, who(role), seriesId as never, { appointmentId: id as never, start })

    test('takes those after it along by as many days, even into each other’s places', async () => {
      const { seriesId, visits } = await booked('2027-01-04', '09:00')
      const done = await move(seriesId, visits[1]?.id, { day: '2027-01-18', time: '09:00' })
      expect(codes(done ?? [])).toEqual(['pending', 'pending'])
      expect(await visitsOf(seriesId)).toEqual(['2027-01-04 09:00', '2027-01-18 09:00', '2027-01-25 09:00'])
      const back = await move(seriesId, visits[1]?.id, { day: '2027-01-11', time: '10:00' })
      expect(codes(back ?? [])).toEqual(['pending', 'pending'])
      expect(await visitsOf(seriesId)).toEqual(['2027-01-04 09:00', '2027-01-11 10:00', '2027-01-18 10:00'])
    })

    test('leaves one behind that cannot follow, with the reason', async () => {
      const { seriesId, visits } = await booked('2027-02-01', '09:00')
      const start = { day: '2027-02-09', time: '11:00' }
      placed(await book(fixture, { doctorId: testId('Doctor', 2), patientId: testId('Patient', 17), start }))
      const done = await move(seriesId, visits[0]?.id, { day: '2027-02-02', time: '11:00' })
      expect(codes(done ?? [])).toEqual(['pending', 'slot-taken', 'pending'])
      expect(await visitsOf(seriesId)).toEqual(['2027-02-02 11:00', '2027-02-08 09:00', '2027-02-16 11:00'])
    })

    test('stays with all of them where it cannot have its place, or is nobody’s to see', async () => {
      const { seriesId, visits } = await booked('2027-03-01', '09:00')
      const start = { day: '2027-03-02', time: '09:00' }
      placed(await book(fixture, { doctorId: testId('Doctor', 2), patientId: testId('Patient', 17), start }))
      expect(codes((await move(seriesId, visits[0]?.id, start)) ?? [])).toEqual(['slot-taken'])
      expect(codes((await move(seriesId, visits[0]?.id, { day: '2027-02-30', time: '09:00' })) ?? [])).toEqual([
        'invalid-document',
      ])
      expect(await visitsOf(seriesId)).toEqual(['2027-03-01 09:00', '2027-03-08 09:00', '2027-03-15 09:00'])
      expect(await move(seriesId, visits[0]?.id, { day: '2027-03-03', time: '09:00' }, 'patient')).toBeUndefined()
    })
  })

  test('the same key books once, and is refused for another series', async () => {
    const asked = { start: { day: '2026-12-01', time: '11:00' } }
    const first = await series(asked, 'key-of-a-series')
    const before = await count()
    const again = await series(asked, 'key-of-a-series')
    expect(again.seriesId).toBe(first.seriesId)
    expect(codes(again.outcomes)).toEqual(codes(first.outcomes))
    expect(await count()).toBe(before)
    await expect(series({ start: { day: '2026-12-01', time: '12:00' } }, 'key-of-a-series')).rejects.toThrow(
      IdempotencyKeyReused,
    )
  })

  test('what is to come of a series is called off together, what has been stays', async () => {
    const { seriesId, outcomes } = await series({ start: { day: '2026-12-07', time: '15:00' } })
    const cancelled = await cancelSeries(fixture, who('receptionist'), seriesId as never, {
      reason: 'Better',
      from: '2026-12-14',
    })
    expect(codes(cancelled ?? [])).toEqual(['cancelled', 'cancelled', 'cancelled'])
    const kept = outcomes[0]?.answer
    expect(kept?.ok && (await stored(fixture, kept.appointment.id))?.status).toBe('pending')
    expect(await cancelSeries(fixture, who('patient'), seriesId as never, { reason: 'x' })).toBeUndefined()
  })

  test('a doctor’s day is called off with the list of whom to call, the unreachable first', async () => {
    const visits = [at(60, '09:00'), at(60, '09:30')]
    for (const [index, start] of visits.entries()) {
      placed(await book(fixture, { doctorId: testId('Doctor', 3), patientId: testId('Patient', 10 + index), start }))
    }
    const day = '2026-12-13'
    const before = await listCalls(deps, who('receptionist'), testId('Doctor', 3), day)
    expect(await listCalls(deps, who('receptionist'), testId('Doctor', 99), day)).toBeUndefined()
    expect(before?.map(({ patientId }) => patientId)).toEqual([testId('Patient', 10), testId('Patient', 11)])
    expect(await listCalls(deps, who('doctor'), testId('Doctor', 3), day)).toEqual([])
    const done = await cancelDoctorDay(fixture, who('receptionist'), testId('Doctor', 3), { day, reason: 'Ill' })
    expect(codes(done?.outcomes ?? [])).toEqual(['cancelled', 'cancelled'])
    expect(done?.calls.map(({ appointmentId }) => appointmentId)).toHaveLength(2)
    expect(await listCalls(deps, who('receptionist'), testId('Doctor', 3), day)).toEqual([])
    expect(
      await cancelDoctorDay(fixture, who('receptionist'), testId('Doctor', 99), { day, reason: 'Ill' }),
    ).toBeUndefined()
  })

  test('a doctor’s day moves to a colleague at the same wall times; what does not fit stays and says why', async () => {
    const [nine, ten] = [at(67, '09:00'), at(67, '10:00')]
    const mine = placed(
      await book(fixture, { doctorId: testId('Doctor', 3), patientId: testId('Patient', 12), start: nine }),
    )
    const stays = placed(
      await book(fixture, { doctorId: testId('Doctor', 3), patientId: testId('Patient', 13), start: ten }),
    )
    placed(await book(fixture, { doctorId: testId('Doctor', 2), patientId: testId('Patient', 14), start: ten }))
    const to = { day: '2026-12-20', toDoctorId: testId('Doctor', 2) }
    const done = await moveDoctorDay(fixture, who('receptionist'), testId('Doctor', 3), to)
    expect(codes(done?.outcomes ?? [])).toEqual(['pending', 'slot-taken'])
    expect(done?.calls.map(({ appointmentId }) => appointmentId)).toEqual([mine.id])
    expect(await stored(fixture, mine.id)).toMatchObject({ doctorId: testId('Doctor', 2), start: nine })
    expect(await stored(fixture, stays.id)).toMatchObject({ doctorId: testId('Doctor', 3), start: ten })
  })
})
