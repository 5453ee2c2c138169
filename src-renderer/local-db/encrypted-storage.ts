/**
 * A storage that keeps the encrypted fields of every document as one AES-GCM ciphertext, and the notes beside them whole.
 *
 * The storage below sees the plain fields and one text field that also vouches for the plain ones (`sealed-row.ts`), in collections
 * without secrets too. RxDB marks the replication's own documents (`docData`) as encrypted, so they take the same way.
 *
 * Unlike RxDB's `wrapRxStorageInstance` this keeps the order of rows and of events: two changes of one document that follow
 * each other within a millisecond must not change places because the second was decrypted faster.
 */
import {
  type BulkWriteRow,
  type EventBulk,
  flatClone,
  newRxError,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorage,
  type RxStorageChangeEvent,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  type RxStorageWriteError,
} from 'rxdb'
import { BehaviorSubject, concatMap, filter, firstValueFrom, Observable, share } from 'rxjs'
import { type Damage, DamagedRowError, openRow, SEALED_FIELD, sealRow } from './sealed-row.ts'

// biome-ignore lint/suspicious/noExplicitAny: RxDB's storage interface is typed by documents this wrapper never looks into.
type Any = any
type Document = RxDocumentData<Any>
type Instance = RxStorageInstance<Any, Any, Any>

/**
 * @param storage keeps what it is given in plain
 * @param key AES-GCM, 256 bits, not extractable
 * @param onDamage told before the reading that met the damage fails
 */
export function encryptedStorage(
  storage: RxStorage<Any, Any>,
  key: CryptoKey,
  onDamage: OnDamage = () => undefined,
): RxStorage<Any, Any> {
  return {
    ...storage,
    createStorageInstance: async (params: RxStorageInstanceCreationParams<Any, Any>) => {
      const sealed = params.schema.title === LOCAL_DOCUMENTS ? withSealedData(params) : params
      if (params.collectionName === INTERNAL) return storage.createStorageInstance(params)
      const inner = await storage.createStorageInstance({ ...sealed, schema: schemaBelow(sealed.schema) })
      return wrap(inner, sealed, sealerOf(sealed, key, onDamage))
    },
  }
}

/** Told of every row that is not what was written, when it is read. */
export type OnDamage = (damage: Damage) => void

/** RxDB's own list of collections, which names nobody. */
const INTERNAL = '_rxdb_internal'
/** RxDB's schema of the notes a database keeps beside its collections (rxdb: plugins/local-documents). */
const LOCAL_DOCUMENTS = 'RxLocalDocument'

/** Notes hold what was set aside, names included. One that an earlier version left in plain is read as it is. */
const withSealedData = (params: RxStorageInstanceCreationParams<Any, Any>) => ({
  ...params,
  schema: { ...params.schema, encrypted: ['data'] },
})

function schemaBelow(schema: RxJsonSchema<Document>): RxJsonSchema<Document> {
  const { encrypted = [], ...rest } = schema
  const plain = Object.entries(schema.properties).filter(([field]) => !encrypted.includes(field))
  return {
    ...rest,
    properties: { ...Object.fromEntries(plain), [SEALED_FIELD]: { type: 'string' } },
    required: (schema.required ?? []).filter((field) => !encrypted.includes(field as string)),
  } as RxJsonSchema<Document>
}

type Sealer = {
  readonly seal: (document: Document) => Promise<Document>
  readonly open: (document: Document) => Promise<Document>
}

function sealerOf(params: RxStorageInstanceCreationParams<Any, Any>, key: CryptoKey, onDamage: OnDamage): Sealer {
  const fields = params.schema.encrypted ?? []
  const primary = params.schema.primaryKey
  const placeOf = (document: Document) => ({
    key,
    collection: params.collectionName,
    id: document[typeof primary === 'string' ? primary : primary.key] as string,
  })
  /** Earlier versions kept notes, and collections without secrets, in plain. */
  const mayBePlain = fields.length === 0 || params.schema.title === LOCAL_DOCUMENTS
  return {
    seal: async (document) => {
      const below = flatClone(document)
      const secrets: Record<string, unknown> = {}
      for (const field of fields) {
        if (below[field] !== undefined) secrets[field] = below[field]
        delete below[field]
      }
      below[SEALED_FIELD] = await sealRow(placeOf(document), below, secrets)
      return below
    },
    open: async (document) => {
      if (document[SEALED_FIELD] === undefined && mayBePlain) return document
      try {
        return (await openRow(placeOf(document), document)) as Document
      } catch (error) {
        if (error instanceof DamagedRowError) onDamage(error.damage)
        throw error
      }
    },
  }
}

