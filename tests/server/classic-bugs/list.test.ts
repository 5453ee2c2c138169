import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLASSIC_BUGS } from '#tests/support/classic-bugs.ts'

test('every class of the list has exactly one test, and every test a class', () => {
  const folder = import.meta.dirname
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name !== 'list.test.ts')
  const source = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  const tested = [...source.matchAll(/classic\(\s*'([^']+)'/g)].map((match) => match[1])
  expect([...tested].sort()).toEqual([...CLASSIC_BUGS].sort())
})
