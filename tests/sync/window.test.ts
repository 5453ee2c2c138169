import { afterEach, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { CollectionName, Documents, WireDocument } from '#domain/sync/collections.ts'
import { addDays, type LocalDay, startOfDay, toInstantChoosing, type Zone } from '#domain/time/clinic-time.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { followWindow } from '#server/operations/follow-window.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { findWindow } from '#server/repositories/replication-windows.ts'
import { book } from '#tests/support/bookings.ts'
import { anAppointment, aSchedule, TEST_ZONE, testId } from '#tests/support/builders.ts'
import {
  aFixtureClinic,
  FIXTURE_CLINIC_ID,
  type Fixture,
  seedDocuments,
  subjectOf,
} from '#tests/support/fixture-clinic.ts'
import { aPullDevice } from '#tests/support/pull-device.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let fixture: Fixture
afterEach(() => fixture.close())

/** The fixture's today, 13 October 2026, and days around it. */
const day = (count: number): LocalDay => addDays('2026-10-13', count)

const visitOn = (number: number, on: LocalDay, part: Partial<Appointment> = {}): Appointment => {
  const start = toInstantChoosing(on, '09:00', part.zone ?? TEST_ZONE, 'earlier') + minutes(number % 60)
  return anAppointment({ id: testId('Appointment', number), patientId: testId('Patient', 2), start, ...part })
}

const follow = (writer: ClinicWriter = fixture.writer, zone: Zone = TEST_ZONE, signal?: AbortSignal) =>
  followWindow(
    { database: fixture.database, writer, now: () => fixture.clock.now },
    { id: FIXTURE_CLINIC_ID, zone },
    signal,
  )

/** Lets nights pass; the clock stands a minute after the last midnight. */
const sleep = (nights: number, zone: Zone = TEST_ZONE): void => {
  const today = new Date(fixture.clock.now).toISOString().slice(0, 10)
  fixture.clock.now = startOfDay(addDays(today, nights), zone) + minutes(1)
}

const save = <Name extends CollectionName>(
  name: Name,
  document: Documents[Name],
  before: WireDocument<Name> | null = null,
  isDeleted = false,
) =>
  fixture.writer.submit<WireDocument<Name>>(FIXTURE_CLINIC_ID, 'interactive', {
    subject: null,
    door: 'seed',
    run: async (ctx) => ({
      ok: true,
      value: await saveDocument(ctx, name, before, { ...document, _deleted: isDeleted } as WireDocument<Name>),
    }),
  })

const stored = <Name extends CollectionName>(name: Name, id: string) =>
  fixture.database.read((tx) => findDocument(tx, name, id))

const viewRows = (collection: CollectionName = 'appointments') =>
  fixture.database.read((tx) =>
    tx
      .selectFrom('document_views')
      .select(['document_id', 'audience', 'visible', 'seq'])
      .where('collection', '=', collection)
      .orderBy('document_id')
      .orderBy('audience')
      .execute(),
  )

const windowNow = () => fixture.database.read((tx) => findWindow(tx, FIXTURE_CLINIC_ID))

const idsOf = (...numbers: readonly number[]) => numbers.map((number) => testId('Appointment', number) as string)

const pulled = async (subject: Subject, collection: CollectionName = 'appointments') => {
  const device = aPullDevice(fixture, collection)
  await device.pull(subject)
  return device
}

describe.each(engines)('the replicated window on %s', (engine) => {
  test('a new device gets the days inside, and not so much as a stub of the others', async () => {
    fixture = await aFixtureClinic(engine)
    const own = { patientId: testId('Patient', 1) }
    await seedDocuments(fixture.writer, 'appointments', [
      ...[-31, -30, 0, 180, 181].map((count, index) => visitOn(index + 1, day(count))),
      ...[-31, 181].map((count, index) => visitOn(index + 6, day(count), own)),
    ])
    await seedDocuments(fixture.writer, 'schedules', [
      ...[-31, -30, 180, 181].map((count, index) => aSchedule({ id: testId('Schedule', index + 1), date: day(count) })),
    ])
    for (const role of ['receptionist', 'doctor'] as const) {
      const device = await pulled(subjectOf(fixture.clinic, role))
      expect(device.received.map(({ id }) => id as string).sort()).toEqual(idsOf(2, 3, 4))
      const schedules = await pulled(subjectOf(fixture.clinic, role), 'schedules')
      expect(schedules.received.map(({ id }) => id as string).sort()).toEqual([2, 3].map((n) => testId('Schedule', n)))
    }
    const patient = await pulled(subjectOf(fixture.clinic, 'patient'))
    expect(patient.received.map(({ id }) => id as string)).toEqual(idsOf(6))
  })

  test('at midnight what leaves becomes a stub, what enters arrives, and nothing else is touched', async () => {
    fixture = await aFixtureClinic(engine)
    const own = { patientId: testId('Patient', 1) }
    await seedDocuments(fixture.writer, 'appointments', [
      visitOn(1, day(-30), { note: 'private' }),
      visitOn(2, day(-30), own),
      visitOn(3, day(-29)),
      visitOn(4, day(181), own),
      visitOn(5, day(182)),
    ])
    await seedDocuments(fixture.writer, 'schedules', [
      aSchedule({ id: testId('Schedule', 1), date: day(-30) }),
      aSchedule({ id: testId('Schedule', 2), date: day(181) }),
    ])
    const [desk, patient] = [subjectOf(fixture.clinic, 'receptionist'), subjectOf(fixture.clinic, 'patient')]
    const devices = { desk: await pulled(desk), patient: await pulled(patient) }
    const schedules = await pulled(desk, 'schedules')
    const before = new Map((await viewRows()).map((row) => [`${row.document_id}${row.audience}`, row.seq]))

    sleep(1)
    fixture.committed.length = 0
    expect(await follow()).toBe(5)
    await devices.desk.pull(desk)
    await devices.patient.pull(patient)
    await schedules.pull(desk)
    expect(devices.desk.live()).toEqual(idsOf(3, 4))
    expect(devices.desk.documents.get(testId('Appointment', 1))).toMatchObject({ _deleted: true, note: '' })
    expect(devices.patient.live()).toEqual(idsOf(2, 4))
    expect(schedules.live()).toEqual([testId('Schedule', 2)])

    const touched = (await viewRows()).filter((row) => before.get(`${row.document_id}${row.audience}`) !== row.seq)
    const clinicAndDoctor = [`clinic:${FIXTURE_CLINIC_ID}`, `doctor:${testId('Doctor', 1)}`]
    const user = `user:${fixture.clinic.userIds.patient}`
    expect(touched.map(({ document_id, audience, visible }) => [document_id, audience, visible])).toEqual([
      ...[1, 2].flatMap((n) => clinicAndDoctor.map((audience) => [testId('Appointment', n), audience, 0])),
      ...[...clinicAndDoctor, user].map((audience) => [testId('Appointment', 4), audience, 1]),
    ])
    const poked = new Set(fixture.committed.flatMap(({ touched: pokes }) => [...(pokes.get('appointments') ?? [])]))
    expect([...poked].sort()).toEqual([...clinicAndDoctor, user])
  })

  test('a second look on the same day writes nothing', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointments', [visitOn(1, day(-30)), visitOn(2, day(181))])
    sleep(1)
    expect(await follow()).toBe(2)
    const [views, state] = [await viewRows(), await windowNow()]
    fixture.committed.length = 0
    fixture.clock.now += hours(5)
    expect(await follow()).toBe(0)
    expect([await viewRows(), await windowNow(), fixture.committed]).toEqual([views, state, []])
  })

  test('missed nights are made up for, however many', async () => {
    fixture = await aFixtureClinic(engine)
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    await seedDocuments(
      fixture.writer,
      'appointments',
      numbers.map((n) => visitOn(n + 1, day(-30 + n * 10))),
    )
    const desk = subjectOf(fixture.clinic, 'receptionist')
    const device = await pulled(desk)
    for (const nights of [3, 40, 300]) {
      sleep(nights)
      await follow()
      await device.pull(desk)
      expect(device.live()).toEqual((await pulled(desk)).live())
    }
    // 343 days later: from day 313 to day 523, of which the last visit is on day 460.
    expect(device.live()).toEqual(idsOf(...numbers.filter((n) => -30 + n * 10 >= 313).map((n) => n + 1)))
  })

  test('a clinic from before there were windows is settled whole by the first look', async () => {
    fixture = await aFixtureClinic(engine)
    await fixture.database.write((tx) => tx.deleteFrom('replication_windows').execute())
    await seedDocuments(
      fixture.writer,
      'appointments',
      [-4000, -31, -30, 180, 181, 9000].map((count, index) => visitOn(index + 1, day(count))),
    )
    const desk = subjectOf(fixture.clinic, 'receptionist')
    const device = await pulled(desk)
    expect(device.live()).toHaveLength(6)
    expect(await follow()).toBe(4)
    await device.pull(desk)
    expect(device.live()).toEqual(idsOf(3, 4))
    expect(await windowNow()).toEqual({ day: day(0), lowDay: day(0), highDay: day(0) })
  })

  test('a run that was cut off is continued by the next, and several servers at once end with the same', async () => {
    fixture = await aFixtureClinic(engine)
    const leaving = Array.from({ length: 90 }, (_, index) => visitOn(index + 1, day(-30)))
    await seedDocuments(fixture.writer, 'appointments', leaving)
    const desk = subjectOf(fixture.clinic, 'receptionist')
    sleep(1)
    const stopping = new AbortController()
    let pages = 0
    const cutOff: ClinicWriter = {
      ...fixture.writer,
      submit: (...job) => {
        pages += 1
        if (pages === 3) stopping.abort()
        return fixture.writer.submit(...job)
      },
    }
    await follow(cutOff, TEST_ZONE, stopping.signal)
    const left = (await pulled(desk)).live().length
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(90)
    expect(await windowNow()).toEqual({ day: day(1), lowDay: day(0), highDay: day(1) })

    const others = [1, 2].map(() =>
      createClinicWriter({ database: fixture.database, now: () => fixture.clock.now, newId: fixture.newId }),
    )
    const moved = await Promise.all([follow(), ...others.map((writer) => follow(writer))])
    expect(moved.reduce((sum, count) => sum + count)).toBe(left)
    for (const writer of others) await writer.close()
    expect((await pulled(desk)).live()).toEqual([])
    expect(await windowNow()).toEqual({ day: day(1), lowDay: day(1), highDay: day(1) })
  })

  test('somebody at a desk never waits for more than a page', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(
      fixture.writer,
      'appointments',
      Array.from({ length: 100 }, (_, index) => visitOn(index + 1, day(-30))),
    )
    sleep(1)
    let isDone = false
    let wasDone: boolean | undefined
    let booked: Promise<unknown> | undefined
    const busy: ClinicWriter = {
      ...fixture.writer,
      submit: (clinicId, lane, job) => {
        expect(lane).toBe('bulk')
        booked ??= book(fixture, { start: toInstantChoosing(day(2), '10:00', TEST_ZONE, 'earlier') }).then(() => {
          wasDone = isDone
        })
        return fixture.writer.submit(clinicId, lane, job)
      },
    }
    expect(await follow(busy)).toBe(100)
    isDone = true
    await booked
    expect(wasDone).toBe(false)
  })

  test('a clock that goes back by hours changes nothing; one that was days ahead gives everything back', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(
      fixture.writer,
      'appointments',
      [-30, -10, 0, 100, 180, 181, 300].map((count, index) => visitOn(index + 1, day(count))),
    )
    const desk = subjectOf(fixture.clinic, 'receptionist')
    const device = await pulled(desk)
    const noon = fixture.clock.now
    sleep(1)
    await follow()
    fixture.clock.now -= minutes(2)
    expect(await follow()).toBe(0)
    expect((await windowNow())?.day).toBe(day(1))

    sleep(250)
    await follow()
    await device.pull(desk)
    expect(device.live()).toEqual(idsOf(7))
    fixture.clock.now = noon
    await follow()
    await device.pull(desk)
    expect(device.live()).toEqual(idsOf(1, 2, 3, 4, 5))
  })

  test('writes go by the recorded day until the night’s run has moved it', async () => {
    fixture = await aFixtureClinic(engine)
    const desk = subjectOf(fixture.clinic, 'receptionist')
    sleep(1)
    await save('appointments', visitOn(1, day(-30)))
    await save('appointments', visitOn(2, day(181)))
    expect((await pulled(desk)).live()).toEqual(idsOf(1))
    await follow()
    expect((await pulled(desk)).live()).toEqual(idsOf(2))
  })

  test('a visit moved beyond an edge leaves, moved back it returns', async () => {
    fixture = await aFixtureClinic(engine)
    const desk = subjectOf(fixture.clinic, 'receptionist')
    const first = await save('appointments', visitOn(1, day(10), { note: 'private' }))
    const device = await pulled(desk)
    const away = await save('appointments', visitOn(1, day(181), { note: 'private' }), first)
    await device.pull(desk)
    expect(device.live()).toEqual([])
    await save('appointments', visitOn(1, day(180), { note: 'private' }), away)
    await device.pull(desk)
    expect(device.documents.get(first.id)).toMatchObject({ _deleted: false, note: 'private' })
  })

  test('a schedule beyond the window is known to every instance’s memory all the same', async () => {
    fixture = await aFixtureClinic(engine)
    const other = createClinicWriter({ database: fixture.database, now: () => fixture.clock.now, newId: fixture.newId })
    const start = toInstantChoosing(day(200), '10:00', TEST_ZONE, 'earlier')
    const elsewhere = { ...fixture, writer: other }
    expect((await book(elsewhere, { start, patientId: testId('Patient', 3) })).ok).toBe(true)
    await save('schedules', aSchedule({ id: testId('Schedule', 9), date: day(200) }))
    const answer = await book(elsewhere, { start: start + minutes(60), patientId: testId('Patient', 4) })
    expect(answer).toMatchObject({ ok: false, rejection: { reason: 'outside-hours' } })
    await other.close()
  })

  test('who gets a log-in sees their past from then on, but not beyond the window', async () => {
    fixture = await aFixtureClinic(engine)
    const { userIds } = fixture.clinic
    await save('appointments', visitOn(1, day(-300)))
    await save('appointments', visitOn(2, day(300)))
    const before = await stored('patients', testId('Patient', 2))
    if (!before) throw new Error('no patient')
    await save('patients', { ...before, userId: userIds.patient }, before)
    const subject: Subject = { ...subjectOf(fixture.clinic, 'patient'), patientIds: [testId('Patient', 2)] }
    expect((await pulled(subject)).received.map(({ id }) => id as string)).toEqual(idsOf(1))
  })
})

