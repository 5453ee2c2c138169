import { expect, test } from 'vitest'
import { createPullGate } from '#server/sync/pull-gate.ts'

const later = () => new Promise((resolve) => setImmediate(resolve))

test('only so many pulls are read together, in the order in which they came, and a failed one makes room', async () => {
  const gate = createPullGate(2)
  const begun: number[] = []
  let [running, most] = [0, 0]
  const pulls = Array.from({ length: 20 }, (_, number) =>
    gate.run(async () => {
      begun.push(number)
      running += 1
      most = Math.max(most, running)
      await later()
      running -= 1
      if (number % 5 === 0) throw new Error('failed')
      return number
    }),
  )
  const ends = await Promise.allSettled(pulls)
  expect(most).toBe(2)
  expect(begun).toEqual(Array.from({ length: 20 }, (_, number) => number))
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(4)
  expect(await gate.run(async () => 'there is room again')).toBe('there is room again')
})

test('others get their turn between two pulls', async () => {
  const gate = createPullGate(1)
  const order: string[] = []
  const pulls = ['a', 'b', 'c'].map((name) => gate.run(async () => void order.push(name)))
  setImmediate(() => order.push('somebody else'))
  await Promise.all(pulls)
  expect(order.indexOf('somebody else')).toBeLessThan(3)
})