function wrap(inner: Instance, params: RxStorageInstanceCreationParams<Any, Any>, { seal, open }: Sealer): Instance {
  // Events of our own writes come back as the very objects handed down, so most need no decryption.
  const known = new WeakMap<object, Document>()
  // RxDB says null where a document comes after a deleted one.
  const openKnown = async (document: Document | null | undefined): Promise<Document | null | undefined> => {
    // What stood there before a write is handed down without its secrets, and comes back so.
    if (!document || document[SEALED_FIELD] === undefined) return document
    return known.get(document) ?? (await open(document))
  }
  const sealKnown = async (document: Document): Promise<Document> => {
    const below = await seal(document)
    known.set(below, document)
    return below
  }
  const opening = new BehaviorSubject(0)
  const changes = openedChanges(inner, openKnown, opening)
  const wrapped = {
    originalStorageInstance: inner,
    databaseName: inner.databaseName,
    collectionName: inner.collectionName,
    internals: inner.internals,
    options: inner.options,
    schema: params.schema,
    cleanup: inner.cleanup.bind(inner),
    close: inner.close.bind(inner),
    count: inner.count.bind(inner),
    remove: inner.remove.bind(inner),
    getAttachmentData: inner.getAttachmentData.bind(inner),
    changeStream: () => changes,
    bulkWrite: async (rows: BulkWriteRow<Any>[], context: string) => {
      const sealedRows = await Promise.all(
        rows.map(async ({ previous, document }) => ({
          // Storages compare `previous` by its revision alone: sealing it would be work for nothing.
          previous: previous && withoutFields(previous, params.schema.encrypted),
          document: await sealKnown(document),
        })),
      )
      const { error } = await inner.bulkWrite(sealedRows as BulkWriteRow<Any>[], context)
      const plain = new Map(sealedRows.map((row, index) => [row.document, rows[index]]))
      const errors = await Promise.all(error.map((one) => openError(one, plain, openKnown)))
      // RxDB expects every event of a write before the write itself resolves.
      await firstValueFrom(opening.pipe(filter((count) => count === 0)))
      return { error: errors }
    },
    query: async (prepared: Any) => {
      const { documents } = await inner.query(prepared)
      return { documents: await Promise.all(documents.map(open)) }
    },
    findDocumentsById: async (ids: string[], withDeleted: boolean) =>
      Promise.all((await inner.findDocumentsById(ids, withDeleted)).map(open)),
  }
  const getChanged = inner.getChangedDocumentsSince?.bind(inner)
  if (!getChanged) return wrapped as unknown as Instance
  const getChangedDocumentsSince = async (limit: number, checkpoint?: Any) => {
    const result = await getChanged(limit, checkpoint)
    return { checkpoint: result.checkpoint, documents: await Promise.all(result.documents.map(open)) }
  }
  return { ...wrapped, getChangedDocumentsSince } as unknown as Instance
}

type OpenKnown = (document: Document | null | undefined) => Promise<Document | null | undefined>

/** The events of the storage below with their documents opened, in order, opened once for all subscribers. */
function openedChanges(
  inner: Instance,
  openKnown: OpenKnown,
  opening: BehaviorSubject<number>,
): Observable<EventBulk<RxStorageChangeEvent<Document>, Any>> {
  const openEvent = async (event: RxStorageChangeEvent<Document>) =>
    ({
      ...event,
      documentData: await openKnown(event.documentData),
      previousDocumentData: await openKnown(event.previousDocumentData as Document | null | undefined),
    }) as RxStorageChangeEvent<Document>
  return new Observable<EventBulk<RxStorageChangeEvent<Document>, Any>>((subscriber) => {
    const count = (change: number) => opening.next(opening.getValue() + change)
    return inner
      .changeStream()
      .pipe(
        filter(() => {
          count(1)
          return true
        }),
        concatMap(async (bulk) => ({ ...bulk, events: await Promise.all(bulk.events.map(openEvent)) })),
      )
      .subscribe({
        next: (bulk) => {
          subscriber.next(bulk)
          count(-1)
        },
        error: (error) => {
          // Nobody waits for an event that cannot be told.
          opening.next(0)
          subscriber.error(error)
        },
        complete: () => subscriber.complete(),
      })
  }).pipe(share())
}

async function openError(
  error: RxStorageWriteError<Any>,
  plain: ReadonlyMap<unknown, BulkWriteRow<Any> | undefined>,
  openKnown: OpenKnown,
): Promise<RxStorageWriteError<Any>> {
  const writeRow = plain.get(error.writeRow.document)
  if (!writeRow) throw newRxError('SNH', { args: { context: error.context } })
  const opened = { ...error, writeRow }
  if (!('documentInDb' in error) || !error.documentInDb) return opened as RxStorageWriteError<Any>
  return { ...opened, documentInDb: await openKnown(error.documentInDb) } as RxStorageWriteError<Any>
}

function withoutFields(document: Document, fields: readonly string[] = []): Document {
  const below = flatClone(document)
  for (const field of fields) delete below[field]
  return below
}
