import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { ImportPlan } from '#domain/import/import-plan.ts'
import { vitoriaNoShow } from '#domain/import/vitoria-no-show.ts'
import { readRows } from '#server/import/read-rows.ts'
import { importHistory } from '#server/operations/import-history.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_CLINIC_ID, type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { INVENTED_HEADER, inventedVisits } from '#tests/support/invented-visits.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const ROOT = join(import.meta.dirname, '../../..')

function planOf(bytes: Uint8Array): ImportPlan {
  const { rows } = readRows(bytes, vitoriaNoShow.columns)
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  return vitoriaNoShow.plan(rows, { clinicId: FIXTURE_CLINIC_ID, hash })
}
const inventedPlan = (count: number): ImportPlan => planOf(Buffer.from(inventedVisits(count)))

const importInto = ({ database, writer, clock }: Fixture, plan: ImportPlan, more: object = {}) =>
  importHistory({ database, writer, now: () => clock.now }, { plan, ...more })

/** What must not move when an import adds nothing. */
const stateOf = ({ database }: Fixture) =>
  database.read(async (tx) => {
    const count = async (table: 'appointments' | 'patients' | 'doctors' | 'schedules' | 'audit_log' | 'outbox') =>
      (
        await tx
          .selectFrom(table)
          .select((all) => all.fn.countAll().as('rows'))
          .executeTakeFirstOrThrow()
      ).rows
    const { value } = await tx.selectFrom('change_counters').select('value').executeTakeFirstOrThrow()
    return {
      counter: value,
      appointments: Number(await count('appointments')),
      patients: Number(await count('patients')),
      doctors: Number(await count('doctors')),
      schedules: Number(await count('schedules')),
      audit: Number(await count('audit_log')),
      events: Number(await count('outbox')),
    }
  })

const storedVisits = ({ database }: Fixture): Promise<{ status: Appointment['status']; origin: string }[]> =>
  database.read((tx) => tx.selectFrom('appointments').select(['status', 'origin']).execute())

describe.each(engines)('an import on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  test('books every visit, a second run adds nothing', async () => {
    const plan = inventedPlan(120)
    const seen: number[] = []
    const outcome = await importInto(fixture, plan, { onProgress: (done: number) => seen.push(done) })
    expect(outcome).toEqual({ added: 120, present: 0, refused: [], isComplete: true })
    expect(seen.at(-1)).toBe(plan.doctors.length + plan.schedules.length + plan.patients.length + 120)
    const visits = await storedVisits(fixture)
    expect(visits.filter(({ status }) => status === 'noshow')).toHaveLength(24)
    expect(visits.filter(({ status }) => status === 'fulfilled')).toHaveLength(96)
    expect(visits.every(({ origin }) => origin === 'import')).toBe(true)
    expect(await verifyBookings(fixture.database, FIXTURE_CLINIC_ID)).toEqual([])

    const before = await stateOf(fixture)
    expect(await importInto(fixture, plan)).toEqual({ added: 0, present: 120, refused: [], isComplete: true })
    expect(await stateOf(fixture)).toEqual(before)
  })

  test('keeps when the visit was booked, the age and the zone of the place', async () => {
    const [visit] = inventedPlan(120).appointments
    const stored = await fixture.database.read((tx) => findDocument(tx, 'appointments', visit?.id ?? ''))
    expect(stored).toMatchObject({
      createdAt: Date.parse('2016-04-27T12:15:30Z'),
      ageAtVisit: 0,
      zone: 'America/Sao_Paulo',
      localDay: '2016-04-29',
      localStart: '08:00',
      start: Date.parse('2016-04-29T11:00:00Z'),
    })
  })

  test('marks its events as history, so that nobody is messaged', async () => {
    const events = await fixture.database.read((tx) =>
      tx.selectFrom('outbox').select(['type', 'is_historic']).where('type', 'like', 'Appointment%').execute(),
    )
    expect(events.length).toBeGreaterThanOrEqual(120)
    expect(events.every(({ is_historic }) => is_historic === 1)).toBe(true)
  })
})

