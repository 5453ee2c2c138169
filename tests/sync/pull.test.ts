import { afterEach, describe, expect, test } from 'vitest'
import type { Subject } from '#domain/access/can.ts'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import { BOOKMARK_ID, stubOf } from '#domain/sync/stub.ts'
import { minutes } from '#domain/time/instant.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { anAppointment, NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments, subjectOf } from '#tests/support/fixture-clinic.ts'
import { aPullDevice } from '#tests/support/pull-device.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { engines } from '#tests/support/throw-away-database.ts'

let fixture: Fixture
afterEach(() => fixture.close())

const aDevice = (collection: CollectionName) => aPullDevice(fixture, collection)

const store = (
  document: Partial<Appointment> & { _deleted?: boolean },
  before: WireDocument<'appointments'> | null = null,
) =>
  fixture.writer.submit(fixture.clinic.clinicId, 'interactive', {
    subject: null,
    door: 'seed',
    run: async (ctx) => ({
      ok: true,
      value: await saveDocument(ctx, 'appointments', before, { ...anAppointment(), _deleted: false, ...document }),
    }),
  })

/** Appointment number `n` of doctor `doctor`, each at a time of its own. */
const numbered = (n: number, doctor = 1): Appointment =>
  anAppointment({
    id: testId('Appointment', n),
    doctorId: testId('Doctor', doctor),
    patientId: testId('Patient', 2 + (n % 18)),
    start: NINE_O_CLOCK + minutes(15 * n),
    end: NINE_O_CLOCK + minutes(15 * n + 15),
  })

/** The doctor with another doctor's calendar, or with none. */
const asDoctor = (number: number | null): Subject => ({
  ...subjectOf(fixture.clinic, 'doctor'),
  doctorId: number === null ? null : testId('Doctor', number),
})

