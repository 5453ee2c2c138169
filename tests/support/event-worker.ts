/**
 * A relay and two services in a process of their own, to be killed. It loads its code first and begins when it is told to, so that
 * the next one can be made ready while this one still works. What a service does is a row in a table that allows the same twice.
 */
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { openDatabase, pause } from '#server/database/database.ts'
import type { Consumer } from '#server/events/event-bus.ts'
import { createOutboxRelay } from '#server/events/outbox-relay.ts'
import { createRabbitBus } from '#server/events/rabbit-bus.ts'
import { sweepEvents } from '#server/events/sweep.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { RETRIES_MS, silent } from './event-line.ts'

export type WorkerOrder = { readonly databaseUrl: string; readonly amqpUrl: string; readonly prefix: string }

/** Long enough for what is under way, short enough for a test. */
const SWEEP_AFTER_MS = 8_000

const lines = createInterface({ input: process.stdin })
lines.once('line', (line) => void run(JSON.parse(line) as WorkerOrder))
// The parent is gone: nobody is left to kill us.
lines.once('close', () => process.exit(0))
process.stdout.write('loaded\n')

async function run({ databaseUrl, amqpUrl, prefix }: WorkerOrder): Promise<void> {
  const database = openDatabase({ url: databaseUrl })
  const deps = { database, now: Date.now, newId: newIdSource(Date.now), log: silent }
  const bus = createRabbitBus({ ...deps, url: amqpUrl, prefix, retryDelaysMs: RETRIES_MS })
  const relay = createOutboxRelay({ ...deps, bus })
  const effect = (name: Consumer['name']): Consumer => ({
    name,
    handle: async (tx, { id }) =>
      void (await sql`insert into effects (consumer, event_id) values (${name}, ${id})`.execute(tx)),
  })
  await bus.start([effect('notifications'), effect('webhooks')])
  for (;;) {
    relay.kick()
    await sweepEvents({ ...deps, bus }, SWEEP_AFTER_MS).catch(() => undefined)
    await pause(300)
  }
}
