/**
 * Who is told that something changed. A poke names a collection, or what is told of beside them (live-names.ts), and nothing
 * else; the documents come by pull, because documents in the stream lose rows (docs/sync.md, S1).
 *
 * A commit pokes exactly the sockets that listen to a touched audience of a touched collection. Pokes of one socket and
 * collection are coalesced; a socket whose peer reads slowly is skipped and poked once when it has caught up.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { PokedName } from '#domain/sync/live-names.ts'

/** A connection as the pokes see it. */
export type PokeTarget = {
  readonly sendFrame: (frame: Buffer) => void
  /** Bytes accepted for sending that the peer has not taken yet. */
  readonly bufferedBytes: () => number
}

/** What a commit touched: the audiences of each collection. */
export type Touched = ReadonlyMap<PokedName, ReadonlySet<Audience>>

export type Pokes = {
  /** Replaces what the target hears of a collection. */
  readonly subscribe: (target: PokeTarget, collection: PokedName, audiences: readonly Audience[]) => void
  /** The same for a target that listens to the collection already; nothing for one that never asked. */
  readonly resubscribe: (target: PokeTarget, collection: PokedName, audiences: readonly Audience[]) => void
  readonly unsubscribe: (target: PokeTarget) => void
  /** Pokes everybody who listens to one of the audiences. */
  readonly publish: (touched: Touched) => void
  /** Whatever somebody listens to. */
  readonly heard: () => Touched
  /** Pokes one target: it has more to read than one page could hold. */
  readonly poke: (target: PokeTarget, collection: PokedName) => void
  readonly close: () => void
}

export type PokeSettings = {
  /** Shortest time between two rounds, so that a burst of commits becomes one poke. */
  readonly roundMs: number
  /** A target with more than this waiting is left alone until it has drained. */
  readonly maxBufferedBytes: number
  /** How often a slow target is looked at again. */
  readonly drainCheckMs: number
  /** Sends per turn of the event loop. */
  readonly sliceSize: number
}

export const POKE_SETTINGS: PokeSettings = {
  roundMs: 10,
  maxBufferedBytes: 1024 * 1024,
  drainCheckMs: 100,
  sliceSize: 500,
}

export function createPokes(settings: PokeSettings = POKE_SETTINGS): Pokes {
  const listeners = new Map<string, Set<PokeTarget>>()
  const subscriptions = new Map<PokeTarget, Map<PokedName, readonly Audience[]>>()
  const rounds = createRounds(settings)

  function forget(target: PokeTarget, collection: PokedName, audiences: readonly Audience[]): void {
    for (const audience of audiences) {
      const channel = channelOf(collection, audience)
      const targets = listeners.get(channel)
      targets?.delete(target)
      if (targets?.size === 0) listeners.delete(channel)
    }
  }

  function subscribe(target: PokeTarget, collection: PokedName, audiences: readonly Audience[]): void {
    const own = subscriptions.get(target) ?? new Map<PokedName, readonly Audience[]>()
    const before = own.get(collection)
    if (before && before.length === audiences.length && before.every((one) => audiences.includes(one))) return
    forget(target, collection, before ?? [])
    for (const audience of audiences) {
      const channel = channelOf(collection, audience)
      const targets = listeners.get(channel) ?? new Set()
      listeners.set(channel, targets.add(target))
    }
    subscriptions.set(target, own.set(collection, audiences))
  }

  return {
    subscribe,
    resubscribe(target, collection, audiences) {
      if (subscriptions.get(target)?.has(collection)) subscribe(target, collection, audiences)
    },
    unsubscribe(target) {
      for (const [collection, audiences] of subscriptions.get(target) ?? []) forget(target, collection, audiences)
      subscriptions.delete(target)
      rounds.drop(target)
    },
    publish(touched) {
      for (const [collection, audiences] of touched) {
        for (const audience of audiences) {
          for (const target of listeners.get(channelOf(collection, audience)) ?? []) rounds.add(target, collection)
        }
      }
    },
    heard() {
      const heard = new Map<PokedName, Set<Audience>>()
      for (const channel of listeners.keys()) {
        const [collection, audience] = channel.split(' ') as [PokedName, Audience]
        heard.set(collection, (heard.get(collection) ?? new Set()).add(audience))
      }
      return heard
    },
    poke(target, collection) {
      if (subscriptions.get(target)?.has(collection)) rounds.add(target, collection)
    },
    close: rounds.stop,
  }
}

const channelOf = (collection: PokedName, audience: Audience): string => `${collection} ${audience}`

/** One frame per collection, built once: 5,000 sockets share its bytes. */
const frames = new Map<PokedName, Buffer>()
function frameOf(collection: PokedName): Buffer {
  const known = frames.get(collection)
  if (known) return known
  const frame = Buffer.from(JSON.stringify({ id: 'stream', collection, result: 'RESYNC' }))
  frames.set(collection, frame)
  return frame
}

/** Collects who is due and sends in rounds, a slice per turn of the event loop. */
function createRounds({ roundMs, maxBufferedBytes, drainCheckMs, sliceSize }: PokeSettings) {
  let due = new Map<PokeTarget, Set<PokedName>>()
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  let lastRoundAt = Number.NEGATIVE_INFINITY
  let isStopped = false

  function arm(delayMs: number): void {
    if (timer || immediate || isStopped) return
    // A timer of nothing takes a millisecond, which everybody who looks at the same day would wait for.
    if (delayMs <= 0) {
      immediate = setImmediate(sendRound)
      return
    }
    timer = setTimeout(sendRound, delayMs)
    timer.unref()
  }

  function sendRound(): void {
    const round = [...due]
    due = new Map()
    lastRoundAt = performance.now()
    sendSlice(round, 0)
  }

  function sendSlice(round: readonly [PokeTarget, Set<PokedName>][], from: number): void {
    if (isStopped) return
    for (const [target, collections] of round.slice(from, from + sliceSize)) {
      if (target.bufferedBytes() > maxBufferedBytes) {
        for (const collection of collections) note(target, collection)
      } else for (const collection of collections) target.sendFrame(frameOf(collection))
    }
    const next = from + sliceSize
    if (next < round.length) return void setImmediate(sendSlice, round, next)
    timer = undefined
    immediate = undefined
    if (due.size > 0) arm([...due.keys()].every((target) => target.bufferedBytes() > 0) ? drainCheckMs : roundMs)
  }

  function note(target: PokeTarget, collection: PokedName): void {
    const collections = due.get(target) ?? new Set()
    due.set(target, collections.add(collection))
  }

  return {
    add(target: PokeTarget, collection: PokedName): void {
      note(target, collection)
      arm(Math.max(0, lastRoundAt + roundMs - performance.now()))
    },
    drop: (target: PokeTarget): void => void due.delete(target),
    stop(): void {
      isStopped = true
      clearTimeout(timer)
      clearImmediate(immediate)
    },
  }
}
