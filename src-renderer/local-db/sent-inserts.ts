/**
 * New documents as they were first sent. Until the server has answered, a later push of the same document has no base, and only this
 * tells what was changed here since from what others have changed there (src-domain/sync/repeated-insert.ts).
 *
 * They are one note in the local database, encrypted, written before the push leaves. One is dropped once RxDB has recorded what the server
 * made of it: with the next push after an answer that took it as sent, else with the first push of it that has a base.
 */
import { type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import type { Conflict } from '#domain/sync/conflict.ts'
import { isAsSent } from '#domain/sync/repeated-insert.ts'
import { upgradedFrom } from '#domain/sync/schema-migrations.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { changeList, type NoteDatabase, readList } from './live-note.ts'

type State = PushRow['newDocumentState']
type SentInsert = {
  readonly id: string
  readonly collection: CollectionName
  /** Of the collection's schema when it was sent. */
  readonly schemaVersion: number
  /** Null where it is lost. */
  readonly document: State | null
  /** The base it has here belongs to a history that is no more, and did not travel. */
  readonly isFormer?: true
}

const NOTE = 'sent-inserts'
const NO_FORMERS: ReadonlyMap<string, State> = new Map()

const isFor =
  (collection: CollectionName, ids: ReadonlySet<string>) =>
  (sent: SentInsert): boolean =>
    sent.collection === collection && ids.has(sent.id)

/** The conflict with what was first sent, where the push had no base that the server knows. Never throws: without it the merge is still total. */
export async function withFirstSent<Name extends CollectionName>(
  database: NoteDatabase,
  name: Name,
  conflict: Conflict<Name>,
): Promise<Conflict<Name>> {
  const { assumedMasterState: base, newDocumentState, ...rest } = conflict
  if (conflict.firstSent) return conflict
  const known = await readList<SentInsert>(database, NOTE).catch(() => [])
  const sent = known.find(isFor(name, new Set([newDocumentState.id])))
  if (!sent?.document || (base && !base._deleted && !sent.isFormer)) return conflict
  return { ...rest, newDocumentState, firstSent: upToDate(sent, sent.document) as never }
}

const upToDate = ({ collection, schemaVersion }: SentInsert, document: State): State =>
  schemaVersion === definitionOf(collection).version ? document : upgradedFrom(collection, schemaVersion, document)

/** The new documents of one collection that are on their way. */
export class SentInserts {
  readonly #database: NoteDatabase
  readonly #name: CollectionName
  readonly #answered = new Set<string>()
  /** New ones that this page has put on the line, and how often. What an earlier page has sent is not among them. */
  readonly #tries = new Map<string, number>()

  constructor(database: NoteDatabase, name: CollectionName) {
    this.#database = database
    this.#name = name
  }

  /**
   * Keeps the rows that have no base, and drops what has one by now. Resolves when that is durable.
   * @param formers what rows were based on whose base was left out
   */
  async beforePush(rows: readonly PushRow[], formers: ReadonlyMap<string, State> = NO_FORMERS): Promise<void> {
    const spent = new Set([...this.#answered, ...rows.filter(hasBase).map(idOf)])
    const isSpent = isFor(this.#name, spent)
    const known = await readList<SentInsert>(this.#database, NOTE)
    const kept = new Set(known.filter((sent) => sent.collection === this.#name && !isSpent(sent)).map(({ id }) => id))
    const added = rows
      .filter((row) => !hasBase(row) && !kept.has(idOf(row)))
      .map((row) => this.#entry(row, formers.get(idOf(row))))
    if (added.length > 0 || known.some(isSpent)) {
      await changeList<SentInsert>(this.#database, NOTE, (all) => [...all.filter((one) => !isSpent(one)), ...added])
    }
    for (const { id, isFormer } of added) if (!isFormer) this.#tries.set(id, 0)
    this.#answered.clear()
  }

  /** These rows leave now. */
  onSend(rows: readonly PushRow[]): void {
    for (const row of rows) {
      const tries = this.#tries.get(idOf(row))
      if (tries !== undefined) this.#tries.set(idOf(row), tries + 1)
    }
  }

  /**
   * The server has answered these rows, `masters` with what it has instead. Where that is another document than was sent here for the
   * first time just now, a state of this store sent it that is lost: then nobody here knows what was first sent.
   */
  async afterAnswer(rows: readonly PushRow[], masters: ReadonlyMap<string, State>): Promise<void> {
    const inserts = rows.filter((row) => !hasBase(row))
    const lost = new Set(inserts.filter((row) => this.#isFirstTry(row) && this.#isOther(row, masters)).map(idOf))
    if (lost.size > 0) {
      const isLost = isFor(this.#name, lost)
      await changeList<SentInsert>(this.#database, NOTE, (all) =>
        all.map((one) => (isLost(one) ? { ...one, document: null } : one)),
      )
    }
    for (const id of inserts.map(idOf)) {
      // With another state for an answer RxDB has a base only where nothing was written here meanwhile: the next push tells.
      if (!masters.has(id)) this.#answered.add(id)
      this.#tries.delete(id)
    }
  }

  #isFirstTry(row: PushRow): boolean {
    return this.#tries.get(idOf(row)) === 1
  }

  #isOther({ newDocumentState: sent }: PushRow, masters: ReadonlyMap<string, State>): boolean {
    const master = masters.get(sent.id)
    return master !== undefined && !isAsSent(this.#name, sent as never, master as never)
  }

  #entry({ newDocumentState }: PushRow, former: State | undefined): SentInsert {
    const entry = { id: newDocumentState.id, collection: this.#name, schemaVersion: definitionOf(this.#name).version }
    return former ? { ...entry, document: former, isFormer: true } : { ...entry, document: newDocumentState }
  }
}

const hasBase = ({ assumedMasterState }: PushRow): boolean => assumedMasterState != null
const idOf = ({ newDocumentState }: PushRow): string => newDocumentState.id
