/**
 * How far the first download on this device is: documents that are here, of those there will be. A document counts once, however often
 * it comes, and what an earlier start has stored counts as well.
 */
import { Check } from 'typebox/value'
import type { CollectionName } from '#domain/sync/collections.ts'
import { replicaTotalSchema } from '#domain/sync/wire-messages.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Clock } from './clock.ts'
import { heldDocuments } from './held-documents.ts'
import { collectionsOf, type LocalDatabase } from './local-database.ts'

export type Progress = { readonly received: number; readonly total: number | null }

export type FirstDownloadOptions = {
  readonly database: LocalDatabase
  readonly fetch: ServerApi['fetch']
  readonly clock: Clock
  readonly onProgress: (progress: Progress) => void
}

/** A download brings thousands; a few times a second is often enough to be told. */
const TELL_EVERY_MS = 100
const TIMEOUT_MS = 15_000

export class FirstDownload {
  readonly #options: FirstDownloadOptions
  readonly #here = new Set<string>()
  #total: number | null = null
  #timer: unknown
  #isMoreToTell = false
  #isOver = false

  constructor(options: FirstDownloadOptions) {
    this.#options = options
  }

  get progress(): Progress {
    const received = this.#total === null ? this.#here.size : Math.min(this.#here.size, this.#total)
    return { received, total: this.#total }
  }

  /** Counts what an interrupted download has left here. */
  async begin(): Promise<void> {
    for (const name of collectionsOf(this.#options.database)) {
      for (const { id } of await heldDocuments(this.#options.database, name)) this.#here.add(`${name} ${id}`)
    }
    if (this.#here.size > 0) this.#tellSoon()
  }

  /** Asks how many there will be; without an answer the count alone is told. */
  async askTotal(): Promise<void> {
    if (this.#isOver || this.#total !== null) return
    const request = { method: 'GET', accept: 'application/json', signal: AbortSignal.timeout(TIMEOUT_MS) } as const
    const said: unknown = await this.#options
      .fetch(`/sync/v1/total?names=${collectionsOf(this.#options.database).join()}`, request)
      .then((answer) => (answer.ok ? answer.json() : undefined))
      .catch(() => undefined)
    if (!Check(replicaTotalSchema, said) || this.#isOver) return
    this.#total = said.documents
    this.#tellSoon()
  }

  take(name: CollectionName, { id, _deleted }: { readonly id: string; readonly _deleted: boolean }): void {
    if (this.#isOver || _deleted) return
    this.#here.add(`${name} ${id}`)
    this.#tellSoon()
  }

  end(): void {
    this.#isOver = true
    this.#options.clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#here.clear()
  }

  /** At once, and then no more than so often. */
  #tellSoon(): void {
    if (this.#timer !== undefined) {
      this.#isMoreToTell = true
      return
    }
    this.#options.onProgress(this.progress)
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#timer = undefined
      if (!this.#isMoreToTell || this.#isOver) return
      this.#isMoreToTell = false
      this.#tellSoon()
    }, TELL_EVERY_MS)
  }
}
