import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keptErasuresIn, settleErasures } from '#server/kept-erasures.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, FIXTURE_CLINIC_ID, type Fixture } from '#tests/support/fixture-clinic.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await aFixtureClinic('sqlite')
})
afterAll(() => fixture.close())

const erased = (number: number) =>
  ({ clinicId: FIXTURE_CLINIC_ID, patientId: testId('Patient', number), reason: 'requested' }) as const

test('a database of before the erasure is erased at the next start, once; lines of other clinics and torn ones say nothing', async () => {
  const folder = temporaryFolder('erasures')
  const kept = keptErasuresIn(folder)
  kept.keep(erased(3))
  kept.keep({ ...erased(4), clinicId: testId('Clinic', 9) })
  appendFileSync(join(folder, 'erasures.jsonl'), '{"clinicId":"01')
  const isThere = async () =>
    !(await fixture.database.read((tx) => findDocument(tx, 'patients', erased(3).patientId)))?._deleted
  expect(await isThere()).toBe(true)
  expect(await settleErasures(fixture, kept)).toBe(1)
  expect(await isThere()).toBe(false)
  expect(await settleErasures(fixture, kept)).toBe(0)
})

test('an erasure that the file missed is added to it', async () => {
  const kept = keptErasuresIn(temporaryFolder('erasures'))
  await settleErasures(fixture, kept)
  expect(kept.list()).toEqual([erased(3)])
})
