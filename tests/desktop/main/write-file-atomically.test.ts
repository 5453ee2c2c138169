import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileAtomically } from '#main/files/write-file-atomically.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const newFolder = (): string => temporaryFolder('atomic')

test('text and bytes replace what was there, and nothing else stays in the folder', async () => {
  const folder = newFolder()
  const path = join(folder, 'day.csv')
  writeFileSync(path, 'old')
  await writeFileAtomically(path, 'näw')
  expect(readFileSync(path, 'utf8')).toBe('näw')
  await writeFileAtomically(path, new Uint8Array([1, 2]))
  expect([...readFileSync(path)]).toEqual([1, 2])
  expect(readdirSync(folder)).toEqual(['day.csv'])
})

test('a write that fails leaves what was there and no half file', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'day.csv'))
  await expect(writeFileAtomically(join(folder, 'day.csv'), 'new')).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(writeFileAtomically(join(folder, 'absent/day.csv'), 'new')).rejects.toMatchObject({ code: 'ENOENT' })
  expect(readdirSync(folder)).toEqual(['day.csv'])
})
