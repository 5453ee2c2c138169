/**
 * A server that was restored from a backup, seen from a device: its history has another epoch, lacks what was written after the backup,
 * and gives numbers anew. Nothing a device still holds may be lost in silence (docs/sync.md, section 9):
 *
 * - Pushes wait until the new history has been read from its beginning.
 * - A document it names in an older state than the server once gave out is pushed again as it stands here. Where somebody has
 *   changed it since the restore, theirs stands, and the person here is told what differs.
 * - A document it does not name is sent as new; what the server does not take leaves the device, and its inbox says so.
 * - An unsent edit of such a document is sent as new as well, with its base remembered as what was first sent.
 */
import { getAssumedMasterState, type RxCollection, type RxStorageInstance } from 'rxdb'
import { BehaviorSubject, filter, firstValueFrom, fromEvent, merge, type Observable } from 'rxjs'
import { parseCheckpoint, type WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { isSameDocument } from '#domain/sync/conflict.ts'
import { differingFields, isAheadOf } from '#domain/sync/restored-history.ts'
import { BOOKMARK_ID, stubOf } from '#domain/sync/stub.ts'
import type { PullResult, PushRow } from '#domain/sync/wire-messages.ts'
import { changeList, readList } from './live-note.ts'
import type { LocalDatabase } from './local-database.ts'
import { noteOverruledFields } from './overruled-changes.ts'

type State = PushRow['newDocumentState']
/** What is known of the history that one collection is level with. Outlives the page. */
type Known = {
  readonly collection: CollectionName
  readonly epoch: string
  /** Documents with unsent edits that it does not name. */
  readonly orphans: readonly string[]
}

const NOTE = 'histories'
const PAGE = 200

// biome-ignore lint/suspicious/noExplicitAny: documents of every collection pass through here untouched.
type Any = any

export type NewHistoryOptions = {
  readonly database: LocalDatabase
  readonly name: CollectionName
  /** The epoch that the server named when the line was opened; null while there is none. Absent: the line does not say. */
  readonly epoch$?: Observable<string | null> | undefined
  /** Where RxDB keeps what it last knew of the server. */
  readonly meta: () => RxStorageInstance<Any, Any, Any> | undefined
  /** Null when replication stops. */
  readonly pull: (checkpoint: WireCheckpoint | undefined, limit: number) => Promise<PullResult | null>
  /** Pushes past `mayPush`; answers what was not taken as sent. */
  readonly push: (rows: readonly PushRow[]) => Promise<readonly State[]>
}

export class NewHistory {
  readonly #options: NewHistoryOptions
  readonly #known = new BehaviorSubject<Known | null>(null)
  #loading: Promise<void> | null = null
  #entering: Promise<void> | null = null
  readonly #rest: State[] = []

  constructor(options: NewHistoryOptions) {
    this.#options = options
  }

  /**
   * Resolves when what is based on the known history may be pushed, or when the signal aborts. RxDB pulls nothing while a push is
   * running, so where the server names another history it is read here.
   */
  async mayPush(signal: AbortSignal): Promise<void> {
    const { epoch$ } = this.#options
    if (!epoch$) return
    await this.#load()
    while (!signal.aborted) {
      const named = epoch$.pipe(filter((epoch) => epoch !== null))
      await firstValueFrom(merge(named, fromEvent(signal, 'abort')))
      const epoch = await firstValueFrom(epoch$)
      const known = this.#known.getValue()
      if (epoch !== null && (!known || known.epoch === epoch)) return
      if (epoch !== null) await this.enter()
    }
  }

  /** The row as it has to be sent: an edit of what the new history does not know has no base in it. */
  adapt(row: PushRow): { readonly row: PushRow; readonly former?: State } {
    const { newDocumentState, assumedMasterState: base } = row
    const isOrphan = this.#known.getValue()?.orphans.includes(newDocumentState.id) === true
    return base && isOrphan ? { row: { newDocumentState }, former: base } : { row }
  }

  /** These have been answered by the new history. */
  async settle(ids: readonly string[]): Promise<void> {
    const known = this.#known.getValue()
    if (!known || !ids.some((id) => known.orphans.includes(id))) return
    await this.#keep({ ...known, orphans: known.orphans.filter((id) => !ids.includes(id)) })
  }

  /** True when an answer belongs to another history than what this device holds of the collection. */
  async isNew(asked: WireCheckpoint | undefined, answer: PullResult): Promise<boolean> {
    await this.#load()
    const epoch = epochOf(answer.checkpoint)
    const known = this.#known.getValue()
    const before = known?.epoch ?? epochOf(asked)
    if (!known && epoch) await this.#keep({ collection: this.#options.name, epoch: before ?? epoch, orphans: [] })
    return before !== undefined && epoch !== undefined && before !== epoch
  }

  /** Reads the new history from its beginning to its end and acts on it; once, however often it is called meanwhile. */
  enter(): Promise<void> {
    this.#entering ??= this.#enter().finally(() => {
      this.#entering = null
    })
    return this.#entering
  }

  /** What has to leave the device, to be handed to RxDB before the documents of a page. */
  takeRest(): readonly State[] {
    return this.#rest.splice(0)
  }

  /** All that the server names, and stubs of what stands here level with it and is not named; null when replication stops. */
  async readAll(): Promise<PullResult | null> {
    const all = await this.#readToTheEnd()
    if (!all) return null
    const { name } = this.#options
    const { clean } = await this.#local(await this.#unnamed(new Set(all.documents.map(({ id }) => id))))
    const stubs = [...clean.keys()].map((id) => stubOf(name, id) as State)
    return { documents: [...stubs, ...all.documents], checkpoint: all.checkpoint }
  }

  async #readToTheEnd(): Promise<PullResult | null> {
    // What stands on today comes before its turn as well: the later state counts.
    const documents = new Map<string, State>()
    let page: PullResult | null
    let checkpoint: WireCheckpoint | undefined
    do {
      page = await this.#options.pull(checkpoint, PAGE)
      if (page === null) return null
      checkpoint = page.checkpoint
      for (const state of page.documents) if (state.id !== BOOKMARK_ID) documents.set(state.id, state)
    } while (page.documents.length >= PAGE)
    return { documents: [...documents.values()], checkpoint }
  }

  async #enter(): Promise<void> {
    const all = await this.#readToTheEnd()
    if (!all) return
    const { documents, checkpoint } = all
    await this.#pushWhatIsAhead(documents)
    const { answers, orphans } = await this.#sendUnnamed(new Set(documents.map(({ id }) => id)))
    // All others come by the pull that follows, in a state at least as new.
    this.#rest.push(...answers.filter(({ _deleted }) => _deleted))
    await this.#keep({ collection: this.#options.name, epoch: epochOf(checkpoint) ?? '', orphans })
  }

  #load(): Promise<void> {
    this.#loading ??= readList<Known>(this.#options.database, NOTE).then((all) => {
      const own = all.find(({ collection }) => collection === this.#options.name)
      if (own && !this.#known.getValue()) this.#known.next(own)
    })
    return this.#loading
  }

  async #keep(known: Known): Promise<void> {
    await changeList<Known>(this.#options.database, NOTE, (all) => [
      ...all.filter(({ collection }) => collection !== known.collection),
      known,
    ])
    this.#known.next(known)
  }

  /** Of the documents just named, those that stand here in a later state of the same life. */
  async #pushWhatIsAhead(masters: readonly State[]): Promise<void> {
    const { name } = this.#options
    if (!['rules', 'mark'].includes(definitionOf(name).push)) return
    const { clean } = await this.#local(masters.map(({ id }) => id))
    const pairs = masters.flatMap((master) => {
      const mine = clean.get(master.id)
      return mine && !master._deleted && differingFields(name, mine as never, master as never).length > 0
        ? [{ mine, master }]
        : []
    })
    const rows: PushRow[] = []
    for (const { mine, master } of pairs) {
      const ahead = isAheadOf(mine, master)
      if (ahead === 'yes') rows.push({ newDocumentState: mine, assumedMasterState: master })
      if (ahead === 'both-changed') await this.#tell(mine, master)
    }
    await this.#pushAndTell(rows)
  }

  /** What stands here and is not named: sent as new where it is level with the server that was. */
  async #sendUnnamed(named: ReadonlySet<string>) {
    const { name } = this.#options
    const { clean, dirty } = await this.#local(await this.#unnamed(named))
    const { push } = definitionOf(name)
    // One's own inbox stays: what it tells was lost with the history, not untrue.
    if (push === 'dismiss') return { answers: [], orphans: [] }
    // Made by the server alone: what it does not name is no longer.
    if (push !== 'rules') return { answers: [...clean.keys()].map((id) => stubOf(name, id) as State), orphans: [] }
    const rows = [...clean.values()].map((document) => ({ newDocumentState: document }))
    return { answers: await this.#pushAndTell(rows), orphans: dirty }
  }

  async #unnamed(named: ReadonlySet<string>): Promise<readonly string[]> {
    const { database, name } = this.#options
    const found = await (database[name] as unknown as RxCollection<Any>).find().exec()
    return found.map((document) => document.primary as string).filter((id) => !named.has(id))
  }

  /** Pushes; where the server has something else, the person here is told what differs. */
  async #pushAndTell(rows: readonly PushRow[]): Promise<readonly State[]> {
    if (rows.length === 0) return []
    const answers = await this.#options.push(rows)
    const sent = new Map(rows.map((row) => [row.newDocumentState.id, row]))
    for (const answer of answers) {
      const row = sent.get(answer.id)
      const isRefused = answer._deleted || (row?.assumedMasterState && isSameDocument(answer, row.assumedMasterState))
      if (row && !isRefused) await this.#tell(row.newDocumentState, answer)
    }
    return answers
  }

  #tell(mine: State, master: State): Promise<void> {
    const { database, name } = this.#options
    const fields = differingFields(name, mine as never, master as never)
    return noteOverruledFields(database, name, { wanted: mine as never, base: master as never, fields })
  }

  /** The documents that are here: level with what was last known of the server, and the ids of those with unsent edits. */
  async #local(ids: readonly string[]) {
    const { database, name, meta } = this.#options
    const collection = database[name] as unknown as RxCollection<Any>
    const metaInstance = meta()
    const clean = new Map<string, State>()
    const dirty: string[] = []
    if (ids.length === 0 || !metaInstance) return { clean, dirty }
    const found = await collection.findByIds([...ids]).exec()
    const masters = await getAssumedMasterState({ input: { metaInstance } } as Any, [...ids])
    for (const [id, document] of found) {
      const state = { ...document.toMutableJSON(), _deleted: false } as WireDocument as unknown as State
      const master = masters[id]?.docData
      if (master && isSameDocument(master, state)) clean.set(id, state)
      // Without a base it is new anyway.
      else if (master) dirty.push(id)
    }
    return { clean, dirty }
  }
}

const epochOf = (wire: WireCheckpoint | undefined): string | undefined =>
  (wire && parseCheckpoint(wire)?.epoch) || undefined
