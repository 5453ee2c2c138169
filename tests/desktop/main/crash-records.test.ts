import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createCrashRecords } from '#main/app/crash-records.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-12-01T08:00:00.000Z')

function openRecords(folder = join(temporaryFolder('crashes'), 'crash-reports'), now = START) {
  const records = createCrashRecords({ folder, version: '1.2.3', now: () => now })
  const path = join(folder, 'crashes.log')
  return { folder, path, records, lines: () => readFileSync(path, 'utf8').split('\n').filter(Boolean) }
}

test('a crash is one line: when, which version, which process and why', () => {
  const { records, lines, path } = openRecords()
  records.add({ process: 'renderer', reason: 'oom', exitCode: 9 })
  expect(lines().map((line) => JSON.parse(line))).toEqual([
    { at: '2026-12-01T08:00:00.000Z', version: '1.2.3', process: 'renderer', reason: 'oom', exitCode: 9 },
  ])
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('what is no word of the host’s own is not written down', () => {
  const { records, lines } = openRecords()
  records.add({ process: 'Anna Smith', reason: 'app://clinic/patient/1', exitCode: 1 })
  expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ process: 'unknown', reason: 'unknown' })
})

test('records of three months ago are gone after the next start, and the last two hundred stay', () => {
  const old = openRecords()
  old.records.add({ process: 'renderer', reason: 'crashed', exitCode: 1 })
  const later = openRecords(old.folder, START + 60 * DAY_MS)
  for (let one = 0; one < 250; one += 1) later.records.add({ process: 'GPU', reason: 'killed', exitCode: one })
  const { lines } = openRecords(old.folder, START + 91 * DAY_MS)
  expect(lines()).toHaveLength(200)
  expect(lines().join()).not.toContain('renderer')
})
