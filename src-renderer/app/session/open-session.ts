import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { UserId } from '#domain/ids.ts'
import { type LocalDatabase, openLocalDatabase, wipeLocalDatabase } from '#renderer/local-db/local-database.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { Platform } from '#renderer/platform/types.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { deviceId } from './device-identity.ts'
import { isLeaseAlive, readProfile, writeProfile } from './profile-note.ts'
import type { LogInProblem, OpenSession } from './session-state.ts'

export type SessionDeps = { readonly platform: Platform; readonly api: ServerApi }

type Opening = {
  readonly api: ServerApi
  readonly key: CryptoKey | null
}

/** Opens the local data of somebody the server just let in. */
export async function openOnline({ api, key }: Opening, user: SignedInUser): Promise<OpenSession> {
  const database = await openData(api, user.id, key)
  await writeProfile(database, { user, confirmedAt: Date.now() })
  return begin(api, database, user, key)
}

/** Opens the local data without the server, as long as the lease lasts. */
export async function openOffline(
  { api, key }: Opening,
  userId: UserId,
  isLeaseAsked = true,
): Promise<OpenSession | Extract<LogInProblem, 'nothing-kept-here' | 'lease-ended'>> {
  const database = await openData(api, userId, key)
  const profile = await readProfile(database)
  if (profile && (!isLeaseAsked || isLeaseAlive(profile, Date.now()))) return begin(api, database, profile.user, key)
  await database.close()
  return profile ? 'lease-ended' : 'nothing-kept-here'
}

const openData = (api: ServerApi, userId: UserId, key: CryptoKey | null): Promise<LocalDatabase> =>
  openLocalDatabase({ serverId: serverIdOf(api), userId, key, multiInstance: true })

/** Takes a person's data off the device: without its key nothing can be read any more, and the ciphertext goes too. */
export async function wipeKept({ platform, api }: SessionDeps, userId: UserId): Promise<void> {
  await platform.keys.forget(userId)
  if ((await platform.keys.list()).length === 0) await platform.keys.setOwnDevice(false)
  await wipeLocalDatabase({ serverId: serverIdOf(api), userId, key: await throwAwayKey() })
}

/** RxDB wants a key to name the storage it removes; what the key is does not matter. */
const throwAwayKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

/** What tells servers apart in the name of the local database. */
export const serverIdOf = ({ origin }: ServerApi): string => origin || location.origin

function begin(api: ServerApi, database: LocalDatabase, user: SignedInUser, key: CryptoKey | null): OpenSession {
  const sync = startSync({ database, serverApi: confirming(api, database), user, deviceId: deviceId() })
  return { user, database, sync, isKept: key !== null }
}

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
