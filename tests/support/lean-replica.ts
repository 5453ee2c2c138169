/**
 * A replica without a database: the product's own socket, and documents in a map. Hundreds fit into one process, where RxDB would need
 * a thread each.
 */
import { WebSocket } from 'ws'
import type { SeededRandom } from '#domain/demo/seeded-random.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { PullResult, PushRow } from '#domain/sync/wire-messages.ts'
import { deviceClock } from '#renderer/local-db/clock.ts'
import type { SocketLike } from '#renderer/local-db/sync-line.ts'
import { SyncSocket, type TicketAnswer } from '#renderer/local-db/sync-socket.ts'
import { untilAnswered } from '#renderer/local-db/until-answered.ts'
import { DESKTOP } from './sync-client.ts'

const PAGE = 200

export type LeanOptions = {
  readonly collections: readonly CollectionName[]
  readonly token: string
  readonly random: SeededRandom
  /** Where the balancer sends the next request or connection. */
  readonly pickServer: () => string
}

export class LeanReplica {
  readonly documents = new Map<CollectionName, Map<string, PullResult['documents'][number]>>()
  /** Connections that have become ready. */
  connections = 0
  /** Notices that something has changed. */
  pokes = 0
  readonly #options: LeanOptions
  readonly #socket: SyncSocket
  readonly #stop = new AbortController()
  readonly #pulling = new Map<CollectionName, 'running' | 'again'>()
  readonly #checkpoints = new Map<CollectionName, WireCheckpoint>()
  readonly #patience

  constructor(options: LeanOptions) {
    this.#options = options
    this.#patience = { clock: deviceClock, random: options.random.next }
    this.#socket = new SyncSocket({
      url: 'ws://balanced.test/sync/v1',
      deviceId: crypto.randomUUID(),
      getTicket: () => this.#ticket(),
      createSocket: (_, protocol) =>
        new WebSocket(`${options.pickServer().replace('http', 'ws')}/sync/v1`, [protocol], {
          origin: DESKTOP,
        }) as unknown as SocketLike,
      isOnline: () => true,
      random: options.random.next,
    })
    for (const name of options.collections) {
      this.documents.set(name, new Map())
      this.#socket.subscribe(name)
    }
    this.#socket.pokes$.subscribe((name) => {
      this.pokes += 1
      if (options.collections.includes(name as CollectionName)) void this.#pull(name as CollectionName)
    })
    this.#socket.welcomes$.subscribe(() => {
      this.connections += 1
      for (const name of options.collections) void this.#pull(name)
    })
    this.#socket.start()
  }

  /** Connected, and with nothing more to pull. */
  isLevel(): boolean {
    return this.#socket.state.phase === 'ready' && this.#pulling.size === 0
  }

  /** Repeated until it is acknowledged; false when it was stopped before. */
  async push(collection: CollectionName, rows: readonly PushRow[]): Promise<boolean> {
    const push = () => this.#socket.push(collection, rows).then(() => true)
    return untilAnswered(this.#patience, this.#stop.signal, push, false)
  }

  stop(): void {
    this.#stop.abort()
    this.#socket.stop()
  }

  async #ticket(): Promise<TicketAnswer> {
    const headers = { authorization: `Bearer ${this.#options.token}`, origin: DESKTOP }
    const url = `${this.#options.pickServer()}/api/v1/auth/socket-ticket`
    const answer = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(5_000) })
    if (answer.status >= 500 || answer.status === 429) return { ok: false, reason: 'server-busy' }
    if (!answer.ok) return { ok: false, reason: 'unauthenticated' }
    return { ok: true, ticket: ((await answer.json()) as { ticket: string }).ticket }
  }

  /** One at a time, and at most one more waiting. */
  async #pull(name: CollectionName): Promise<void> {
    if (this.#pulling.has(name)) return void this.#pulling.set(name, 'again')
    do {
      this.#pulling.set(name, 'running')
      while ((await this.#pullPage(name)) === PAGE);
    } while (this.#pulling.get(name) === 'again')
    this.#pulling.delete(name)
  }

  async #pullPage(name: CollectionName): Promise<number> {
    const ask = () => this.#socket.pull(name, this.#checkpoints.get(name), PAGE)
    const answer = await untilAnswered<PullResult | null>(this.#patience, this.#stop.signal, ask, null)
    if (answer === null) return 0
    for (const document of answer.documents) {
      if (document._deleted) this.documents.get(name)?.delete(document.id)
      else this.documents.get(name)?.set(document.id, document)
    }
    this.#checkpoints.set(name, answer.checkpoint)
    return answer.documents.length
  }
}
