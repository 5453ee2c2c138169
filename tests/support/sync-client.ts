/** One real client: the product's own local database on memory storage and its replication, signed in as the desktop is. */
import { WebSocket } from 'ws'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { COLLECTION_NAMES, type CollectionName, type WireDocument } from '#domain/sync/collections.ts'
import type { Clock } from '#renderer/local-db/clock.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { closeLocalDatabase, type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SocketLike } from '#renderer/local-db/sync-line.ts'
import type { SocketTimings } from '#renderer/local-db/sync-socket.ts'
import type { SyncEngine } from '#renderer/local-db/sync-status.ts'
import { createServerApi, type ServerApi } from '#renderer/server-api/server-api.ts'

/** The desktop's pages; a client behind a proxy stands at another port than the server, so no page of its own is let in. */
export const DESKTOP = 'app://clinic'

export type SyncClientOptions = {
  /** Tells clients apart that share a process. */
  readonly name: string
  /** Where the server seems to be. */
  readonly origin: string
  readonly email: string
  readonly password: string
  readonly seed: number
  readonly now: () => number
  /** Of the client's own timers; the device's by default. */
  readonly clock?: Clock
  /** Instead of those that suit most tests. */
  readonly timings?: Partial<SocketTimings>
  /** Instead of those that two clients in one thread can both open. */
  readonly collections?: readonly CollectionName[]
}

export type SyncClient = {
  readonly name: string
  readonly deviceId: string
  readonly user: SignedInUser
  readonly api: ServerApi
  readonly database: LocalDatabase
  readonly desk: Desk
  readonly sync: SyncEngine
  /** Everything in one collection that is not deleted, by id. */
  readonly all: <Name extends CollectionName>(name: Name) => Promise<ReadonlyMap<string, WireDocument<Name>>>
  readonly stop: () => Promise<void>
}

/** Short enough that a dead line is noticed within a test, long enough for a busy machine. */
const TIMINGS = { openMs: 4_000, requestMs: 8_000, heartbeatMs: 1_000, heartbeatAnswerMs: 2_000 }

/** Twenty clients that start at once on a busy machine are answered one after the other. */
const LOG_IN_TRIES = 20

/** What two clients in one thread can both open: RxDB's limit is thirteen collections. The others are tested with one. */
export const SHARED_BY_TWO = COLLECTION_NAMES.filter(
  (name) => !['rooms', 'waitlist_entries', 'day_notes', 'notifications', 'allotments'].includes(name),
)

export async function openSyncClient(options: SyncClientOptions): Promise<SyncClient> {
  const { name, origin, email, password, now } = options
  const random = seededRandom(options.seed)
  const api = createServerApi({ origin, transport: 'bearer', fetch: asDesktop, isOnline: () => true, timeoutMs: 3_000 })
  const deviceId = crypto.randomUUID() as never
  const user = await logIn(api, { email, password, device: { id: deviceId, name } })
  const database = await openLocalDatabase({
    serverId: name,
    userId: user.id,
    key: null,
    multiInstance: false,
    collections: options.collections ?? SHARED_BY_TWO,
  })
  const sync = startSync({
    database,
    serverApi: api,
    user,
    deviceId,
    random: random.next,
    ...(options.clock && { clock: options.clock }),
    socket: { createSocket: openDesktopSocket, isOnline: () => true, timings: { ...TIMINGS, ...options.timings } },
  })
  let stopping: Promise<void> | undefined
  return {
    name,
    deviceId,
    user,
    api,
    database,
    sync,
    desk: { database, user, now },
    all: async (collection) => {
      const found = await database[collection].find().exec()
      return new Map(found.map((document) => [document.primary, { ...document.toJSON(), _deleted: false }])) as never
    },
    stop: () => {
      stopping ??= sync.stop().then(() => closeLocalDatabase(database))
      return stopping
    },
  }
}

/** As a person does: once more when the server was too busy to answer in time. */
async function logIn(api: ServerApi, credentials: Parameters<ServerApi['login']>[0]): Promise<SignedInUser> {
  for (let tries = 1; ; tries += 1) {
    const answer = await api.login(credentials)
    if (answer.ok) return answer.value.user
    if (answer.kind !== 'offline' || tries === LOG_IN_TRIES)
      throw new Error(`${credentials.email} could not log in: ${JSON.stringify(answer)}`)
  }
}

const asDesktop: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), origin: DESKTOP } })

export const openDesktopSocket = (url: string, subprotocol: string): SocketLike =>
  new WebSocket(url, [subprotocol], { origin: DESKTOP }) as unknown as SocketLike
