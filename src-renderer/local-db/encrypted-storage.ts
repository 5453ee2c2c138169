/**
 * A storage that keeps the encrypted fields of every document as one AES-GCM ciphertext, and the notes beside them whole.
 *
 * The storage below sees the plain fields and one text field; a fresh 12-byte IV per write, the collection and the document's
 * id as additional data, so that a ciphertext can be moved neither to another document nor to another collection. RxDB marks
 * the replication's own documents (`docData`) as encrypted too, so they take the same way.
 *
 * Unlike RxDB's `wrapRxStorageInstance` this keeps the order of rows and of events: two changes of one document that follow
 * each other within a millisecond must not change places because the second was decrypted faster.
 */
import {
  type BulkWriteRow,
  type EventBulk,
  flatClone,
  hasEncryption,
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

// biome-ignore lint/suspicious/noExplicitAny: RxDB's storage interface is typed by documents this wrapper never looks into.
type Any = any
type Document = RxDocumentData<Any>
type Instance = RxStorageInstance<Any, Any, Any>

/** The field that holds the ciphertext; no document of ours has one of this name. */
export const SEALED_FIELD = 'sealed'
const IV_BYTES = 12

/**
 * @param storage keeps what it is given in plain
 * @param key AES-GCM, 256 bits, not extractable
 */
export function encryptedStorage(storage: RxStorage<Any, Any>, key: CryptoKey): RxStorage<Any, Any> {
  return {
    ...storage,
    createStorageInstance: async (params: RxStorageInstanceCreationParams<Any, Any>) => {
      const sealed = params.schema.title === LOCAL_DOCUMENTS ? withSealedData(params) : params
      if (!hasEncryption(sealed.schema)) return storage.createStorageInstance(params)
      const inner = await storage.createStorageInstance({ ...sealed, schema: schemaBelow(sealed.schema) })
      return wrap(inner, sealed, sealerOf(sealed, key))
    },
  }
}

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

function sealerOf(params: RxStorageInstanceCreationParams<Any, Any>, key: CryptoKey): Sealer {
  const fields = params.schema.encrypted ?? []
  const primary = params.schema.primaryKey
  const idOf = (document: Document) => document[typeof primary === 'string' ? primary : primary.key] as string
  const algorithm = (document: Document, iv: Uint8Array<ArrayBuffer>) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(`${params.collectionName}/${idOf(document)}`),
  })
  return {
    seal: async (document) => {
      const below = flatClone(document)
      const secrets: Record<string, unknown> = {}
      for (const field of fields) {
        if (below[field] !== undefined) secrets[field] = below[field]
        delete below[field]
      }
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const text = new TextEncoder().encode(JSON.stringify(secrets))
      const sealed = await crypto.subtle.encrypt(algorithm(document, iv), key, text)
      below[SEALED_FIELD] = toBase64(iv, new Uint8Array(sealed))
      return below
    },
    open: async (document) => {
      const { [SEALED_FIELD]: sealed, ...above } = document
      if (sealed === undefined) return document
      const bytes = fromBase64(sealed as string)
      const text = await crypto.subtle.decrypt(
        algorithm(document, bytes.subarray(0, IV_BYTES)),
        key,
        bytes.subarray(IV_BYTES),
      )
      return Object.assign(above, JSON.parse(new TextDecoder().decode(text)) as object) as Document
    },
  }
}

function wrap(inner: Instance, params: RxStorageInstanceCreationParams<Any, Any>, { seal, open }: Sealer): Instance {
  // Events of our own writes come back as the very objects handed down, so most need no decryption.
  const known = new WeakMap<object, Document>()
  // RxDB says null where a document comes after a deleted one.
  const openKnown = async (document: Document | null | undefined): Promise<Document | null | undefined> =>
    document ? (known.get(document) ?? (await open(document))) : document
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
        error: (error) => subscriber.error(error),
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

/** Native since Chromium 140; Node and older browsers take the long way. */
type Base64Bytes = Uint8Array & { readonly toBase64?: () => string }
type Base64Reader = { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }
const CHUNK = 0x8000

function toBase64(first: Uint8Array, second: Uint8Array): string {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  const native = (bytes as Base64Bytes).toBase64?.()
  if (native !== undefined) return native
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(text)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as Base64Reader).fromBase64?.(text)
  if (native !== undefined) return native
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}