const HISTORIES: readonly (readonly [zone: Zone, firstDay: LocalDay, days: number])[] = [
  ['Asia/Kolkata', '2026-10-01', 60],
  // Until 2019 its clocks were changed at midnight: 4 November 2018 began at 01:00, 16 February 2019 ended twice.
  ['America/Sao_Paulo', '2018-10-20', 130],
  ['Europe/Berlin', '2026-10-01', 200],
]
const BOTH_SWITCHES: typeof HISTORIES = [['Europe/Berlin', '2026-10-01', 200]]

describe.each(engines)('a history of days on %s', (engine) => {
  test.each(engine === 'sqlite' ? HISTORIES : BOTH_SWITCHES)(
    'each day in %s from %s, for %i days, desk, doctor and patient hold exactly the window',
    async (zone, firstDay, days) => {
      fixture = await aFixtureClinic(engine)
      const random = testRandom(days)
      const state = new Map<string, WireDocument<'appointments'>>()
      const people = (['receptionist', 'doctor', 'patient'] as const).map((role) => {
        const subject = subjectOf(fixture.clinic, role)
        return { role, subject, device: aPullDevice(fixture, 'appointments') }
      })
      let today: LocalDay = firstDay
      const isHeld = (role: string, { localDay, doctorId, patientId, _deleted }: WireDocument<'appointments'>) => {
        const distance = (Date.parse(localDay) - Date.parse(today)) / 86_400_000
        if (_deleted || distance > 180) return false
        if (role === 'patient') return patientId === testId('Patient', 1)
        return distance >= -30 && (role === 'receptionist' || doctorId === testId('Doctor', 1))
      }
      const writeSomething = async (): Promise<void> => {
        const number = random.between(1, 400)
        const before = state.get(testId('Appointment', number)) ?? null
        if (before?._deleted) return
        // Where things happen: around today, around the two edges, and far out.
        const around = random.pick([0, 0, -30, 180, -200, 400])
        const on = before && random.chance(0.5) ? before.localDay : addDays(today, around + random.between(-4, 4))
        const wanted = visitOn(number, on, {
          zone,
          doctorId: testId('Doctor', random.between(1, 2)),
          patientId: testId('Patient', random.between(1, 2)),
          note: `${random.next()}`,
        })
        state.set(wanted.id, await save('appointments', wanted, before, random.chance(0.05)))
      }
      for (let night = 0; night < days; night += 1) {
        today = addDays(firstDay, night)
        fixture.clock.now = startOfDay(today, zone) + random.between(0, 1_000)
        // Some are written before the night's run, some after; some nights nobody is there to run.
        for (let n = random.between(0, 3); n > 0; n -= 1) await writeSomething()
        if (night > 0 && random.chance(0.15)) continue
        await (random.chance(0.1)
          ? Promise.all([follow(undefined, zone), follow(undefined, zone)])
          : follow(undefined, zone))
        for (let n = random.between(0, 2); n > 0; n -= 1) await writeSomething()
        for (const { role, subject, device } of people) {
          await device.pull(subject, random.between(3, 40))
          const held = [...state.values()].filter((document) => isHeld(role, document))
          const context = `${role} on ${today}, seed ${TEST_SEED}`
          expect(device.live(), context).toEqual(held.map(({ id }) => id as string).sort())
          for (const document of held) expect(device.documents.get(document.id), context).toEqual(document)
        }
      }
    },
  )
})
