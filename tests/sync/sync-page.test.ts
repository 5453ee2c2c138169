import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

test('every invariant of docs/sync.md names a test that exists', () => {
  const rows = [...read('docs/sync.md').matchAll(/^\| (S\d+) \| .* \| (tests\/\S+): (.+) \|$/gm)]
  const numbers = rows.map(([, number = '']) => Number(number.slice(1)))
  // Once each and in order; a number that was given up is not given again.
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  expect(numbers.length).toBeGreaterThan(15)
  const missing = rows.filter(
    ([, , file = '', title = '']) => !existsSync(join(ROOT, file)) || !read(file).includes(title),
  )
  expect(missing.map(([row]) => row)).toEqual([])
})
