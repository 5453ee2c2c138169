/** Devices that are level are answered from memory; whatever is new is found all the same. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import { type Checkpoint, parseCheckpoint } from '#domain/sync/checkpoint.ts'
import { type AudienceHeads, createAudienceHeads } from '#server/operations/audience-heads.ts'
import { pullChanges } from '#server/operations/pull-changes.ts'
import { setEpoch } from '#server/repositories/change-counters.ts'
import { aDoctor, aPatient, testId } from '#tests/support/builders.ts'
import {
  aFixtureClinic,
  FIXTURE_CLINIC_ID,
  type Fixture,
  seedDocuments,
  subjectOf,
} from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const SHELF = { clinicId: FIXTURE_CLINIC_ID, collection: 'patients' } as const

describe.each(engines)('a device on %s', (engine) => {
  let fixture: Fixture
  let desk: Subject
  let heads: AudienceHeads
  beforeEach(async () => {
    fixture = await aFixtureClinic(engine)
    desk = subjectOf(fixture.clinic, 'receptionist')
    heads = createAudienceHeads(fixture.database)
  })
  afterEach(() => fixture.close())

  const deps = () => ({
    database: fixture.database,
    now: () => fixture.clock.now,
    noteAccess: async () => undefined,
    heads,
  })
  async function level(subject = desk): Promise<Checkpoint> {
    const answer = await pullChanges(deps(), subject, 'patients', null, 500)
    const checkpoint = answer.ok && parseCheckpoint(answer.result.checkpoint)
    if (!checkpoint) throw new Error('no checkpoint')
    return checkpoint
  }
  const isLevel = (checkpoint: Checkpoint, subject = desk) =>
    heads.isLevel(SHELF, audiencesFor(subject, 'patients'), checkpoint)
  const change = (number: number) =>
    seedDocuments(fixture.writer, 'patients', [aPatient({ id: testId('Patient', number) })])
  test('that has read everything is level, and one that has not is not', async () => {
    const checkpoint = await level()
    expect(await isLevel(checkpoint)).toBe(true)
    const behind = new Map([...checkpoint.audiences].map(([name, seq]) => [name, seq - 1_000]))
    expect(await isLevel({ ...checkpoint, audiences: behind })).toBe(false)
  })

  test('is not level any more after a commit, whoever made it, nor in a new history', async () => {
    const checkpoint = await level()
    expect(await isLevel(checkpoint)).toBe(true)
    await change(78)
    expect(await isLevel(checkpoint)).toBe(false)
    const again = await level()
    expect(await isLevel(again)).toBe(true)
    await fixture.database.write((tx) => setEpoch(tx, FIXTURE_CLINIC_ID, 'another'))
    expect(await isLevel(again)).toBe(false)
  })

  test('stays level while only others have something new', async () => {
    const checkpoint = await level()
    expect(await isLevel(checkpoint)).toBe(true)
    await seedDocuments(fixture.writer, 'doctors', [aDoctor({ id: testId('Doctor', 78) })])
    expect(await isLevel(checkpoint)).toBe(true)
  })

  test('that has lost or won an audience goes to the tables', async () => {
    const checkpoint = await level()
    const doctor = subjectOf(fixture.clinic, 'doctor')
    expect(await isLevel(checkpoint, doctor)).toBe(false)
    expect(await isLevel({ ...checkpoint, audiences: new Map() })).toBe(false)
    expect(await isLevel({ ...checkpoint, leaving: new Map([['doctor:x', 1]]) })).toBe(false)
  })
})
