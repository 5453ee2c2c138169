import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ConnectionEvent,
  closeOutcome,
  initialConnection,
  isFinal,
  nextConnection,
  RECONNECT,
  reconnectDelay,
  retryAfterIn,
  withRetryAfter,
} from '#domain/sync/connection-state.ts'
import { seeded } from '#tests/support/seeded.ts'

const stateAfter = (...events: ConnectionEvent[]) => events.reduce(nextConnection, initialConnection(0))

describe('the connection', () => {
  it('connects from the start until the server’s welcome, which tells the skew of the clocks', () => {
    expect(initialConnection(5)).toEqual({
      phase: 'connecting',
      transport: 'websocket',
      since: 5,
      reason: null,
      serverTimeOffset: null,
    })
    expect(stateAfter({ type: 'welcomed', at: 10, serverTime: 4_010, transport: 'websocket' })).toEqual({
      phase: 'ready',
      transport: 'websocket',
      since: 10,
      reason: null,
      serverTimeOffset: 4_000,
    })
  })

  it('is offline since the first failure, however many tries fail after it', () => {
    const state = stateAfter(
      { type: 'welcomed', at: 1, serverTime: 1, transport: 'websocket' },
      { type: 'lost', at: 20, reason: 'server-unreachable' },
      { type: 'lost', at: 30, reason: 'server-unreachable' },
      { type: 'lost', at: 40, reason: 'no-network' },
    )
    expect(state).toEqual({
      phase: 'offline',
      transport: 'websocket',
      since: 20,
      reason: 'no-network',
      serverTimeOffset: 0,
    })
  })

  it('says what it is made of, also after its end', () => {
    const welcomed = { type: 'welcomed', at: 1, serverTime: 1, transport: 'http' } as const
    const state = stateAfter(welcomed, { type: 'lost', at: 2, reason: 'no-network' })
    expect([stateAfter(welcomed).transport, state.transport]).toEqual(['http', 'http'])
    expect(nextConnection(state, { ...welcomed, transport: 'websocket' }).transport).toBe('websocket')
  })

  it('is the same object when an event tells nothing new', () => {
    const lost = { type: 'lost', at: 20, reason: 'no-network' } as const
    const state = stateAfter(lost)
    expect(nextConnection(state, { ...lost, at: 30 })).toBe(state)
  })

  it('tells a refusal from a loss', () => {
    const state = stateAfter({ type: 'refused', at: 9, by: 'revoked' })
    expect(state).toMatchObject({ phase: 'revoked', since: 9, reason: null })
    expect(isFinal(state.phase)).toBe(true)
    expect(isFinal('offline')).toBe(false)
  })

  it('returns from every state with the next welcome', () => {
    for (const by of ['unauthenticated', 'upgrade-required', 'revoked'] as const) {
      expect(
        stateAfter({ type: 'refused', at: 1, by }, { type: 'welcomed', at: 2, serverTime: 2, transport: 'websocket' })
          .phase,
      ).toBe('ready')
    }
  })
})

describe('a close code', () => {
  it.each([
    [4401, { action: 'renew-ticket' }],
    [4403, { action: 'stop', by: 'revoked' }],
    [4426, { action: 'stop', by: 'upgrade-required' }],
    [1012, { action: 'retry', reason: 'server-restarting' }],
    [1013, { action: 'retry', reason: 'server-busy' }],
    [1006, { action: 'retry', reason: 'server-unreachable' }],
  ] as const)('%i asks for the right thing', (code, outcome) => {
    expect(closeOutcome(code)).toEqual(outcome)
  })
})

describe('the pause before the next try', () => {
  it('lies anywhere between the shortest pause and a ceiling that doubles up to half a minute', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100 }), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (failures, random) => {
        const pause = reconnectDelay(failures, random)
        expect(pause).toBeGreaterThanOrEqual(RECONNECT.shortestMs)
        expect(pause).toBeLessThanOrEqual(Math.min(RECONNECT.longestMs, RECONNECT.firstMs * 2 ** failures))
      }),
      seeded(),
    )
  })

  it('lies within what a server asked for that sends many away, at any failure', () => {
    const asked = retryAfterIn(withRetryAfter('The server is restarting.', 50))
    expect(asked).toBe(50_000)
    expect([0, 0.5, 0.999_9].map((random) => Math.round(reconnectDelay(0, random, asked) / 1_000))).toEqual([0, 25, 50])
    expect(reconnectDelay(50, 0.999_9, 1_000)).toBeGreaterThan(29_900)
  })

  it.each([
    [undefined, 0],
    ['', 0],
    ['The server is restarting.', 0],
    ['retry-after=-5', 0],
    ['x retry-after=1e9', 0],
    ['x retry-after=12 or later', 0],
    ['x retry-after=9999', 120_000],
  ])('of a reason that says %j takes %i milliseconds for granted', (reason, milliseconds) => {
    expect(retryAfterIn(reason)).toBe(milliseconds)
  })

  it('reaches its ceiling, so that desks spread over the whole of it', () => {
    expect(reconnectDelay(0, 0.999)).toBeGreaterThan(490)
    expect(reconnectDelay(3, 0.999)).toBeGreaterThan(3_900)
    expect(reconnectDelay(50, 0.999)).toBeGreaterThan(29_900)
  })
})
