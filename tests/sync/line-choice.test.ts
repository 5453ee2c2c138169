import { describe, expect, test } from 'vitest'
import { FALLBACK } from '#domain/sync/connection-state.ts'
import { LineChoice } from '#renderer/local-db/line-choice.ts'

/** A choice whose clock stands until it is asked on; probes end as the test says. */
function aChoice(canFallBack = true) {
  const timers = new Map<number, () => void>()
  let count = 0
  const seen = { pauses: [] as number[], possible: 0, end: (_: boolean): void => undefined }
  const choice = new LineChoice({
    clock: {
      now: () => 0,
      setTimeout: (action, milliseconds) => {
        seen.pauses.push(milliseconds)
        timers.set(++count, action)
        return count
      },
      clearTimeout: (timer) => void timers.delete(timer as number),
    },
    retryMs: FALLBACK.retryMs,
    canFallBack,
    probe: (onEnd) => {
      seen.end = onEnd
    },
    onSocketPossible: () => {
      seen.possible += 1
    },
  })
  const ring = () => {
    const due = [...timers.values()]
    timers.clear()
    for (const action of due) action()
    return due.length
  }
  return { choice, seen, ring }
}

describe('the line that is dialled', () => {
  test('is HTTP after two failures in a row, and not when a welcome came between', () => {
    const { choice } = aChoice()
    choice.noteFailure()
    choice.noteWelcome()
    choice.noteFailure()
    expect(choice.transport).toBe('websocket')
    choice.noteFailure()
    expect(choice.transport).toBe('http')
  })

  test('stays a WebSocket where there is nothing else', () => {
    const { choice } = aChoice(false)
    for (let tries = 0; tries < 5; tries += 1) choice.noteFailure()
    expect(choice.transport).toBe('websocket')
  })

  test('is a WebSocket again when one opens, which is tried every five minutes', () => {
    const { choice, seen, ring } = aChoice()
    choice.noteFailure()
    choice.noteFailure()
    choice.noteWelcome()
    expect(ring()).toBe(1)
    seen.end(false)
    expect(choice.transport).toBe('http')
    expect(ring()).toBe(1)
    seen.end(true)
    expect([choice.transport, seen.possible]).toEqual(['websocket', 1])
    expect(seen.pauses).toEqual([300_000, 300_000])
    expect(ring()).toBe(0)
  })

  test('is each by turns while neither works', () => {
    const { choice, ring } = aChoice()
    const tried = Array.from({ length: 6 }, () => {
      choice.noteFailure()
      return choice.transport
    })
    expect(tried).toEqual(['websocket', 'http', 'websocket', 'http', 'websocket', 'http'])
    // Only the last choice of HTTP still looks for a WebSocket.
    expect(ring()).toBe(1)
  })

  test('is not changed by a look at a WebSocket that ends after a stop', () => {
    const { choice, seen, ring } = aChoice()
    choice.noteFailure()
    choice.noteFailure()
    ring()
    choice.stop()
    seen.end(true)
    expect([seen.possible, ring()]).toEqual([0, 0])
  })
})
