/**
 * The real server in a process of its own, to be killed. It loads its code first and opens the database when it is told to, so that
 * the next one can be made ready while this one still runs.
 */
import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { buildServer } from '#server/build-server.ts'
import { openDatabase } from '#server/database/database.ts'
import type { Broker } from '#server/event-parts.ts'
import { createLog } from '#server/http/create-log.ts'
import { openRedisLink } from '#server/redis/redis-link.ts'

export type Order = {
  readonly databaseUrl: string
  readonly now: number
  readonly secretKey: string
  /** What it shares with other instances; alone without. */
  readonly shared?: { readonly amqp: Broker; readonly redisUrl: string }
}

const lines = createInterface({ input: process.stdin })
lines.once('line', (line) => void run(JSON.parse(line) as Order))
// The parent is gone: nobody is left to kill us.
lines.once('close', () => process.exit(0))
// A killed process writes no cache of what it compiled, and each of hundreds would begin anew.
flushCompileCache()
process.stdout.write('loaded\n')

async function run({ databaseUrl, now, secretKey, shared }: Order): Promise<void> {
  const log = createLog('silent')
  const server = await buildServer({
    settings: { publicUrl: null, port: 0, isLoopback: true },
    secretKey,
    database: openDatabase({ url: databaseUrl }),
    log,
    ...(shared && { amqp: shared.amqp, redis: openRedisLink(shared.redisUrl, log, `${shared.amqp.prefix}:`) }),
    version: '0.0.0',
    twinRoot: 'no-such-folder',
    now: () => now,
  })
  process.stdout.write(`${await server.listen('127.0.0.1', 0)}\n`)
}
