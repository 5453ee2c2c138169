/** A desk of the real server in a real browser, without its screens: what the specs call through `window.desk`. */
import type { RxCollection } from 'rxdb'
import { filter, firstValueFrom } from 'rxjs'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { Id } from '#domain/ids.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { COLLECTION_NAMES, type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import type { PullResult } from '#domain/sync/wire-messages.ts'
import { deviceClock } from '#renderer/local-db/clock.ts'
import { newId } from '#renderer/local-db/desk.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { ReplicaCheck } from '#renderer/local-db/replica-check.ts'
import { startSync } from '#renderer/local-db/sync-engine.ts'
import type { SyncEngine } from '#renderer/local-db/sync-status.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { type CausalWatch, watchCausality } from '#tests/support/causal-watch.ts'
import { doSomething } from '#tests/support/desk-deeds.ts'

const api = createServerApi({ origin: '', transport: 'cookie', timeoutMs: 20_000 })
const DEVICE = testId('Device')
let user: SignedInUser
let database: LocalDatabase
let engine: SyncEngine
let watch: CausalWatch

const desk = {
  /** Signs in with the cookie of this page. */
  logIn: async (email: string, password: string): Promise<SignedInUser> => {
    const answer = await api.login({ email, password, device: { id: DEVICE as Id<'Device'>, name: 'Chromium' } })
    if (!answer.ok) throw new Error(JSON.stringify(answer))
    user = answer.value.user
    return user
  },
  /** Opens what is kept on this device, encrypted; needs no server. */
  open: async (userId: string) => {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(7), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ])
    database = await openLocalDatabase({
      serverId: location.origin,
      userId: userId as SignedInUser['id'],
      key,
      multiInstance: true,
    })
  },
  startSync: () => {
    engine = startSync({ database, serverApi: api, user, deviceId: DEVICE })
    watch = watchCausality({ database, sync: engine, user }, true)
  },
  kick: () => engine.kick(),
  status: () => engine.getStatus(),
  countWaiting: () => engine.countWaiting(),
  unsent: (name: CollectionName) => [...engine.getUnsent(name)],
  untilInitialSync: () => firstValueFrom(engine.status$.pipe(filter(({ initialSync }) => initialSync.done))),
  all: async (name: CollectionName) =>
    (await (database[name] as unknown as RxCollection).find().exec()).map(
      (document) => ({ ...document.toJSON(), _deleted: false }) as { readonly id: string; readonly note?: string },
    ),
  /** The collections in which this device holds something else than it should, by the product's own check. */
  differing: async () => {
    const found: CollectionName[] = []
    const levels = new Map<CollectionName, WireCheckpoint>()
    for (const name of COLLECTION_NAMES) levels.set(name, await checkpointOf(name))
    const check = new ReplicaCheck({
      database,
      fetch: api.fetch,
      clock: deviceClock,
      random: () => 0,
      isCalm: () => true,
      replications: () =>
        COLLECTION_NAMES.map((name) => ({
          name,
          levelAt: () => levels.get(name) ?? null,
          readAnew: () => void found.push(name),
        })),
    })
    await check.checkAll()
    await check.checkAll()
    return found
  },
  /** Does what people do at a desk until so many things were written. */
  work: async (deeds: number, seed: number, now: number) => {
    const random = seededRandom(seed)
    const client = { desk: { database, user, now: () => now }, database, user }
    for (let done = 0; done < deeds; ) {
      if (await doSomething(client, random)) done += 1
      await new Promise((resolve) => setTimeout(resolve, random.between(1, 25)))
    }
  },
  seen: async () => ({ violations: await watch.violations(), acknowledged: watch.acknowledged() }),
  /**
   * Writes new patients and then words about each, without end, several at a time; what is written is told to `noteWritten`
   * of the test. The words count up.
   */
  scribble: () => {
    const write = async () => {
      for (;;) {
        const patient = aPatient({ id: newId<'Patient'>(Date.now()), name: 'Pat Scribble', note: '1', revision: 0 })
        const document = await database.patients.insert(patient)
        await window.noteWritten(patient.id, 1)
        for (const words of [2, 3]) {
          await document.incrementalPatch({ note: String(words) })
          await window.noteWritten(patient.id, words)
        }
      }
    }
    for (const _ of [1, 2, 3]) void write()
  },
}

/** Where a device stands that has just read everything. */
async function checkpointOf(name: CollectionName): Promise<WireCheckpoint> {
  let checkpoint: WireCheckpoint = { lwt: 0, id: '' }
  for (;;) {
    const query = new URLSearchParams({ lwt: String(checkpoint.lwt), id: checkpoint.id, limit: '500' })
    const path = `/sync/${name}/${definitionOf(name).version}/pull?${query}`
    const answer = await api.fetch(path, {
      method: 'GET',
      accept: 'application/json',
      signal: AbortSignal.timeout(20_000),
    })
    const page = (await answer.json()) as PullResult
    checkpoint = page.checkpoint
    if (page.documents.length < 500) return checkpoint
  }
}

declare global {
  interface Window {
    desk: typeof desk
    noteWritten: (id: string, words: number) => Promise<void>
  }
}
window.desk = desk
