import { beforeEach, describe, expect, it } from 'vitest'
import { type IdleWatch, watchIdle } from '#renderer/ui/idle/watch-idle.ts'

const IDLE_MS = 180_000
const WARN_MS = 15_000

/** A clock that moves by hand; while it sleeps, time passes and no timer fires. */
class HandClock {
  time = 0
  #timers = new Map<object, { at: number; action: () => void }>()
  now = () => this.time
  setTimeout = (action: () => void, milliseconds: number) => {
    const handle = {}
    this.#timers.set(handle, { at: this.time + milliseconds, action })
    return handle
  }
  clearTimeout = (handle: unknown) => void this.#timers.delete(handle as object)
  pass(milliseconds: number): void {
    const until = this.time + milliseconds
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)
      if (!next) break
      const [handle, { at, action }] = next
      this.#timers.delete(handle)
      this.time = at
      action()
    }
    this.time = until
  }
  sleep(milliseconds: number): void {
    for (const timer of this.#timers.values()) timer.at += milliseconds
    this.time += milliseconds
  }
}

let clock: HandClock
let said: string[]
let watch: IdleWatch
beforeEach(() => {
  clock = new HandClock()
  said = []
  watch = watchIdle({
    clock,
    idleMs: IDLE_MS,
    warnMs: WARN_MS,
    onWarn: (isAboutToEnd) => said.push(isAboutToEnd ? 'soon' : 'not yet'),
    onIdle: () => said.push('idle'),
  })
})

describe('a watch for idleness', () => {
  it('warns before the end, and ends once', () => {
    clock.pass(IDLE_MS - WARN_MS - 1)
    expect(said).toEqual([])
    clock.pass(1)
    expect(said).toEqual(['soon'])
    clock.pass(WARN_MS - 1)
    expect(said).toEqual(['soon'])
    clock.pass(1)
    clock.pass(10 * IDLE_MS)
    watch.touch()
    expect(said).toEqual(['soon', 'idle'])
  })

  it('starts anew with every touch, the last moment included', () => {
    for (let touch = 0; touch < 20; touch += 1) {
      clock.pass(IDLE_MS - WARN_MS - 1)
      watch.touch()
    }
    expect(said).toEqual([])
    clock.pass(IDLE_MS - 1)
    watch.touch()
    expect(said).toEqual(['soon', 'not yet'])
    clock.pass(IDLE_MS - 1)
    expect(said).toEqual(['soon', 'not yet', 'soon'])
    clock.pass(1)
    expect(said.at(-1)).toBe('idle')
  })

  it('is over for whoever wakes the computer after its time', () => {
    clock.pass(60_000)
    clock.sleep(IDLE_MS)
    watch.touch()
    expect(said).toEqual(['idle'])
  })

  it('says nothing more once it was stopped', () => {
    watch.stop()
    clock.pass(10 * IDLE_MS)
    watch.touch()
    expect(said).toEqual([])
  })
})
