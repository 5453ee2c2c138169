import { filter, take } from 'rxjs'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { UserId } from '#domain/ids.ts'
import { checkStore } from '#renderer/local-db/check-store.ts'
import {
  databaseName,
  type LocalDatabase,
  openLocalDatabase,
  wipeLocalDatabase,
} from '#renderer/local-db/local-database.ts'
import { removeRaw } from '#renderer/local-db/raw-store.ts'
import { carryOver, forgetRescue, pendingRescue, resendRescued } from '#renderer/local-db/rescue.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncEngine, SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { deviceId } from './device-identity.ts'
import { isLeaseAlive, readProfile, writeProfile } from './profile-note.ts'
import type { KeptStore, LogInProblem, OpenSession } from './session-state.ts'

export type SessionDeps = { readonly platform: Platform; readonly api: ServerApi }

type Opening = {
  readonly api: ServerApi
  readonly key: CryptoKey | null
}

/** The local store did not open, or not all that was read of it is what was written. Nothing of it has been touched. */
export class BrokenStoreError extends Error {
  readonly store: KeptStore

  constructor(store: KeptStore, cause: unknown) {
    super('The local store cannot be read', { cause })
    this.name = 'BrokenStoreError'
    this.store = store
  }
}

/** Opens the local data of somebody the server just let in. */
export async function openOnline({ api, key }: Opening, user: SignedInUser): Promise<OpenSession> {
  return withData(api, user.id, key, async (data) => {
    await writeProfile(data.database, { user, confirmedAt: Date.now() })
    return begin(api, data, user)
  })
}

/** Opens the local data without the server, as long as the lease lasts. */
export async function openOffline(
  { api, key }: Opening,
  userId: UserId,
  isLeaseAsked = true,
): Promise<OpenSession | Extract<LogInProblem, 'nothing-kept-here' | 'lease-ended'>> {
  return withData(api, userId, key, async (data) => {
    const profile = await readProfile(data.database)
    if (profile && (!isLeaseAsked || isLeaseAlive(profile, Date.now()))) return begin(api, data, profile.user)
    await data.database.close()
    return profile ? 'lease-ended' : 'nothing-kept-here'
  })
}

type OpenData = Pick<OpenSession, 'database' | 'store' | 'damaged'> & { readonly onDamage: () => void }

/**
 * Opens the local data for whoever goes on with it.
 * @throws BrokenStoreError where kept data cannot be read
 */
async function withData<Result>(
  api: ServerApi,
  userId: UserId,
  key: CryptoKey | null,
  goOn: (data: OpenData) => Promise<Result>,
): Promise<Result> {
  const options = { serverId: serverIdOf(api), userId, multiInstance: true }
  const { promise: damaged, resolve: onDamage } = Promise.withResolvers<void>()
  if (!key) return goOn({ database: await openLocalDatabase({ ...options, key }), store: null, damaged, onDamage })
  const store: KeptStore = { name: await databaseName(options), userId, key }
  let database: LocalDatabase | undefined
  try {
    const rescue = await pendingRescue(store.name, key)
    database = await openLocalDatabase({ ...options, key, onDamage: () => onDamage() })
    if (rescue) await carryOver(store.name, database, rescue)
    return await goOn({ database, store, damaged, onDamage })
  } catch (error) {
    await database?.close().catch(() => undefined)
    throw new BrokenStoreError(store, error)
  }
}

/** Takes a person's data off the device. */
export async function wipeKept(deps: SessionDeps, userId: UserId): Promise<void> {
  await removeKept(deps, userId)
  const { keys } = deps.platform
  if ((await keys.list()).length === 0) await keys.setOwnDevice(false)
}

/**
 * Without its key nothing can be read any more, and the ciphertext goes too: under another key the old rows would look damaged. What
 * could not be opened goes as well, and what was rescued of it.
 */
export async function removeKept({ platform, api }: SessionDeps, userId: UserId): Promise<void> {
  await platform.keys.forget(userId)
  const of = { serverId: serverIdOf(api), userId }
  await wipeLocalDatabase({ ...of, key: await throwAwayKey() }).catch(() => undefined)
  await removeRaw(await databaseName(of))
  await forgetRescue(await databaseName(of))
}

/** RxDB wants a key to name the storage it removes; what the key is does not matter. */
const throwAwayKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

/** What tells servers apart in the name of the local database. */
export const serverIdOf = ({ origin }: ServerApi): string => origin || location.origin

function begin(api: ServerApi, data: OpenData, user: SignedInUser): OpenSession {
  const { database, store, damaged } = data
  const sync = startSync({ database, serverApi: confirming(api, database), user, deviceId: deviceId() })
  if (store) void watchStore(data, store, sync)
  return { user, database, sync, isKept: store !== null, store, damaged }
}

/** The first look waits until the screen stands. */
const CHECK_AFTER_MS = 3_000
const CHECK_PAUSE_MS = 15

/** Looks through the store once, in one tab, and makes rescued changes again when the server's state is here. */
async function watchStore({ database, onDamage }: OpenData, { name, key }: KeptStore, sync: SyncEngine): Promise<void> {
  const isStopped = () => database.closed
  const isReady = ({ isLeader, initialSync, connection }: SyncStatus) =>
    isLeader && initialSync.done && connection.phase === 'ready'
  const resending = sync.status$
    .pipe(filter(isReady), take(1))
    .subscribe(() => void resendRescued(database).catch(() => undefined))
  database.onClose.push(() => resending.unsubscribe())
  await pause(CHECK_AFTER_MS)
  await navigator.locks.request(`check:${name}`, { ifAvailable: true }, async (lock) => {
    if (!lock || isStopped()) return
    const options = { storeName: name, key, pause: () => pause(CHECK_PAUSE_MS), isStopped }
    const isDamaged = await checkStore(options).then(
      (damage) => damage !== null,
      () => true,
    )
    if (isDamaged && !isStopped()) onDamage()
  })
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/**
 * The API as replication sees it: before the first ticket it asks who is signed in. A cookie session gets its CSRF token by
 * that, and the lease of the local data is renewed.
 */
function confirming(api: ServerApi, database: LocalDatabase): Pick<ServerApi, 'origin' | 'socketTicket' | 'fetch'> {
  return {
    origin: api.origin,
    fetch: api.fetch,
    socketTicket: async () => {
      const me = await api.me()
      if (!me.ok) return me
      if (!database.closed) await writeProfile(database, { user: me.value.user, confirmedAt: Date.now() })
      return api.socketTicket()
    },
  }
}
