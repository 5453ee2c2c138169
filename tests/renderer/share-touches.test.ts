import { afterEach, expect, test, vi } from 'vitest'
import { type SharedTouches, shareTouches } from '#renderer/ui/idle/share-touches.ts'

const open: SharedTouches[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.stop()
})

function openWindow(now: () => number) {
  const heard = { count: 0 }
  const shared = shareTouches(now, () => {
    heard.count += 1
  })
  open.push(shared)
  return { ...shared, heard }
}

test('a touch reaches every other window, and not the one that was touched', async () => {
  const [first, second, third] = [1, 2, 3].map(() => openWindow(() => 0))
  first?.tell()
  await vi.waitFor(() => expect([second?.heard.count, third?.heard.count]).toEqual([1, 1]))
  expect(first?.heard.count).toBe(0)
})

test('many touches are told once a second', async () => {
  let now = 0
  const first = openWindow(() => now)
  const second = openWindow(() => now)
  for (now = 0; now < 2_500; now += 10) first.tell()
  await vi.waitFor(() => expect(second.heard.count).toBe(3))
})

test('a window that has gone hears nothing', async () => {
  const first = openWindow(() => 0)
  const gone = openWindow(() => 0)
  const other = openWindow(() => 0)
  gone.stop()
  first.tell()
  await vi.waitFor(() => expect(other.heard.count).toBe(1))
  expect(gone.heard.count).toBe(0)
})
