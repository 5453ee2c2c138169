import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#server/database/database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { findSlots } from '#server/operations/find-slots.ts'
import { holdTime } from '#server/operations/hold-time.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { ReadMemory } from '#server/operations/read-memory.ts'
import { at, book, placed } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const DOCTOR = testId('Doctor', 1)
const DAY = '2026-10-14'

describe.each(engines)('what searches remember on %s', (engine) => {
  let fixture: Fixture
  const memory = new ReadMemory()
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const freeTimes = async (): Promise<string[]> => {
    const { database, clinic, clock } = fixture
    const query = { typeId: clinic.types.consultation.id, doctorId: DOCTOR, from: DAY, to: DAY }
    const deps = { database, memory, now: () => clock.now }
    const found = await findSlots(deps, subjectOf(clinic, 'receptionist'), query, { limit: 100, after: null })
    if (!found.ok) throw new Error(found.reason)
    return found.slots.map(({ time }) => time)
  }

  test('a second search reads nothing that the first has read', async () => {
    const { database, clinic } = fixture
    let reads = 0
    const ask = () =>
      database.read(async (tx) => {
        const recall = await memory.recallIn(tx, clinic.clinicId)
        return recall('counted', async () => (reads += 1))
      })
    expect([await ask(), await ask(), reads]).toEqual([1, 1, 1])
  })

  test('a booking is seen by the next search, also one that another server took', async () => {
    expect(await freeTimes()).toContain('09:00')
    placed(await book(fixture, { start: at(0) }))
    expect(await freeTimes()).not.toContain('09:00')

    const other = openDatabase({ url: fixture.url })
    const { now } = fixture
    const writer = createClinicWriter({ database: other, now, newId: newIdSource(now) })
    placed(await book({ ...fixture, writer }, { start: at(0, '10:00'), patientId: testId('Patient', 3) }))
    await writer.close()
    await other.close()
    expect(await freeTimes()).not.toContain('10:00')
  })

  test('a hold is seen at once, although holds do not move the counter', async () => {
    expect(await freeTimes()).toContain('11:00')
    const typeId = fixture.clinic.types.consultation.id
    const body = { doctorId: DOCTOR, typeId, start: at(0, '11:00'), patientId: testId('Patient', 4) }
    expect(await holdTime(fixture, subjectOf(fixture.clinic, 'receptionist'), body)).toMatchObject({ ok: true })
    expect(await freeTimes()).not.toContain('11:00')
  })

  test('a snapshot older than what is remembered reads for itself, and leaves the memory as it is', async () => {
    const { database, clinic } = fixture
    const read = (value: string) => async () => value
    await database.read(async (old) => {
      // On SQLite too the state is fixed by the first read.
      const before = await new ReadMemory().recallIn(old, clinic.clinicId)
      await before('first', read('read'))
      await new Promise<void>((resolve, reject) => {
        setImmediate(() => laterSearch().then(resolve, reject))
      })
      const recall = await memory.recallIn(old, clinic.clinicId)
      expect(await recall('state', read('old'))).toBe('old')
    })
    const now = await database.read(async (tx) => (await memory.recallIn(tx, clinic.clinicId))('state', read('anew')))
    expect(now).toBe('new')
  })

  /** Outside the snapshot of the test, on a connection of its own. */
  async function laterSearch(): Promise<void> {
    const other = openDatabase({ url: fixture.url })
    const { now, clinic } = fixture
    const writer = createClinicWriter({ database: other, now, newId: newIdSource(now) })
    placed(await book({ ...fixture, writer }, { start: at(0, '12:00'), patientId: testId('Patient', 5) }))
    await other.read(async (tx) => (await memory.recallIn(tx, clinic.clinicId))('state', async () => 'new'))
    await writer.close()
    await other.close()
  }
})
