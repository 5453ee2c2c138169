// A guard that reads no files passes every time. So the real configuration runs over a tree that must pass and over one
// in which each file breaks one rule.
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checksFor, runCheck } from '#build/check.mjs'

const ROOT = join(import.meta.dirname, '../..')
const FIXTURES = join(ROOT, 'tests/fixtures')
const folders: string[] = []

/** A copy of the project's configuration around other sources. Returns its folder. */
function projectOf(...trees: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'known-bad-'))
  folders.push(folder)
  for (const file of readdirSync(ROOT)) {
    if (/^(tsconfig.*|biome|package)\.json$|^\.dependency-cruiser\.mjs$|^\.gitignore$/.test(file)) {
      cpSync(join(ROOT, file), join(folder, file))
    }
  }
  for (const tree of trees) cpSync(join(FIXTURES, tree), folder, { recursive: true })
  for (const area of readdirSync(join(FIXTURES, 'good'))) {
    cpSync(join(ROOT, area, 'tsconfig.json'), join(folder, area, 'tsconfig.json'))
  }
  cpSync(join(ROOT, 'build/lint'), join(folder, 'build/lint'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function check(name: string, folder: string) {
  const found = checksFor(folder).find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no check is called ${name}`)
  return runCheck(folder, found)
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

describe('a tree without faults', () => {
  let folder = ''
  beforeAll(() => {
    folder = projectOf('good')
  })

  for (const name of ['TypeScript', 'Biome', 'dependency-cruiser', 'Texts']) {
    test(`passes ${name}`, async () => {
      const { failed, output } = await check(name, folder)
      expect(failed, output).toBe(false)
    })
  }
})

describe('a known-bad tree', () => {
  let folder = ''
  beforeAll(() => {
    folder = projectOf('good', 'bad')
  })

  test('TypeScript refuses a forbidden type-only import, and a host inside the domain', async () => {
    const { failed, output } = await check('TypeScript', folder)
    expect(failed).toBe(true)
    expect(output).toMatch(/imports-server\.ts.*TS6307/)
    expect(output).toMatch(/knows-the-host\.ts.*'document'/)
    expect(output).toMatch(/knows-the-host\.ts.*'process'/)
  })

  test('Biome refuses every clock and random source, a forbidden import and a circle', async () => {
    const { failed, output } = await check('Biome', folder)
    expect(failed).toBe(true)
    for (const line of [1, 2, 3, 4, 5]) expect(output).toContain(`src-domain/clock.ts:${line}:`)
    expect(output).toMatch(/imports-server\.ts.*noRestrictedImports/)
    expect(output).toMatch(/knows-a-file-system\.ts.*noRestrictedImports/)
    expect(output).toMatch(/circle-a\.ts.*noImportCycles/)
  })

  test('dependency-cruiser refuses forbidden imports, broken layers and a circle', async () => {
    const { failed, output } = await check('dependency-cruiser', folder)
    expect(failed).toBe(true)
    for (const violation of [
      'src-domain-imports: src-domain/imports-server.ts',
      'reports-packages: src-reports/knows-a-file-system.ts',
      'no-cycle: src-domain/circle-a.ts',
      'features-stay-apart: src-renderer/features/one/one.ts',
      'sql-in-repositories: sync-server/routes/writes-sql.ts',
      'operations-know-no-transport: sync-server/operations/knows-http.ts',
      'no-tests-in-product: sync-server/imports-tests.ts',
    ]) {
      expect(output).toContain(violation)
    }
  })
})
