/** The server, or a bare WebSocket server, in a process of its own; asked line by line what it costs there. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { buildServer } from '#server/build-server.ts'
import { openDatabase } from '#server/database/database.ts'
import { createLog } from '#server/http/create-log.ts'
import { aPatient, testId } from '#tests/support/builders.ts'
import { seedDocuments } from '#tests/support/fixture-clinic.ts'

export type Start =
  | { readonly kind: 'ours'; readonly databaseUrl: string; readonly now: number; readonly port: number }
  | { readonly kind: 'plain' }
/** `cost`: bytes in memory and the loop's delays since the last question; `tell`: one notice to every socket. */
export type Question = 'cost' | 'tell'
export type Cost = { readonly bytes: number; readonly sockets: number; readonly p99Ms: number; readonly maxMs: number }

type Served = { readonly port: number; readonly count: () => number; readonly tell: () => Promise<void> }

const delays = monitorEventLoopDelay({ resolution: 5 })
const lines = createInterface({ input: process.stdin })
// The parent is gone.
lines.once('close', () => process.exit(0))
const [first] = (await once(lines, 'line')) as [string]
const start = JSON.parse(first) as Start
const served = start.kind === 'ours' ? await serveOurs(start) : await servePlain()
delays.enable()
answer({ port: served.port })
lines.on('line', (question) => void (question === 'tell' ? served.tell() : cost().then(answer)))

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

async function cost(): Promise<Cost> {
  const [p99Ms, maxMs] = [delays.percentile(99) / 1e6, delays.max / 1e6]
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.()
    await pause(100)
  }
  delays.reset()
  return { bytes: process.memoryUsage().rss, sockets: served.count(), p99Ms, maxMs }
}

async function serveOurs({ databaseUrl, now, port }: Extract<Start, { kind: 'ours' }>): Promise<Served> {
  const server = await buildServer({
    settings: { publicUrl: null, port: 0, isLoopback: true },
    // Thousands of desks do not sit behind one address.
    limits: { perAddress: 1e9, perSession: 1e9 },
    secretKey: 'a secret of the tests, 32 characters long',
    database: openDatabase({ url: databaseUrl }),
    log: createLog('silent'),
    version: '0.0.0',
    twinRoot: 'no-such-folder',
    now: () => now,
  })
  const address = await server.listen('127.0.0.1', port)
  let told = 0
  return {
    port: Number(new URL(address).port),
    count: server.socketCount,
    tell: async () => {
      told += 1
      await seedDocuments(server.writer, 'patients', [aPatient({ id: testId('Patient', 1_000 + told) })])
    },
  }
}

/** One frame, built once, written to all in one go. */
async function servePlain(): Promise<Served> {
  const frame = Buffer.from(JSON.stringify({ id: 'stream', collection: 'patients', result: 'RESYNC' }))
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    count: () => server.clients.size,
    tell: async () => {
      for (const socket of server.clients) socket.send(frame, { binary: false })
    },
  }
}
