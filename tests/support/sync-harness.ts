/** The real server and real clients, each client behind a fault proxy of its own. */
import type { ShippedRole } from '#domain/access/roles.ts'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { Clock } from '#renderer/local-db/clock.ts'
import type { Engine } from '#server/database/dialect.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { FIXTURE_EMAILS } from './fixture-clinic.ts'
import { type RemoteDesk, startRemoteDesk } from './remote-desk.ts'
import { aServer, FIXTURE_PASSWORD, type ServerSettings, type ServerUnderTest } from './server-under-test.ts'
import { openSyncClient, type SyncClient } from './sync-client.ts'

export type HarnessClient = SyncClient & { readonly proxy: FaultProxy }
export type HarnessDesk = RemoteDesk & { readonly proxy: FaultProxy }

export type SyncHarness = {
  readonly server: ServerUnderTest
  /** A client in this thread. RxDB opens thirteen collections in a realm: two of them fit, without rooms and waitlist. */
  readonly addClient: (who: ShippedRole, clock?: Clock) => Promise<HarnessClient>
  /** A client in a thread of its own, as every real one is; any number of them. @param email of an account added before */
  readonly addDesk: (who: ShippedRole, email?: string) => Promise<HarnessDesk>
  readonly close: () => Promise<void>
}

export async function aSyncHarness(engine: Engine, seed: number, settings: ServerSettings = {}): Promise<SyncHarness> {
  const server = await aServer(engine, settings)
  const ends: (() => Promise<unknown>)[] = []
  let count = 0
  const optionsFor = async (who: ShippedRole, email = FIXTURE_EMAILS[who]) => {
    count += 1
    const number = count
    const proxy = await startFaultProxy({ port: Number(new URL(server.url).port) }, seededRandom(seed + number))
    const origin = `http://127.0.0.1:${proxy.port}`
    const name = `${who} ${number} of ${server.url}`
    return { proxy, options: { name, origin, email, password: FIXTURE_PASSWORD, seed: seed + number } }
  }
  return {
    server,
    addClient: async (who, clock) => {
      const { proxy, options } = await optionsFor(who)
      const client = await openSyncClient({ ...options, now: () => server.clock.now, ...(clock && { clock }) })
      ends.push(() => client.stop().finally(proxy.close))
      return { ...client, proxy }
    },
    addDesk: async (who, email) => {
      const { proxy, options } = await optionsFor(who, email)
      const desk = await startRemoteDesk({ ...options, now: server.clock.now })
      ends.push(() => desk.stop().finally(proxy.close))
      return { ...desk, proxy }
    },
    close: async () => {
      await Promise.all(ends.map((end) => end()))
      await server.stop()
    },
  }
}
