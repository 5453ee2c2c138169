import { expect, test } from 'vitest'
import { isId } from '#domain/ids.ts'
import { newIdSource } from '#server/operations/new-id.ts'

test('ids of one source sort in the order they were made, also within a millisecond and when the clock goes back', () => {
  let now = Date.parse('2026-10-14T08:00:00Z')
  const newId = newIdSource(() => now)
  const ids: string[] = []
  for (let count = 0; count < 10_000; count += 1) ids.push(newId())
  now -= 60_000
  for (let count = 0; count < 100; count += 1) ids.push(newId())
  now += 120_000
  ids.push(newId())
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every(isId)).toBe(true)
})
