/**
 * Which documents of a collection the server has not yet taken: exact, after a restart too, and the same in every tab.
 *
 * A document is unsent when it was last written here and differs from the state RxDB last knew of the server, which it keeps
 * in the replication's own documents. So the set is derived, never counted: changes of either side make the ids they touch be
 * looked at again. What a pull writes is told by the context of the write, so a download costs nothing here. At the start only
 * what changed since the upstream's checkpoint is looked at.
 */
import {
  getAssumedMasterState,
  getChangedDocumentsSince,
  type RxCollection,
  type RxDocumentData,
  type RxStorageInstance,
} from 'rxdb'
import { BehaviorSubject, type Observable } from 'rxjs'
import { isSameDocument } from '#domain/sync/conflict.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'

// biome-ignore lint/suspicious/noExplicitAny: documents of every collection pass through here untouched.
type Any = any
type Stored = RxDocumentData<Any>
/** The storage of the replication's own documents. */
export type MetaInstance = RxStorageInstance<Any, Any, Any> & {
  readonly originalStorageInstance?: RxStorageInstance<Any, Any, Any>
}

export type UnsentChanges = {
  readonly ids$: Observable<ReadonlySet<string>>
  readonly ids: () => ReadonlySet<string>
  /** Each as it would be pushed. */
  readonly rows: () => Promise<readonly PushRow[]>
  /** Resolves when what was unsent before the start is known. */
  readonly ready: Promise<void>
  readonly close: () => void
}

/** The context of what a pull writes (rxdb: replication-protocol/index.ts, `downstreamBulkWriteFlag`), and of a resolved conflict. */
const FROM_PULL = 'replication-downstream-'
const FROM_CONFLICT = 'replication-up-write-conflict'
const PAGE = 500
const NOTHING: ReadonlySet<string> = new Set()

/**
 * @param collection the replicated collection, opened by this tab
 * @param meta the instance the replication of this tab writes with, else one of its own: an instance hears other tabs, never
 * another instance of its own tab
 */
export function watchUnsent(collection: RxCollection<Any>, meta: MetaInstance): UnsentChanges {
  const set = new BehaviorSubject(NOTHING)
  const doubtful = new Set<string>()
  let looking: Promise<void> = Promise.resolve()
  /** When a document was last written here, counted in writes: a look that began before says nothing about it. */
  const writtenAt = new Map<string, number>()
  let writes = 0
  let isClosed = false

  const update = (added: readonly string[], removed: readonly string[]) => {
    const before = set.getValue()
    if (isClosed || (added.every((id) => before.has(id)) && !removed.some((id) => before.has(id)))) return
    const after = new Set([...before, ...added])
    for (const id of removed) after.delete(id)
    set.next(after)
  }
  const look = (ids: readonly string[]): Promise<void> => {
    for (const id of ids) doubtful.add(id)
    if (doubtful.size > 0) {
      looking = looking.then(async () => {
        const batch = [...doubtful]
        doubtful.clear()
        if (isClosed || batch.length === 0) return
        const began = writes
        const unsent = await unsentAmong(collection, meta, batch)
        const known = batch.filter((id) => (writtenAt.get(id) ?? 0) <= began)
        for (const id of known) writtenAt.delete(id)
        update(
          batch.filter((id) => unsent.has(id)),
          known.filter((id) => !unsent.has(id)),
        )
      })
    }
    return looking
  }
  const watched = (ids: readonly string[]) => void look(ids).catch((error: unknown) => closedOrThrow(error))
  const closedOrThrow = (error: unknown) => {
    // A database closed under a reading is the normal end of a session.
    if (!isClosed && !collection.closed) throw error
  }

  const subscriptions = [
    collection.eventBulks$.subscribe(({ events, context, isLocal }) => {
      if (isLocal) return
      const ids = events.map(({ documentId }) => documentId)
      if (context.startsWith(FROM_PULL)) return update([], ids)
      writes += 1
      for (const id of ids) writtenAt.set(id, writes)
      if (context !== FROM_CONFLICT) update(ids, [])
      watched(ids)
    }),
    // The storage below, where there is one: ids are enough, so nothing is decrypted for this.
    (meta.originalStorageInstance ?? meta).changeStream().subscribe(({ events }) => {
      const known = set.getValue()
      watched(events.map(({ documentId }) => documentId.slice(0, -2)).filter((id) => known.has(id) || doubtful.has(id)))
    }),
  ]
  return {
    ids$: set,
    ids: () => set.getValue(),
    ready: changedSinceUpstream(collection, meta, look).catch(closedOrThrow),
    rows: async () => {
      await looking
      return rowsOf(collection, meta, [...set.getValue()])
    },
    close: () => {
      isClosed = true
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

async function unsentAmong(
  collection: RxCollection<Any>,
  meta: MetaInstance,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const stored = await collection.storageInstance.findDocumentsById([...ids], true)
  const masters = await getAssumedMasterState({ input: { metaInstance: meta } } as Any, [...ids])
  const unsent = stored.filter((document: Stored) => !isSameDocument(masters[document.id]?.docData ?? {}, document))
  return new Set(unsent.map(({ id }: Stored) => id as string))
}

async function rowsOf(collection: RxCollection<Any>, meta: MetaInstance, ids: readonly string[]): Promise<PushRow[]> {
  if (ids.length === 0) return []
  const stored = await collection.storageInstance.findDocumentsById([...ids], true)
  const masters = await getAssumedMasterState({ input: { metaInstance: meta } } as Any, [...ids])
  return stored.map(({ _meta, _rev, _attachments, ...document }: Stored) => {
    const base = masters[document.id]?.docData
    return { newDocumentState: document, ...(base && { assumedMasterState: base }) } as unknown as PushRow
  })
}

/** What was written here since the upstream last got through: all that can be unsent from before the start. */
async function changedSinceUpstream(
  collection: RxCollection<Any>,
  meta: MetaInstance,
  look: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  const [upstream] = await meta.findDocumentsById(['up|1'], false)
  let checkpoint = upstream?.checkpointData
  for (;;) {
    const page = await getChangedDocumentsSince(collection.storageInstance, PAGE, checkpoint)
    checkpoint = page.checkpoint
    await look(page.documents.map(({ id }: Stored) => id as string))
    if (page.documents.length < PAGE) return
  }
}
