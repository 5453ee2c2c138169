import { addRxPlugin, createRxDatabase, fillWithDefaultSettings, type RxStorage, type RxStorageInstance } from 'rxdb'
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { Subject } from 'rxjs'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { encryptedStorage } from '#renderer/local-db/encrypted-storage.ts'
import { SEALED_FIELD } from '#renderer/local-db/sealed-row.ts'
import { anAppointment } from '#tests/support/builders.ts'

// biome-ignore lint/suspicious/noExplicitAny: RxDB's storage interface, driven by hand
type Any = any
addRxPlugin(RxDBLocalDocumentsPlugin)
let key: CryptoKey
beforeAll(async () => {
  key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
})
afterEach(() => vi.restoreAllMocks())

const parameters = (databaseName: string = crypto.randomUUID()) => ({
  databaseName,
  databaseInstanceToken: crypto.randomUUID(),
  collectionName: 'appointments',
  schema: fillWithDefaultSettings(rxSchemaOf('appointments') as never) as Any,
  options: {},
  multiInstance: false,
  devMode: false,
})
const aRow = (revision: number, part: object = {}) => ({
  ...anAppointment({ note: 'a secret' }),
  _deleted: false,
  _attachments: {},
  _meta: { lwt: revision },
  _rev: `${revision}-x`,
  ...part,
})
const open = (storage: RxStorage<Any, Any> = getRxStorageMemory()) =>
  encryptedStorage(storage, key).createStorageInstance<Any>(parameters())
/** What the storage below holds. */
const below = (instance: Any) =>
  (instance.originalStorageInstance as RxStorageInstance<Any, Any, Any>).findDocumentsById

describe('the encrypted storage', () => {
  it('gives back what it was given, and hands down one ciphertext in place of the secret fields', async () => {
    const instance = await open()
    await instance.bulkWrite([{ document: aRow(1) }], 'test')
    expect(await instance.findDocumentsById([aRow(1).id], false)).toEqual([aRow(1)])
    const [stored] = await below(instance).call((instance as Any).originalStorageInstance, [aRow(1).id], false)
    expect(stored[SEALED_FIELD]).toMatch(/^2:[A-Za-z0-9+/=]+$/)
    expect([stored.note, stored.reason, stored.cancelReason]).toEqual([undefined, undefined, undefined])
    expect(stored.patientId).toBe(aRow(1).patientId)
    await instance.close()
  })

  it('seals the same content differently every time', async () => {
    const instance = await open()
    const sealed = async (revision: number) => {
      const previous = revision > 1 ? aRow(revision - 1) : undefined
      await instance.bulkWrite([{ document: aRow(revision), ...(previous && { previous }) }], 'test')
      const [stored] = await below(instance).call((instance as Any).originalStorageInstance, [aRow(1).id], false)
      return stored[SEALED_FIELD]
    }
    expect(await sealed(1)).not.toBe(await sealed(2))
    await instance.close()
  })

  it('answers a conflict with both documents readable', async () => {
    const instance = await open()
    await instance.bulkWrite([{ document: aRow(1) }], 'test')
    const late = aRow(2, { note: 'mine', _rev: '2-late' })
    const { error } = await instance.bulkWrite([{ previous: aRow(1, { _rev: '1-old' }), document: late }], 'test')
    expect(error[0]).toMatchObject({
      status: 409,
      documentInDb: { note: 'a secret' },
      writeRow: { document: { note: 'mine' } },
    })
    await instance.close()
  })

  it('tells of a write before the write resolves, without decrypting what it has just encrypted', async () => {
    const instance = await open()
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    const told: unknown[] = []
    instance.changeStream().subscribe(({ events }) => told.push(...events.map(({ documentData }) => documentData)))
    await instance.bulkWrite([{ document: aRow(1) }], 'test')
    expect(told).toEqual([aRow(1)])
    expect(decrypt).not.toHaveBeenCalled()
    await instance.close()
  })

  it('keeps the order of another tab’s changes, however long each takes to decrypt', async () => {
    const source = await open()
    const instance = await open(withChanges(source))
    const seen: unknown[] = []
    instance.changeStream().subscribe(({ events }) => seen.push(events[0]?.documentData.note))
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
    let delay = 40
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementation(async (...args: Parameters<typeof decrypt>) => {
      delay -= 15
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, delay)))
      return decrypt(...args)
    })
    for (const [index, note] of ['first', 'second', 'third'].entries()) {
      const previous = index > 0 ? { previous: aRow(index) } : {}
      await source.bulkWrite([{ document: aRow(index + 1, { note }), ...previous }], 'test')
    }
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    expect(seen).toEqual(['first', 'second', 'third'])
    await source.close()
  })

  it('takes a document that comes back after it was deleted', async () => {
    const instance = await open()
    const operations: unknown[] = []
    instance.changeStream().subscribe(({ events }) => operations.push(...events.map(({ operation }) => operation)))
    const deleted = aRow(2, { _deleted: true })
    await instance.bulkWrite([{ document: aRow(1) }], 'test')
    await instance.bulkWrite([{ previous: aRow(1), document: deleted }], 'test')
    await instance.bulkWrite([{ previous: deleted, document: aRow(3, { note: 'back' }) }], 'test')
    expect(operations).toEqual(['INSERT', 'DELETE', 'INSERT'])
    expect((await instance.findDocumentsById([aRow(1).id], false))[0]).toMatchObject({ note: 'back' })
    await instance.close()
  })

  it('seals the notes a database keeps beside its collections, and reads those that an earlier version left in plain', async () => {
    const name = crypto.randomUUID()
    const databaseWith = (storage: RxStorage<Any, Any>) =>
      createRxDatabase({ name, storage, localDocuments: true, multiInstance: false, closeDuplicates: true })
    const memory = getRxStorageMemory()
    const earlier = await databaseWith(memory)
    await earlier.insertLocal('old', { word: 'in plain' })
    await earlier.close()
    const database = await databaseWith(encryptedStorage(memory, key))
    await database.upsertLocal('new', { word: 'a secret' })
    expect((await database.getLocal('old'))?.get('word')).toBe('in plain')
    expect((await database.getLocal('new'))?.get('word')).toBe('a secret')
    await database.close()
    const kept = await databaseWith(memory)
    expect(JSON.stringify((await kept.getLocal('new'))?._data)).not.toContain('a secret')
    await kept.close()
  })
})

/** A storage that writes nothing and tells of what another tab, with the same data, has written. */
function withChanges(source: Any): RxStorage<Any, Any> {
  const changes = new Subject<Any>()
  source.originalStorageInstance.changeStream().subscribe((bulk: Any) => changes.next(structuredClone(bulk)))
  const storage = getRxStorageMemory()
  return {
    ...storage,
    createStorageInstance: async (params: Any) =>
      Object.assign(await storage.createStorageInstance(params), { changeStream: () => changes }),
  } as never
}