describe('an import that meets trouble', () => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic('sqlite')
  })
  afterAll(() => fixture.close())

  test('stops after the writes in hand when asked, and goes on where it stopped', async () => {
    const plan = inventedPlan(150)
    const stop = new AbortController()
    const onProgress = (done: number): void => {
      if (done >= 200) stop.abort()
    }
    const first = await importInto(fixture, plan, { onProgress, signal: stop.signal })
    expect(first.isComplete).toBe(false)
    expect(first.added).toBeLessThan(150)
    const second = await importInto(fixture, plan)
    expect(second).toEqual({ added: 150 - first.added, present: first.added, refused: [], isComplete: true })
    expect(await storedVisits(fixture)).toHaveLength(150)
  })

  test('a time that somebody else holds is refused with the line, and the rest goes in', async () => {
    const plan = planOf(
      Buffer.from(
        [
          INVENTED_HEADER,
          '1,900001,F,2016-04-27T09:00:00Z,2016-05-02T00:00:00Z,30,PRAIA NENHUMA,0,0,0,0,0,0,No',
          '2,900002,F,2016-04-27T09:00:00Z,2016-05-02T00:00:00Z,31,PRAIA NENHUMA,0,0,0,0,0,0,No',
        ].join('\n'),
      ),
    )
    const [first] = plan.appointments
    if (!first) throw new Error('The plan is empty')
    await seedDocuments(fixture.writer, 'appointments', [
      anAppointment({ id: testId('Appointment', 77), doctorId: first.doctorId, start: first.start, end: first.end }),
    ])
    const outcome = await importInto(fixture, plan)
    expect(outcome).toEqual({
      added: 1,
      present: 0,
      refused: [{ line: 2, reason: 'slot-taken' }],
      isComplete: true,
    })
  })

  test('what was changed since the first run is not taken back by the second', async () => {
    const plan = inventedPlan(150)
    const [patient] = plan.patients
    if (!patient) throw new Error('The plan is empty')
    const { writer, database } = fixture
    await writer.submit(FIXTURE_CLINIC_ID, 'interactive', {
      subject: null,
      door: 'rest',
      run: async (ctx) => {
        const current = await lockDocument(ctx, 'patients', patient.id)
        if (!current) throw new Error('The patient was not imported')
        await saveDocument(ctx, 'patients', current, { ...current, name: 'Maria de Verdade' })
        return { ok: true, value: undefined }
      },
    })
    await importInto(fixture, plan)
    const stored = await database.read((tx) => findDocument(tx, 'patients', patient.id))
    expect(stored?.name).toBe('Maria de Verdade')
  })
})

describe('npm run import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'import-'))
  const file = join(folder, 'visits.csv')
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic('sqlite')
  })
  afterAll(async () => {
    await fixture.close()
    rmSync(folder, { recursive: true })
  })
  const command = (...args: string[]) => ({
    program: process.execPath,
    args: [join(ROOT, 'build/import.mjs'), ...args],
    env: { ...process.env, DATABASE_URL: fixture.url, INIT_CWD: folder },
  })
  const run = async (...args: string[]): Promise<{ code: number; text: string }> => {
    const { program, args: all, env } = command(...args)
    try {
      const { stdout, stderr } = await promisify(execFile)(program, all, { env })
      return { code: 0, text: stdout + stderr }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, text: stdout + stderr }
    }
  }

  test('a dry run counts, names bad rows by line and reason, and writes nothing', async () => {
    const bad = '9,1,X,2016-04-27T09:15:30Z,2016-04-29T00:00:00Z,1,PRAIA NENHUMA,0,0,0,0,0,1,No\nbroken\n'
    writeFileSync(file, inventedVisits(60) + bad)
    const before = await stateOf(fixture)
    const { code, text } = await run('visits.csv', '--mapping', 'vitoria-no-show', '--dry-run')
    expect(code).toBe(0)
    expect(text).toContain('60 visits: 12 missed, 48 kept')
    expect(text).toContain('2 rows stay out:')
    expect(text).toContain('line 62, Gender: this word has no meaning in the mapping')
    expect(text).toContain('line 63: the row has another number of values than the header')
    expect(await stateOf(fixture)).toEqual(before)
  })

  test('killed in the middle and run again, it brings every visit in once', async () => {
    writeFileSync(file, inventedVisits(300))
    const args = ['visits.csv', '--mapping', 'vitoria-no-show']
    const { program, args: all, env } = command(...args)
    const script = join(ROOT, 'sync-server/import/main.ts')
    const child = spawn(program, [script, ...all.slice(1)], { env: { ...env, IMPORT_FOLDER: folder } })
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => /[6-8]\d %/.test(`${text}`) && child.kill('SIGKILL'))
      child.on('exit', () => resolve())
    })
    const cut = (await storedVisits(fixture)).length
    expect(cut).toBeLessThan(300)
    const { code, text } = await run(...args)
    expect(code).toBe(0)
    expect(text).toContain(`${300 - cut} visit${300 - cut === 1 ? '' : 's'} added, ${cut} already there, 0 refused.`)
    expect(await storedVisits(fixture)).toHaveLength(300)
  })

  test('what it cannot do is said in a sentence, with exit code 1', async () => {
    const { code, text } = await run('visits.csv', '--mapping', 'vitoria-no-show', '--clinic', 'Elsewhere')
    expect(text).toMatch(/^Name the clinic with --clinic, by name or id:\n.*Fixture Clinic\n$/)
    expect(code).toBe(1)
  })
})

const sample = process.env.IMPORT_SAMPLE
describe.skipIf(!sample)('the real file named by IMPORT_SAMPLE', () => {
  test('comes in whole: 2,999 visits without overlap, and a second run adds nothing', {
    timeout: 300_000,
  }, async () => {
    const fixture = await aFixtureClinic('sqlite')
    try {
      const plan = planOf(readFileSync(sample ?? ''))
      expect(await importInto(fixture, plan)).toEqual({ added: 2_999, present: 0, refused: [], isComplete: true })
      const visits = await storedVisits(fixture)
      expect(visits.filter(({ status }) => status === 'noshow')).toHaveLength(588)
      expect(visits.filter(({ status }) => status === 'fulfilled')).toHaveLength(2_411)
      expect(await verifyBookings(fixture.database, FIXTURE_CLINIC_ID)).toEqual([])
      const before = await stateOf(fixture)
      expect(await importInto(fixture, plan)).toEqual({ added: 0, present: 2_999, refused: [], isComplete: true })
      expect(await stateOf(fixture)).toEqual(before)
    } finally {
      await fixture.close()
    }
  })
})
