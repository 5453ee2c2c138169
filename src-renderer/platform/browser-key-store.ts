/**
 * Local keys in a browser: a random data key wrapped by the user's password, in IndexedDB of the server's own origin, and
 * only on a device that its user called their own. There is no keyring here, so the password alone protects the key.
 */
import { importDataKey } from './data-key.ts'
import type { Enrolment, KeyResult, KeyStore } from './types.ts'

/** OWASP Password Storage Cheat Sheet, PBKDF2 with HMAC-SHA-256. */
const ITERATIONS = 600_000
const KEY_BYTES = 32
const OWN_DEVICE = 'own-device'

type KeyRecord = Enrolment & {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly nonce: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
  readonly iterations: number
}

export function createBrowserKeyStore(): KeyStore {
  const database = openDatabase()
  const isOwnDevice = async (): Promise<boolean> => (await read(await database, 'device', OWN_DEVICE)) === true
  const find = async (userId: string): Promise<KeyRecord | undefined> =>
    (await read(await database, 'keys', userId)) as KeyRecord | undefined

  return {
    isOwnDevice,
    setOwnDevice: async (isOwn) => {
      await write(await database, ['device', 'keys'], (device, keys) => {
        device?.put(isOwn, OWN_DEVICE)
        if (!isOwn) keys?.clear()
      })
    },
    list: async () => {
      const records = (await readAll(await database, 'keys')) as KeyRecord[]
      return records.map(({ userId, login }) => ({ userId, login }))
    },
    enrol: async (user, password, previousPassword) => {
      if (!(await isOwnDevice())) return { ok: false, reason: 'not-own-device' }
      const record = await find(user.userId)
      const bytes = record ? await openWithEither(record, password, previousPassword) : randomBytes(KEY_BYTES)
      if (!bytes) return { ok: false, reason: 'wrong-password' }
      const wrapped = await wrap(user, bytes, password)
      await write(await database, ['keys'], (keys) => keys?.put(wrapped, user.userId))
      return { ok: true, key: await importDataKey(bytes), isNew: !record }
    },
    unlock: async (userId, password): Promise<KeyResult> => {
      const record = await find(userId)
      if (!record) return { ok: false, reason: 'not-enrolled' }
      const bytes = await unwrap(record, password)
      return bytes
        ? { ok: true, key: await importDataKey(bytes), isNew: false }
        : { ok: false, reason: 'wrong-password' }
    },
    forget: async (userId) => {
      await write(await database, ['keys'], (keys) => keys?.delete(userId))
    },
  }
}

async function openWithEither(
  record: KeyRecord,
  password: string,
  previousPassword: string | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await unwrap(record, password)
  return bytes ?? (previousPassword === undefined ? undefined : unwrap(record, previousPassword))
}

async function wrap(user: Enrolment, bytes: Uint8Array<ArrayBuffer>, password: string): Promise<KeyRecord> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const key = await deriveKey(password, salt, ITERATIONS)
  const sealed = await crypto.subtle.encrypt(algorithm(nonce, user.userId), key, bytes)
  return { userId: user.userId, login: user.login, salt, nonce, sealed, iterations: ITERATIONS }
}

/** `undefined` when the password is another one: the tag of AES-GCM then does not fit. */
async function unwrap(record: KeyRecord, password: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const key = await deriveKey(password, record.salt, record.iterations)
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(record.nonce, record.userId), key, record.sealed))
  } catch {
    return undefined
  }
}

function algorithm(nonce: Uint8Array<ArrayBuffer>, userId: string): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(`data-key\n${userId}`) }
}

async function deriveKey(password: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  // Two keyboards may write the same letter in two ways.
  const bytes = new TextEncoder().encode(password.normalize('NFKC'))
  const material = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey'])
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(parameters, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

type StoreName = 'device' | 'keys'

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('device-keys', 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('device')
    request.result.createObjectStore('keys')
  }
  return settled(request)
}

function read(database: IDBDatabase, store: StoreName, key: string): Promise<unknown> {
  return settled(database.transaction(store).objectStore(store).get(key))
}

function readAll(database: IDBDatabase, store: StoreName): Promise<unknown[]> {
  return settled(database.transaction(store).objectStore(store).getAll())
}

/** One transaction over the named stores, flushed to disk before it counts as done. */
function write(
  database: IDBDatabase,
  names: readonly StoreName[],
  change: (...stores: IDBObjectStore[]) => void,
): Promise<void> {
  const transaction = database.transaction([...names], 'readwrite', { durability: 'strict' })
  change(...names.map((name) => transaction.objectStore(name)))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
