import { expect, test } from 'vitest'
import { createFirstDownloads } from '#server/sync/first-downloads.ts'

const SETTINGS = { most: 2, idleMs: 1_000, retryMs: 300 }
const aHall = () => {
  const clock = { now: 0 }
  return { clock, downloads: createFirstDownloads(SETTINGS, () => clock.now) }
}

test('only so many downloads go on at a time; who finds no seat is told when to come back', () => {
  const { downloads } = aHall()
  expect(['a', 'b', 'c'].map(downloads.enter)).toEqual([0, 0, 300])
  downloads.leave('a')
  expect(downloads.enter('c')).toBe(0)
})

test('who has a seat keeps it from page to page', () => {
  const { downloads } = aHall()
  for (const key of ['a', 'b', 'a', 'b', 'a']) expect(downloads.enter(key)).toBe(0)
  expect(downloads.isSeated('a')).toBe(true)
})

test('a seat that nobody uses is free again', () => {
  const { clock, downloads } = aHall()
  for (const key of ['a', 'b']) downloads.enter(key)
  clock.now = 900
  downloads.enter('b')
  clock.now = 1_000
  expect(downloads.enter('c')).toBe(0)
  expect([downloads.isSeated('a'), downloads.isSeated('b')]).toEqual([false, true])
})
