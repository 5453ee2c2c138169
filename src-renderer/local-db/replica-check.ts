/**
 * Whether this device holds what it should: every few minutes each collection is compared with the server's as one number, and one
 * that differs twice is read anew. It finds what no rule of the protocol foresees: a row that a device lost, or kept too long.
 */
import { Check } from 'typebox/value'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import { replicaSum } from '#domain/sync/replica-sum.ts'
import { replicaSumSchema } from '#domain/sync/wire-messages.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Clock } from './clock.ts'
import { heldDocuments } from './held-documents.ts'
import type { LocalDatabase } from './local-database.ts'

/** A replication as this check needs it. */
export type Comparable = {
  readonly name: CollectionName
  /** Where the collection was level with the server last; null while it is not. */
  readonly levelAt: () => WireCheckpoint | null
  readonly readAnew: () => void
}

export type ReplicaCheckOptions = {
  readonly database: LocalDatabase
  readonly fetch: ServerApi['fetch']
  readonly clock: Clock
  readonly random: () => number
  readonly replications: () => readonly Comparable[]
  /** True while the line stands and nothing waits to be sent. */
  readonly isCalm: () => boolean
}

const EVERY_MS = 5 * 60_000
/** Devices that were switched on together do not ask together. */
const SPREAD_MS = 60_000
const TIMEOUT_MS = 15_000

export class ReplicaCheck {
  readonly #options: ReplicaCheckOptions
  /** Collections that differed when they were last looked at. */
  readonly #suspected = new Set<CollectionName>()
  #timer: unknown
  #isStopped = false

  constructor(options: ReplicaCheckOptions) {
    this.#options = options
  }

  start(): void {
    const { clock, random } = this.#options
    if (this.#isStopped) return
    this.#timer = clock.setTimeout(
      () => void this.checkAll().finally(() => this.start()),
      EVERY_MS + random() * SPREAD_MS,
    )
  }

  stop(): void {
    this.#isStopped = true
    this.#options.clock.clearTimeout(this.#timer)
  }

  /** Looks at every collection once. Never rejects: what cannot be looked at now is looked at the next time. */
  async checkAll(): Promise<void> {
    for (const replication of this.#options.replications()) {
      if (this.#isStopped || !this.#options.isCalm()) return
      await this.#check(replication).catch(() => undefined)
    }
  }

  async #check(replication: Comparable): Promise<void> {
    const { name } = replication
    const checkpoint = replication.levelAt()
    if (!checkpoint) return
    const expected = await this.#ask(name, checkpoint)
    if (!expected) return
    const held = replicaSum(await heldDocuments(this.#options.database, name), new Set(expected.except))
    // Whatever came or was written meanwhile is in one of the two and not in the other.
    if (replication.levelAt() !== checkpoint || !this.#options.isCalm()) return
    if (held.count === expected.count && held.sum === expected.sum) this.#suspected.delete(name)
    else if (this.#suspected.delete(name)) replication.readAnew()
    else this.#suspected.add(name)
  }

  async #ask(name: CollectionName, { lwt, id }: WireCheckpoint) {
    const { version } = definitionOf(name)
    const query = new URLSearchParams({ lwt: String(lwt), id, ...(this.#suspected.has(name) && { differed: 'true' }) })
    const answer = await this.#options.fetch(`/sync/${name}/${version}/sum?${query}`, {
      method: 'GET',
      accept: 'application/json',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const said: unknown = answer.ok ? await answer.json() : undefined
    return Check(replicaSumSchema, said) ? said.held : null
  }
}
