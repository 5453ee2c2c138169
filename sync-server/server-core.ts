/** What every process of the server has, whatever part of the work is its own. */
import type { Logger } from 'pino'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import { type Broker, createEvents, type Events } from './event-parts.ts'
import { parseNotice, textOfNotice } from './events/change-notice.ts'
import { createAccessAudit } from './operations/access-audit.ts'
import { createClinicWriter } from './operations/clinic-writer.ts'
import { createSubjectLoader } from './operations/load-subject.ts'
import { newIdSource } from './operations/new-id.ts'
import type { Committed } from './operations/write-context.ts'

export type CoreOptions = {
  /** Open and migrated. */
  readonly database: Database
  readonly log: Logger
  readonly now?: () => Instant
  /** The broker between instances and services; without it events stay in this process. */
  readonly amqp?: Broker
}

export type Core = ReturnType<typeof createCore>

/** What every request, job and event meets: the clock, the writer with whoever hears of commits, the audit. */
export function createCore({ database, log, now = Date.now, amqp }: CoreOptions) {
  const newId = newIdSource(now)
  const listeners = new Set<(committed: Committed) => void>()
  const events = createEvents({ database, now, newId, log, amqp: amqp ?? null })
  const writer = createClinicWriter({ database, now, newId, onCommitted: tellAll(listeners, events) })
  events.bus.onNotice(tellOfOthers(listeners))
  const { note: audit, noteOnce, close } = createAccessAudit({ database, now, instanceId: newId<'Instance'>() })
  const loadSubject = createSubjectLoader({ database, now })
  return { now, newId, listeners, events, writer, audit, noteOnce, close, loadSubject }
}

/** Of a commit of this process hear its sockets, the relay of its events, and the other instances. */
const tellAll =
  (listeners: Iterable<(committed: Committed) => void>, { relay, bus }: Events) =>
  (committed: Committed) => {
    for (const listener of listeners) listener(committed)
    relay.kick()
    bus.tellOthers(textOfNotice(committed))
  }

/** Of a commit of another instance. */
const tellOfOthers = (listeners: Iterable<(committed: Committed) => void>) => (notice: string) => {
  const committed = parseNotice(notice)
  if (committed) for (const listener of listeners) listener(committed)
}
