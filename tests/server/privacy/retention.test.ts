/** What is kept no longer than a clinic's policies say, and that the audit still verifies without its beginning. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_POLICIES } from '#domain/clinic/policies.ts'
import { hours } from '#domain/time/instant.ts'
import { createSealKey } from '#server/operations/audit-seal.ts'
import { retentionTasks } from '#server/operations/retention.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { setPolicies } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { insertLegalHold } from '#server/repositories/erasures.ts'
import { insertHandedIn } from '#server/repositories/hand-ins.ts'
import { aPushed, apply, at, placed } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_CLINIC_ID, type Fixture } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const KEY = createSealKey('a secret of the tests, 32 characters long')
const DAY = hours(24)

describe.each(engines)('retention on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const run = async (name: string) => {
    const tasks = retentionTasks({ ...fixture, now: () => fixture.clock.now, sealKey: KEY })
    await tasks.find((task) => task.name === name)?.run(FIXTURE_CLINIC_ID)
  }
  const decide = (part: Partial<typeof DEFAULT_POLICIES>) =>
    fixture.database.write((tx) => setPolicies(tx, FIXTURE_CLINIC_ID, { ...DEFAULT_POLICIES, ...part }))
  const visitOf = (number: number, day: number) =>
    apply(
      fixture,
      aPushed({
        id: testId('Appointment', number),
        patientId: testId('Patient', number),
        start: at(day),
        end: at(day, '09:15'),
        status: 'fulfilled',
        note: 'Zyx-Marker',
      }),
      { role: 'admin', door: 'import' },
    )
  const noteOf = (number: number) =>
    fixture.database.read(async (tx) => (await findDocument(tx, 'appointments', testId('Appointment', number)))?.note)

  test('forgets what revoked devices handed in ninety days after somebody dealt with it, and never what nobody has', async () => {
    const { clinic, clock, database } = fixture
    const deviceId = testId('Device', 1)
    const row = (number: number, done_at: number | null) => ({
      id: testId('HandedInChange', number),
      clinic_id: FIXTURE_CLINIC_ID,
      device_id: deviceId,
      user_id: clinic.userIds.doctor,
      collection: 'appointments',
      document_id: testId('Appointment', number),
      patient_id: null,
      attempted: '{}',
      base: null,
      at: clock.now - 1_000 * DAY,
      done_at,
      done_by_name: '',
    })
    const rows = [row(1, clock.now - 91 * DAY), row(2, clock.now - 89 * DAY), row(3, null)]
    await database.write((tx) => insertHandedIn(tx, rows))
    await run('old-hand-ins')
    const left = await database.read((tx) => tx.selectFrom('handed_in_changes').select('id').orderBy('id').execute())
    expect(left.map(({ id }) => id)).toEqual([rows[1]?.id, rows[2]?.id])
  })

  test('takes the words out of visits older than the policy and of their history, but not under a legal hold', async () => {
    for (const [number, day] of [
      [11, -800],
      [12, -801],
      [13, -300],
    ] as const)
      placed(await visitOf(number, day))
    await fixture.database.write((tx) =>
      insertLegalHold(tx, {
        id: testId('LegalHold', 1),
        clinic_id: FIXTURE_CLINIC_ID,
        patient_id: testId('Patient', 12),
        reason: 'claim',
        set_by: null,
        set_at: 1,
        until_day: null,
        lifted_at: null,
        lifted_by: null,
      }),
    )
    const notes = () => Promise.all([11, 12, 13].map(noteOf))
    await run('old-visits')
    expect(await notes()).toEqual(['Zyx-Marker', 'Zyx-Marker', 'Zyx-Marker'])
    await decide({ visitRetentionYears: 2 })
    await run('old-visits')
    expect(await notes()).toEqual(['', 'Zyx-Marker', 'Zyx-Marker'])
    const versions = await fixture.database.read((tx) =>
      tx
        .selectFrom('appointment_revisions')
        .select('content')
        .where('appointment_id', '=', testId('Appointment', 11))
        .execute(),
    )
    expect(versions).toHaveLength(2)
    expect(JSON.stringify(versions)).not.toContain('Zyx-Marker')
  })

  test('removes audit rows of before, their index with them, and what is left still verifies', async () => {
    const verify = () => verifyAudit(fixture.database, FIXTURE_CLINIC_ID, KEY)
    const count = () =>
      fixture.database.read(async (tx) => {
        const of = async (table: 'audit_log' | 'audit_documents') =>
          (await tx.selectFrom(table).select('seq').execute()).length
        return [await of('audit_log'), await of('audit_documents')]
      })
    await decide({ auditRetentionDays: 10 })
    await run('old-audit')
    const [before = 0] = await count()
    expect(before).toBeGreaterThan(20)
    fixture.clock.now += 20 * DAY
    placed(await visitOf(14, -10))
    const [whole = 0] = await count()
    await run('old-audit')
    expect(await count()).toEqual([whole - before, whole - before])
    expect(await verify()).toEqual([])
    await fixture.database.write((tx) => tx.deleteFrom('audit_log').execute())
    expect(await verify()).not.toEqual([])
  })
})
