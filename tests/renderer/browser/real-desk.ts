/** A desk of the real server in a real browser, without its screens: what the specs call through `window.desk`. */
import type { RxCollection } from 'rxdb'
import { filter, firstValueFrom } from 'rxjs'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { Id } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { newId } from '#renderer/local-db/desk.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
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

declare global {
  interface Window {
    desk: typeof desk
    noteWritten: (id: string, words: number) => Promise<void>
  }
}
window.desk = desk
