/**
 * One simulated device: local documents beside the server's states they are based on, a checkpoint, one push and one pull at a
 * time. It follows RxDB's replication and what src-renderer/local-db/replicate-collection.ts adds to it.
 */
import { parseCheckpoint, type WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { resolveConflict } from '#domain/sync/conflict.ts'
import { lostFields } from '#domain/sync/lost-fields.ts'
import { isAsSent } from '#domain/sync/repeated-insert.ts'
import { contentOf, type Fault, type Row, textOf, type Visit, wordsOf } from './documents.ts'
import type { Page } from './server-store.ts'

/** A document here: as it stands, and the server's state it is based on. */
export type LocalRow = { readonly fork: Visit; readonly base?: Visit | undefined }
export type OverruledNote = { readonly documentId: string; readonly fields: readonly string[]; readonly wanted: Visit }
/** What outlives the page. */
type Stored = {
  rows: Map<string, LocalRow>
  /** What has no base, as it was first sent (null where that is lost); or the base it had in a history that is no more. */
  sent: Map<string, Visit | null>
  checkpoint: WireCheckpoint | null
  overruled: Map<string, OverruledNote>
  /** While a new history is read from its beginning: the documents it has named so far. */
  named: ReadonlySet<string> | null
}
type PushInHand = {
  readonly request: number
  readonly rows: readonly Row[]
  readonly sent: ReadonlyMap<string, Visit>
  /** What this store has never sent before, until it is sent again. */
  readonly fresh: ReadonlySet<string>
}
type PullInHand = { readonly request: number; readonly pushes: number }

/** How a device reaches the server; the answers come back by `takePage` and `takeVerdicts`. */
export type Line = {
  readonly pull: (request: number, checkpoint: WireCheckpoint | null, limit: number) => void
  readonly push: (request: number, rows: readonly Row[]) => void
  /** Calls back after so many ticks without an answer. */
  readonly after: (ticks: number, run: () => void) => void
}
export type ClientStats = {
  resends: number
  skippedDirty: number
  askedAgain: number
  merged: number
  overruled: number
}

const PUSH_ROWS = 3
const PATIENCE = 40

export class ClientModel {
  stored: Stored = { rows: new Map(), sent: new Map(), checkpoint: null, overruled: new Map(), named: null }
  readonly stats: ClientStats = { resends: 0, skippedDirty: 0, askedAgain: 0, merged: 0, overruled: 0 }
  isOnline = true
  #requests = 0
  #pushing: PushInHand | null = null
  #pulling: PullInHand | null = null
  #held: Page | null = null
  #isPoked = false
  #pushes = 0
  readonly #lastPushOf = new Map<string, number>()
  readonly #acknowledged = new Map<string, readonly string[]>()

  readonly name: string
  readonly #line: Line
  readonly #limit: number
  readonly #fault: Fault | undefined
  readonly #isExcused: (word: string) => boolean
  readonly #violation: (kind: string, text: string) => void
  constructor(options: {
    name: string
    line: Line
    limit: number
    fault: Fault | undefined
    isExcused: (word: string) => boolean
    violation: (kind: string, text: string) => void
  }) {
    this.name = options.name
    this.#line = options.line
    this.#limit = options.limit
    this.#fault = options.fault
    this.#isExcused = options.isExcused
    this.#violation = options.violation
  }

  /** The documents a screen would show, in a stable order. */
  live(): readonly Visit[] {
    const visits = [...this.stored.rows.values()].map(({ fork }) => fork).filter(({ _deleted }) => !_deleted)
    return visits.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  isQuiet(): boolean {
    return !this.#pushing && !this.#pulling && ![...this.stored.rows.values()].some(isDirty)
  }

  /** The user's own write. */
  write(visit: Visit): void {
    this.stored.rows.set(visit.id, { ...this.stored.rows.get(visit.id), fork: visit })
    this.#push()
  }

  /** A line stands, or stands again. */
  connect(): void {
    this.isOnline = true
    if (this.#pushing) this.#send(this.#pushing.rows, this.#pushing.sent)
    this.#push()
    this.poke()
  }

  disconnect(): void {
    this.isOnline = false
  }

  poke(): void {
    this.#isPoked = true
    this.#pull()
  }

  /** The page or the device dies; what was not yet durable is lost. `checkpoint`: only that falls back. */
  rewind(to: Stored, what: 'all' | 'checkpoint'): void {
    const kept = what === 'all' ? to : { ...this.stored, checkpoint: to.checkpoint, named: to.named }
    this.stored = copyOf(kept)
    this.#pushing = null
    this.#pulling = null
    this.#held = null
    this.#acknowledged.clear()
    this.connect()
  }

  snapshot(): Stored {
    return copyOf(this.stored)
  }

  /** Documents in the stream: only with the fault of that name. */
  takeStreamed(page: Page): void {
    if (this.isOnline && this.stored.checkpoint) this.#apply(page)
  }

  takePage(request: number, page: Page): void {
    if (this.#pulling?.request !== request || this.#held) return
    if (this.#pushing && this.#fault !== 'checkpoint-past-dirty-row') {
      this.#held = page
      return
    }
    this.#judgePage(page)
  }

  takeVerdicts(request: number, answers: readonly Visit[]): void {
    const inHand = this.#pushing
    if (inHand?.request !== request) return
    this.#pushing = null
    this.#pushes += 1
    const masters = new Map(answers.map((visit) => [visit.id, visit]))
    for (const row of inHand.rows) {
      this.#lastPushOf.set(row.newDocumentState.id, this.#pushes)
      this.#record(row, masters.get(row.newDocumentState.id), inHand)
    }
    const held = this.#held
    this.#held = null
    if (held) this.#judgePage(held)
    this.#push()
  }

  #record(pushed: Row, master: Visit | undefined, { sent, fresh }: PushInHand): void {
    const { newDocumentState: mine, assumedMasterState } = pushed
    const row = this.stored.rows.get(mine.id)
    if (!row) return
    // What the server knew before it was first sent was sent by a state of this store that is lost.
    if (master && fresh.has(mine.id) && !isAsSent('appointments', mine, master)) this.stored.sent.set(mine.id, null)
    const firstSent = assumedMasterState ? undefined : (this.stored.sent.get(mine.id) ?? undefined)
    const isRefusal =
      master?._deleted || (master && assumedMasterState && contentOf(master) === contentOf(assumedMasterState))
    if (!master || (this.#fault === 'refusal-taken-as-done' && isRefusal)) {
      this.#settle(mine.id, { fork: row.fork, base: mine })
      if (!mine._deleted) this.#acknowledged.set(mine.id, wordsOf(mine))
      return
    }
    const merged = this.#merge(mine, assumedMasterState, master, firstSent)
    // Changed again meanwhile: the next push meets the same conflict, with all of it.
    if (row.fork === sent.get(mine.id)) this.#settle(mine.id, { fork: merged, base: master })
  }

  #settle(id: string, row: LocalRow): void {
    this.stored.rows.set(id, row)
    this.stored.sent.delete(id)
  }

  #merge(mine: Visit, base: Visit | undefined, master: Visit, firstSent: Visit | undefined): Visit {
    const conflict = { newDocumentState: mine, assumedMasterState: base, realMasterState: master, firstSent }
    const fields = lostFields('appointments', conflict)
    if (fields.length > 0) {
      this.stats.overruled += 1
      this.stored.overruled.set(`${mine.id} ${fields.join()}`, { documentId: mine.id, fields, wanted: mine })
    }
    const merged = resolveConflict('appointments', conflict)
    if (textOf(merged) === textOf(master)) return master
    this.stats.merged += 1
    return merged
  }

  #push(): void {
    if (!this.isOnline || this.#pushing) return
    const dirty = [...this.stored.rows.values()].filter(isDirty).slice(0, PUSH_ROWS)
    if (dirty.length === 0) return
    const fresh = dirty.filter(({ fork, base }) => !base && !this.stored.sent.has(fork.id)).map(({ fork }) => fork)
    for (const fork of fresh) this.stored.sent.set(fork.id, fork)
    const rows = dirty.map(({ fork, base }) => ({ newDocumentState: fork, assumedMasterState: base }))
    this.#send(rows, new Map(dirty.map(({ fork }) => [fork.id, fork])), new Set(fresh.map(({ id }) => id)))
  }

  /** The same rows, until there is an answer. */
  #send(rows: readonly Row[], sent: ReadonlyMap<string, Visit>, fresh: ReadonlySet<string> = new Set()): void {
    this.#requests += 1
    const request = this.#requests
    this.#pushing = { request, rows, sent, fresh }
    if (!this.isOnline) return
    this.#line.push(request, rows)
    this.#line.after(PATIENCE, () => {
      if (this.#pushing?.request !== request || !this.isOnline) return
      this.stats.resends += 1
      this.#send(rows, sent)
    })
  }

  #pull(): void {
    if (!this.isOnline || this.#pulling || !this.#isPoked) return
    this.#isPoked = false
    this.#ask()
  }

  #ask(): void {
    this.#requests += 1
    const request = this.#requests
    this.#pulling = { request, pushes: this.#pushes }
    if (this.isOnline) this.#line.pull(request, this.stored.checkpoint, this.#limit)
    this.#line.after(PATIENCE, () => {
      if (this.#pulling?.request === request && !this.#held) this.#ask()
    })
  }

  #judgePage(page: Page): void {
    const since = this.#pulling?.pushes ?? 0
    const isStale = page.documents.some(({ id }) => (this.#lastPushOf.get(id) ?? 0) > since)
    if (isStale && this.#fault !== 'stale-pull-applied') {
      this.stats.askedAgain += 1
      this.#ask()
      return
    }
    this.#pulling = null
    this.#apply(page)
    if (page.documents.length >= this.#limit) {
      this.#ask()
      return
    }
    this.#endOfNewHistory()
    this.#push()
    this.#pull()
  }

  #apply({ documents, checkpoint }: Page): void {
    const epochOf = (wire: WireCheckpoint | null) => (wire ? parseCheckpoint(wire)?.epoch : undefined)
    const known = epochOf(this.stored.checkpoint)
    // A device that has lost its checkpoint cannot tell which history its documents are of.
    const isNewHistory = this.stored.rows.size > 0 && known !== epochOf(checkpoint)
    if (isNewHistory) {
      this.#acknowledged.clear()
      if (this.#fault !== 'restore-unnoticed') this.stored.named = new Set()
    }
    for (const master of documents) this.#takeFromMaster(master)
    if (this.stored.named) this.stored.named = new Set([...this.stored.named, ...documents.map(({ id }) => id)])
    if (documents.length > 0) this.stored.checkpoint = checkpoint
  }

  #takeFromMaster(master: Visit): void {
    const row = this.stored.rows.get(master.id)
    if (row && isDirty(row)) {
      this.stats.skippedDirty += 1
      return
    }
    const acknowledged = this.#acknowledged.get(master.id) ?? []
    if (!master._deleted && acknowledged.some((word) => !wordsOf(master).includes(word) && !this.#isExcused(word))) {
      this.#violation('former-state', `${this.name} is shown ${master.id.slice(-3)} without its acknowledged change`)
    }
    this.stored.rows.set(master.id, { fork: master, base: master })
  }

  /** What the new history does not name is sent as new; a conflict is merged with the base it had. */
  #endOfNewHistory(): void {
    const { named, rows } = this.stored
    if (!named) return
    this.stored.named = null
    for (const [id, row] of rows) {
      if (!row.base || row.fork._deleted || named.has(id)) continue
      rows.set(id, { fork: row.fork })
      this.stored.sent.set(id, row.base)
    }
  }
}

const isDirty = ({ fork, base }: LocalRow): boolean => !base || (fork !== base && textOf(fork) !== textOf(base))

const copyOf = ({ rows, sent, checkpoint, overruled, named }: Stored): Stored => ({
  rows: new Map(rows),
  sent: new Map(sent),
  checkpoint,
  overruled: new Map(overruled),
  named,
})
