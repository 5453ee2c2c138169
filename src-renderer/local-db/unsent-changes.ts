/**
 * Which documents of a collection the server has not yet taken: exact, after a restart too, and the same in every tab.
 *
 * A document is unsent when it was last written here and differs from the state RxDB last knew of the server, which it keeps
 * in the replication's own documents. So the set is derived, never counted: changes of either side make the ids they touch be
 * looked at again. RxDB marks what came from the server (`_meta.o`), so a download costs nothing here. At the start only what
 * changed since the upstream's checkpoint is looked at.
 */
import {
  getAssumedMasterState,
  getChangedDocumentsSince,
  getHeightOfRevision,
  type RxCollection,
  type RxDocumentData,
  type RxStorageInstance,
} from 'rxdb'
import { BehaviorSubject, type Observable } from 'rxjs'
import { isSameDocument } from '#domain/sync/conflict.ts'

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
  /** Resolves when what was unsent before the start is known. */
  readonly ready: Promise<void>
  readonly close: () => void
}

const PAGE = 500
const NOTHING: ReadonlySet<string> = new Set()

/**
 * @param collection the replicated collection, opened by this tab
 * @param meta the instance the replication of this tab writes with, else one of its own: an instance hears other tabs, never
 * another instance of its own tab
 * @param origin hash of the replication's identifier, as RxDB writes it into `_meta.o`
 */
export function watchUnsent(collection: RxCollection<Any>, meta: MetaInstance, origin: string): UnsentChanges {
  const set = new BehaviorSubject(NOTHING)
  const doubtful = new Set<string>()
  let looking: Promise<void> = Promise.resolve()
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
        const unsent = await unsentAmong(collection, meta, origin, batch)
        update(
          batch.filter((id) => unsent.has(id)),
          batch.filter((id) => !unsent.has(id)),
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
      const written = events.map((event) => event.documentData as Stored)
      const own = written.filter((document) => !isFromServer(document, origin)).map(({ id }) => id as string)
      const arrived = written.filter((document) => isFromServer(document, origin)).map(({ id }) => id as string)
      update(context === 'replication-up-write-conflict' ? [] : own, arrived)
      watched(own)
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
    ready: changedSinceUpstream(collection, meta, origin, look).catch(closedOrThrow),
    close: () => {
      isClosed = true
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

async function unsentAmong(
  collection: RxCollection<Any>,
  meta: MetaInstance,
  origin: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const stored = await collection.storageInstance.findDocumentsById([...ids], true)
  const own = stored.filter((document: Stored) => !isFromServer(document, origin))
  const masters = await getAssumedMasterState(
    { input: { metaInstance: meta } } as Any,
    own.map(({ id }: Stored) => id as string),
  )
  const unsent = own.filter((document: Stored) => !isSameDocument(masters[document.id]?.docData ?? {}, document))
  return new Set(unsent.map(({ id }: Stored) => id as string))
}

/** What was written here since the upstream last got through: all that can be unsent from before the start. */
async function changedSinceUpstream(
  collection: RxCollection<Any>,
  meta: MetaInstance,
  origin: string,
  look: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  const [upstream] = await meta.findDocumentsById(['up|1'], false)
  let checkpoint = upstream?.checkpointData
  for (;;) {
    const page = await getChangedDocumentsSince(collection.storageInstance, PAGE, checkpoint)
    checkpoint = page.checkpoint
    const own = page.documents.filter((document: Stored) => !isFromServer(document, origin))
    await look(own.map(({ id }: Stored) => id as string))
    if (page.documents.length < PAGE) return
  }
}

/** True when the document's newest state was written by a pull: RxDB notes the height of the revision it wrote. */
function isFromServer({ _meta, _rev }: Stored, origin: string): boolean {
  const mark = (_meta as { readonly o?: { readonly hash: string; readonly _rev: number } }).o
  return mark?.hash === origin && mark._rev === getHeightOfRevision(_rev)
}
