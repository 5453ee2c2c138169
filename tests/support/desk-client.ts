/** A whole client without its screens: log-in, local database, replication, as the app puts them together, in Node. */
import { filter, firstValueFrom, timeout } from 'rxjs'
import { WebSocket } from 'ws'
import type { Id } from '#domain/ids.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { newId } from '#renderer/local-db/desk.ts'
import { openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SocketLike } from '#renderer/local-db/sync-line.ts'
import type { SyncEngine, SyncStatus } from '#renderer/local-db/sync-status.ts'
import { createServerApi, type ServerApi } from '#renderer/server-api/server-api.ts'
import type { DemoServer } from './demo-server.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { testRandom } from './seeded.ts'
import { SHARED_BY_TWO } from './sync-client.ts'

export type DeskClient = {
  readonly desk: Desk
  readonly sync: SyncEngine
  readonly api: ServerApi
  /** Between this client and the server. */
  readonly line: FaultProxy
  readonly until: (fits: (status: SyncStatus) => boolean) => Promise<SyncStatus>
  /** Waits until everything is there and sent. */
  readonly level: () => Promise<void>
  /** Cuts the network, or heals it and dials. */
  readonly setOffline: (isOffline: boolean) => Promise<void>
  readonly logIn: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A promise of the product is seconds; a slow machine gets three times as long. */
const PATIENCE_MS = 20_000

export async function aDeskClient(
  server: DemoServer,
  role: 'admin' | 'reception' | 'doctor' | 'patient' = 'reception',
): Promise<DeskClient> {
  const line = await startFaultProxy({ port: Number(new URL(server.url).port) }, testRandom())
  const deviceId = newId<'Device'>(Date.now())
  const api = createServerApi({
    origin: `http://127.0.0.1:${line.port}`,
    transport: 'bearer',
    // A page of the server's own origin behind a network that can fail.
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init?.headers, origin: server.url } }),
    timeoutMs: 5_000,
  })
  const credentials = { email: server.login(role), password: server.password, device: { id: deviceId, name: role } }
  const logIn = async () => {
    const answer = await api.login(credentials)
    if (!answer.ok) throw new Error(`log-in as ${role}: ${JSON.stringify(answer)}`)
    return answer.value
  }
  const { user } = await logIn()
  const database = await openLocalDatabase({
    // Memory is shared by name within a process: another client of the same user must not find it.
    serverId: `${server.url}/${deviceId}`,
    userId: user.id,
    key: null,
    multiInstance: false,
    collections: SHARED_BY_TWO,
  })
  const sync = startSync({
    database,
    serverApi: api,
    user,
    deviceId: deviceId as Id<'Device'>,
    random: () => 0,
    socket: {
      isOnline: () => true,
      createSocket: (url, subprotocol) =>
        new WebSocket(url, [subprotocol], { origin: server.url }) as unknown as SocketLike,
    },
  })
  const until: DeskClient['until'] = (fits) =>
    firstValueFrom(sync.status$.pipe(filter(fits), timeout({ first: PATIENCE_MS })))
  return {
    desk: { database, user, now: () => Date.now() },
    sync,
    api,
    line,
    until,
    level: async () => {
      await until(({ initialSync, connection, waiting, lastSyncAt }) =>
        [initialSync.done, connection.phase === 'ready', waiting === 0, lastSyncAt !== null].every(Boolean),
      )
    },
    setOffline: async (isOffline) => {
      line.setOffline(isOffline)
      if (!isOffline) sync.kick()
      await until(({ connection }) => connection.phase === (isOffline ? 'offline' : 'ready'))
    },
    logIn: async () => {
      await logIn()
      sync.kick()
    },
    close: async () => {
      await sync.stop()
      await database.close()
      await line.close()
    },
  }
}
