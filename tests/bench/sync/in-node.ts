/** What the clients in Node do, each in a thread of its own beside the server's. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ShippedRole } from '#domain/access/roles.ts'
import { FIXTURE_EMAILS, FIXTURE_NOW } from '#tests/support/fixture-clinic.ts'
import { FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import type { Account, Bookings, FirstSync, Latencies } from './node-client.ts'

export const accountOf = (role: ShippedRole): Account => ({ email: FIXTURE_EMAILS[role], password: FIXTURE_PASSWORD })

/** Milliseconds of one first sync into an empty memory storage by a process that has just started. */
export async function firstSyncInNode(
  server: ServerUnderTest,
  client: FirstSync['client'],
  documents: number,
): Promise<number> {
  const token = await server.logIn('receptionist')
  const account = accountOf('receptionist')
  return inThread<number>({ task: 'first-sync', client, url: server.url, account, token, documents })
}

/** How long a booking at one client takes to another, and a frame of that size with one durable commit on its way. */
export async function bookingsInNode(server: ServerUnderTest, count: number, warmUp: number): Promise<Latencies> {
  const relay = await startRelay(server)
  try {
    return await inThread<Latencies>({
      task: 'bookings',
      url: server.url,
      accounts: [accountOf('receptionist'), accountOf('admin')],
      relayUrl: `ws://127.0.0.1:${relay.port}`,
      now: FIXTURE_NOW,
      count,
      warmUp,
    })
  } finally {
    relay.close()
  }
}

async function inThread<Result>(task: FirstSync | Bookings): Promise<Result> {
  const worker = new Worker(new URL('./node-client.ts', import.meta.url), { workerData: task })
  try {
    const [result] = (await once(worker, 'message')) as [Result]
    return result
  } finally {
    await worker.terminate()
  }
}

/** What comes on one socket is committed on the server's database, and then goes to every other socket. */
async function startRelay({
  database,
}: ServerUnderTest): Promise<{ readonly port: number; readonly close: () => void }> {
  await database.write((tx) =>
    sql`create table if not exists bench_floor (id integer primary key, content varchar(2000))`.execute(tx),
  )
  const relay = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(relay, 'listening')
  let id = 0
  const pass = async (from: WebSocket, text: string): Promise<void> => {
    id += 1
    await database.write((tx) => sql`insert into bench_floor values (${id}, ${text})`.execute(tx))
    for (const socket of relay.clients) if (socket !== from) socket.send(text)
  }
  relay.on('connection', (socket) => socket.on('message', (data) => void pass(socket, data.toString())))
  return { port: (relay.address() as AddressInfo).port, close: () => relay.close() }
}
