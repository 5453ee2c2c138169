/** The command as it is typed: its words and its exit code. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSealKey, sealAudit } from '#server/operations/audit-seal.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { aFixtureClinic, type Fixture } from '#tests/support/fixture-clinic.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const SECRET_KEY = 'a secret of the tests, 32 characters long'

let fixture: Fixture
beforeAll(async () => {
  fixture = await aFixtureClinic('sqlite')
  await fixture.database.write((tx) =>
    sealAudit(tx, createSealKey(SECRET_KEY), { clinicId: fixture.clinic.clinicId, at: fixture.clock.now }),
  )
})
afterAll(() => fixture.close())

async function verify(
  env: Readonly<Record<string, string>> = { SECRET_KEY, DATABASE_URL: fixture.url },
  words: readonly string[] = [],
) {
  const folder = temporaryFolder('verify')
  const options = { env: { PATH: process.env.PATH ?? '', DATA_DIR: folder, ...env } }
  const ran = promisify(execFile)(process.execPath, ['sync-server/verify/main.ts', ...words], options)
  return ran.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

test('says so and ends with 0 when there is nothing to find', async () => {
  const { code, stdout, stderr } = await verify()
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toBe('Fixture Clinic: no problem, seal 1 of 2026-10-13T11:00:00.000Z\n')
})

test('begins a new history when it is told that a backup was put back, and leaves that in the audit', async () => {
  const counter = () => fixture.database.read((tx) => findCounter(tx, fixture.clinic.clinicId))
  const before = await counter()
  const { code, stdout } = await verify(undefined, ['--restored'])
  expect([code, stdout.split('\n')[0]]).toEqual([0, 'A new history of 1 clinic has begun.'])
  const after = await counter()
  expect(after?.value).toBe(before?.value)
  expect(after?.epoch).not.toBe(before?.epoch)
  const rows = await fixture.database.read((tx) =>
    tx.selectFrom('audit_log').select('action').where('action', '=', 'history-begun').execute(),
  )
  expect(rows).toHaveLength(1)
  // Looking again begins nothing.
  await verify()
  expect(await counter()).toEqual(after)
})

test('says what it found in a sentence each and ends with 1', async () => {
  const last = await fixture.database.read((tx) =>
    tx.selectFrom('audit_log').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow(),
  )
  await fixture.database.write((tx) => tx.deleteFrom('audit_log').where('seq', '=', last.seq).execute())
  const { code, stdout } = await verify()
  expect(code).toBe(1)
  expect(stdout.split('\n')).toEqual([
    `Fixture Clinic, audit: The audit chain ${last.chain} ends before row ${last.seq}: rows were cut off its end.`,
    'Fixture Clinic: 1 found, seal 1 of 2026-10-13T11:00:00.000Z',
    '',
  ])
})

test('ends with 1 where it cannot look, and says why', async () => {
  const withoutKey = await verify({ DATABASE_URL: fixture.url })
  expect(withoutKey.code).toBe(1)
  expect(withoutKey.stderr).toMatch(/^SECRET_KEY is not set/)
  expect((await verify({ SECRET_KEY })).stderr).toMatch(/^There is no database/)
})
