import { expect, test } from 'vitest'
import type { CollectionName } from '#domain/sync/collections.ts'
import { createPokes, type Pokes, type PokeTarget } from '#server/sync/pokes.ts'
import { eventually } from '#tests/support/eventually.ts'

const SETTINGS = { roundMs: 1, maxBufferedBytes: 100, drainCheckMs: 1, sliceSize: 2 }
const CLINIC = 'clinic:c' as const

/** A target that counts, and whose peer reads as slowly as the test wants. */
function aTarget() {
  const target = {
    buffered: 0,
    frames: [] as string[],
    sendFrame: (frame: Buffer) => void target.frames.push(String(frame)),
    bufferedBytes: () => target.buffered,
  }
  return target satisfies PokeTarget
}

const touch = (pokes: Pokes, ...names: CollectionName[]) =>
  pokes.publish(new Map(names.map((name) => [name, new Set([CLINIC])])))

/** Long enough for any round that is due. */
const rounds = () => new Promise((resolve) => setTimeout(resolve, 50))

test('a burst of commits is one poke per collection', async () => {
  const pokes = createPokes(SETTINGS)
  const target = aTarget()
  for (const name of ['appointments', 'patients'] as const) pokes.subscribe(target, name, [CLINIC])
  for (let commit = 0; commit < 100; commit++) touch(pokes, 'appointments', 'patients', 'doctors')
  await rounds()
  expect(target.frames.map((frame) => JSON.parse(frame).collection).sort()).toEqual(['appointments', 'patients'])
  touch(pokes, 'appointments')
  await rounds()
  expect(target.frames).toHaveLength(3)
  pokes.close()
})

test('a slow reader is left alone and poked once when it has caught up; the others do not wait for it', async () => {
  const pokes = createPokes(SETTINGS)
  const [slow, quick] = [aTarget(), aTarget()]
  for (const target of [slow, quick]) pokes.subscribe(target, 'appointments', [CLINIC])
  slow.buffered = 101
  for (let commit = 0; commit < 5; commit++) {
    touch(pokes, 'appointments')
    await rounds()
  }
  expect([slow.frames.length, quick.frames.length]).toEqual([0, 5])
  slow.buffered = 0
  await rounds()
  expect([slow.frames.length, quick.frames.length]).toEqual([1, 5])
  pokes.close()
})

test('who has left or lost the audience hears nothing more', async () => {
  const pokes = createPokes(SETTINGS)
  const targets = [aTarget(), aTarget(), aTarget()]
  const [left, lost, kept] = targets
  for (const target of targets) pokes.subscribe(target, 'appointments', [CLINIC, 'user:u'])
  if (left) pokes.unsubscribe(left)
  if (lost) pokes.resubscribe(lost, 'appointments', ['user:u'])
  touch(pokes, 'appointments')
  await rounds()
  expect([left, lost, kept].map((target) => target?.frames.length)).toEqual([0, 0, 1])
  pokes.close()
})

test('thousands of listeners get the same bytes, a slice per turn of the event loop', async () => {
  const pokes = createPokes({ ...SETTINGS, sliceSize: 500 })
  const targets = Array.from({ length: 5_000 }, aTarget)
  for (const target of targets) pokes.subscribe(target, 'appointments', [CLINIC])
  let turns = 0
  const count = () => {
    turns += 1
    if (targets.some(({ frames }) => frames.length === 0)) setImmediate(count)
  }
  touch(pokes, 'appointments')
  setImmediate(count)
  await eventually('everybody is poked', () => targets.every(({ frames }) => frames.length === 1))
  expect(turns).toBeGreaterThan(9)
  pokes.close()
})