describe.each(engines)('a pull on %s', (engine) => {
  test('gives each role what it may see and nothing else', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointments', [
      { ...numbered(1), patientId: testId('Patient', 1) },
      numbered(2, 2),
    ])
    const counts: Record<string, number[]> = {}
    for (const role of ['receptionist', 'admin', 'doctor', 'patient'] as const) {
      const devices = (['appointments', 'patients', 'doctors', 'schedule_templates'] as const).map(aDevice)
      for (const device of devices) await device.pull(subjectOf(fixture.clinic, role))
      counts[role] = devices.map((device) => device.live().length)
    }
    expect(counts).toEqual({
      receptionist: [2, 20, 3, 21],
      admin: [2, 20, 3, 21],
      doctor: [1, 1, 3, 7],
      patient: [1, 1, 3, 0],
    })
  })

  test('a visit moved to another doctor leaves the first one as a stub and returns with its content', async () => {
    fixture = await aFixtureClinic(engine)
    const device = aDevice('appointments')
    const first = await store({ ...numbered(1), note: 'private' })
    await device.pull(asDoctor(1))
    expect(device.live()).toEqual([testId('Appointment', 1)])

    const moved = await store({ ...first, doctorId: testId('Doctor', 2) }, first)
    await device.pull(asDoctor(1))
    const stub = device.documents.get(testId('Appointment', 1)) as WireDocument<'appointments'>
    expect(stub).toMatchObject({ _deleted: true, note: '', patientId: '', start: 0 })

    await store({ ...moved, doctorId: testId('Doctor', 1) }, moved)
    await device.pull(asDoctor(1))
    expect(device.documents.get(testId('Appointment', 1))).toMatchObject({ _deleted: false, note: 'private' })
  })

  test('a lost calendar is swept from the device, a page at a time, and comes back when it is granted again', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointments', [
      ...Array.from({ length: 23 }, (_, n) => numbered(n)),
      ...Array.from({ length: 7 }, (_, n) => numbered(100 + n, 2)),
    ])
    const device = aDevice('appointments')
    await device.pull(asDoctor(1), 10)
    expect(device.live()).toHaveLength(23)

    await device.pullPage(asDoctor(2), 10)
    const changed = await fixture.database.read((tx) => tx.selectFrom('appointments').select('id').execute())
    expect(changed).toHaveLength(30)
    await device.pull(asDoctor(2), 10)
    expect(device.live()).toEqual(Array.from({ length: 7 }, (_, n) => testId('Appointment', 100 + n)))
    expect(device.checkpoint?.id).not.toContain(testId('Doctor', 1))

    await device.pull(asDoctor(1), 10)
    expect(device.live()).toHaveLength(23)
    await device.pull(asDoctor(null), 10)
    expect(device.live()).toEqual([])
  })

  test('a document changed while its calendar is being swept does not escape the sweep', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(
      fixture.writer,
      'appointments',
      Array.from({ length: 12 }, (_, n) => numbered(n)),
    )
    const device = aDevice('appointments')
    await device.pull(asDoctor(1), 5)
    await device.pullPage(asDoctor(null), 5)
    const left = device.live()
    expect(left).toHaveLength(7)
    for (const id of [left.at(-1), left[0]]) {
      const before = { ...numbered(Number(id?.slice(-12))), _deleted: false, revision: 1 }
      await store({ ...before, note: 'changed' }, before)
    }
    await device.pull(asDoctor(null), 5)
    expect(device.live()).toEqual([])
  })

  test('a device that has read nothing yet is swept of what it pushed itself', async () => {
    fixture = await aFixtureClinic(engine)
    const device = aDevice('appointments')
    await device.pull(asDoctor(1))
    expect(device.received).toEqual([stubOf('appointments', BOOKMARK_ID)])
    await device.pull(asDoctor(1))
    expect(device.received).toHaveLength(1)
    const pushed = await store(numbered(1))
    device.documents.set(pushed.id, pushed)
    await device.pull(asDoctor(null))
    expect(device.live()).toEqual([])
  })

  test('an invented checkpoint lists nobody’s documents', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointments', [numbered(1), numbered(2, 2)])
    const device = aDevice('appointments')
    const patient = subjectOf(fixture.clinic, 'patient')
    await device.pull(patient)
    const { clinicId } = fixture.clinic
    const epoch = (
      await fixture.database.read((tx) => tx.selectFrom('change_counters').select('epoch').executeTakeFirstOrThrow())
    ).epoch
    device.checkpoint = { lwt: 9, id: `${epoch}~clinic_${clinicId}.9~doctor_${testId('Doctor', 1)}_0` }
    await device.pull(patient)
    expect(device.received.map(({ id }) => id as string)).toEqual([BOOKMARK_ID, BOOKMARK_ID])
  })

  test('another epoch starts over; what the person may no longer see is swept all the same', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointments', [numbered(1), numbered(2, 2)])
    const device = aDevice('appointments')
    await device.pull(asDoctor(1))
    await fixture.database.write((tx) => tx.updateTable('change_counters').set({ epoch: 'another' }).execute())
    await device.pull(asDoctor(2))
    expect(device.live()).toEqual([testId('Appointment', 2)])
    expect(device.checkpoint?.id).toMatch(/^another~/)
  })

  test('a checkpoint that is none of ours is refused with its field', async () => {
    fixture = await aFixtureClinic(engine)
    const device = aDevice('appointments')
    device.checkpoint = { lwt: 1, id: 'e~what.zz' }
    await expect(device.pull(asDoctor(1))).rejects.toThrow('not given out by this server')
  })

  test('a page never ends inside a number', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(
      fixture.writer,
      'appointments',
      Array.from({ length: 9 }, (_, n) => numbered(n)),
    )
    await fixture.database.write((tx) =>
      tx.updateTable('document_views').set({ seq: 1 }).where('collection', '=', 'appointments').execute(),
    )
    for (const limit of [1, 2, 8, 9, 10]) {
      const device = aDevice('appointments')
      await device.pullPage(asDoctor(1), limit)
      expect(device.live()).toHaveLength(9)
    }
  })

  test('an answer with patient records leaves one audit row, one without leaves none', async () => {
    fixture = await aFixtureClinic(engine)
    await seedDocuments(fixture.writer, 'appointments', [numbered(1), numbered(2)])
    const device = aDevice('appointments')
    await device.pull(asDoctor(1))
    await device.pull(asDoctor(1))
    const { clinicId, userIds } = fixture.clinic
    const documentIds = [testId('Appointment', 1), testId('Appointment', 2)]
    expect(device.disclosed).toEqual([
      { clinicId, userId: userIds.doctor, action: 'pulled', collection: 'appointments', documentIds },
    ])
    const doctors = aDevice('doctors')
    await doctors.pull(asDoctor(1))
    expect(doctors.disclosed).toEqual([])
  })

  test.each([
    ['of this run', TEST_SEED + (engine === 'sqlite' ? 1 : 2)],
    ['kept: a stub counted twice made a page look like the last one', 1761543844],
  ])('any history of writes, grants and losses ends with exactly the visible documents (%s: %d)', async (_, seed) => {
    fixture = await aFixtureClinic(engine)
    const random = seededRandom(seed)
    const state = new Map<string, WireDocument<'appointments'>>()
    const subjects = [
      asDoctor(1),
      asDoctor(2),
      asDoctor(null),
      subjectOf(fixture.clinic, 'receptionist'),
      { ...asDoctor(1), grants: [...SHIPPED_ROLE_GRANTS.doctor, ...SHIPPED_ROLE_GRANTS.receptionist] },
    ].map((subject) => ({ ...subject, userId: fixture.clinic.userIds.doctor }))
    const device = aDevice('appointments')
    let subject = random.pick(subjects)
    const rounds = process.env.SOAK ? 3000 : 250
    for (let round = 0; round < rounds; round++) {
      const n = random.between(0, 25)
      const before = state.get(testId('Appointment', n)) ?? null
      const change = random.next()
      if (change < 0.6) {
        const wanted = {
          ...(before ?? numbered(n)),
          doctorId: testId('Doctor', random.between(1, 3)),
          note: `${round}`,
        }
        state.set(testId('Appointment', n), await store({ ...wanted, _deleted: random.chance(0.1) }, before))
      } else if (change < 0.75) subject = random.pick(subjects)
      else if (change < 0.95) await device.pullPage(subject, random.between(1, 6))
      else {
        await device.pull(subject, random.between(1, 30))
        const doctorId = subject.grants.some(({ scope }) => scope === 'clinic') ? 'any' : subject.doctorId
        const visible = [...state.values()]
          .filter((document) => !document._deleted && (doctorId === 'any' || document.doctorId === doctorId))
          .sort((a, b) => (a.id < b.id ? -1 : 1))
        expect(device.live()).toEqual(visible.map(({ id }) => id))
        for (const document of visible) expect(device.documents.get(document.id)).toEqual(document)
      }
    }
  })
})
