/** Looks for marks (mark-scan.ts) wherever a server of the tests leaves something behind. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { type Database, openDatabase } from '#server/database/database.ts'
import type { Broker } from '#server/event-parts.ts'
import { topologyOf } from '#server/events/rabbit-topology.ts'
import { createMetrics } from '#server/metrics/metrics.ts'
import type { Mail } from '#server/operations/mailer.ts'
import { systemState } from '#server/operations/system-state.ts'
import { expectNoMarks, marksIn, type Places } from './mark-scan.ts'

type Watched = {
  readonly server: {
    readonly events: { readonly bus: Parameters<typeof systemState>[1] }
    readonly socketCount: () => number
  }
  readonly database: Database
  readonly databaseUrl: string
  readonly logLines: readonly string[]
  readonly now: () => number
  readonly amqp: Broker | undefined
}

export type MarkWatch = {
  /** Takes the metrics as they are now; what it answers reads the rest once the server is closed, and judges. */
  beforeClose(): Promise<(more: Places) => Promise<void>>
}

export async function watchForMarks(watched: Watched): Promise<MarkWatch> {
  const { server, database, databaseUrl, logLines, now, amqp } = watched
  const tap = amqp === undefined ? noTap : await tapBroker(amqp)
  const state = () => systemState({ database, now }, server.events.bus)
  const metrics = createMetrics({ role: 'all', now, socketCount: server.socketCount, state })
  return {
    beforeClose: async () => {
      // A test may have closed or broken its database; the marks themselves are read through a line of their own.
      const measured = await metrics.text().catch(() => '')
      return async (more) => {
        await tap.close()
        const own = openDatabase({ url: databaseUrl })
        try {
          const places = {
            log: logLines.join(''),
            metrics: measured,
            events: await eventsIn(own),
            broker: tap.heard.join('\n'),
            ...more,
          }
          expectNoMarks(await marksIn(own), places)
        } finally {
          await own.close()
        }
      }
    },
  }
}

/** Every address that was sent to somebody. */
export const addressesIn = (mails: readonly Mail[]): string =>
  (JSON.stringify(mails).match(/https?:[^\s"<>\\]+/g) ?? []).join('\n')

type Tap = { readonly heard: string[]; close(): Promise<void> }

const noTap: Tap = { heard: [], close: async () => undefined }

/** Hears all that is published at the broker under one prefix. It ends with the broker when a test stops that. */
async function tapBroker({ url, prefix = 'appointments' }: Broker): Promise<Tap> {
  const heard: string[] = []
  const { events, notices } = topologyOf(prefix)
  const model = await connect(url)
  model.on('error', () => undefined)
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  await channel.assertExchange(events, 'topic', { durable: true })
  await channel.assertExchange(notices, 'fanout', { durable: true })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(queue, events, '#')
  await channel.bindQueue(queue, notices, '')
  await channel.consume(queue, (message) => void heard.push(message?.content.toString() ?? ''), { noAck: true })
  return { heard, close: () => model.close().catch(() => undefined) }
}

/**
 * What a server that ran in a process of its own left in its data folder.
 * @param addresses that pages asked for
 */
export async function scanDataFolder(dataDir: string, addresses: readonly string[]): Promise<void> {
  const file = join(dataDir, 'clinic.sqlite')
  if (!existsSync(file)) return
  const database = openDatabase({ url: `sqlite:${file}` })
  try {
    const logs = ['server.log.1', 'server.log'].map((name) => join(dataDir, name)).filter(existsSync)
    const log = logs.map((path) => readFileSync(path, 'utf8')).join('')
    const events = await eventsIn(database)
    expectNoMarks(await marksIn(database), { log, events, addresses: addresses.join('\n') })
  } finally {
    await database.close()
  }
}

/** What a relay hands to the broker, word for word. */
async function eventsIn(database: Database): Promise<string> {
  const rows = await database.read((tx) => tx.selectFrom('outbox').select(['type', 'payload']).execute())
  return rows.map(({ type, payload }) => `${type} ${payload}`).join('\n')
}
