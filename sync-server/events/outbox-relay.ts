/**
 * From the outbox to the bus: looks after every commit and from time to time. Events are claimed, so any number of relays share
 * the work; what a relay that dies had claimed is free again when its lease ends. At least once, in about their order.
 */
import { type EventEnvelope, parseEvent } from '#domain/events/envelope.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { claimUnsentEvents, markEventsSent, type OutboxRow, releaseEvents } from '#server/repositories/outbox.ts'
import type { BusLog, EventBus } from './event-bus.ts'

export type OutboxRelay = {
  /** Something was committed: look soon. */
  kick(): void
  /** Resolves when all that was there is with the bus, or cannot be taken now. */
  drain(): Promise<void>
  close(): Promise<void>
}

export type OutboxRelayDeps = {
  readonly database: Database
  readonly bus: EventBus
  readonly now: () => Instant
  readonly log: BusLog
}

const AT_ONCE = 200
const LEASE_MS = seconds(10)
const LOOK_EVERY_MS = seconds(2)
/** Commits come in crowds: one look serves those of this long. */
const GATHER_MS = 20

export function createOutboxRelay(deps: OutboxRelayDeps): OutboxRelay {
  let working: Promise<void> | undefined
  let gathering: NodeJS.Timeout | undefined
  let isClosed = false
  const look = (): Promise<void> => {
    working ??= passOnAll(deps, () => isClosed)
      .catch((error: unknown) => deps.log.error({ err: error }, 'events could not be passed on'))
      .finally(() => {
        working = undefined
      })
    return working
  }
  const kick = (): void => {
    if (isClosed || gathering) return
    gathering = setTimeout(() => {
      gathering = undefined
      void look()
    }, GATHER_MS).unref()
  }
  const timer = setInterval(kick, LOOK_EVERY_MS).unref()
  return {
    kick,
    drain: async () => {
      // A look under way may have begun before the last commit.
      await working
      await look()
    },
    close: async () => {
      isClosed = true
      clearInterval(timer)
      clearTimeout(gathering)
      await working
    },
  }
}

async function passOnAll(deps: OutboxRelayDeps, isOver: () => boolean): Promise<void> {
  for (let hasMore = true; hasMore && !isOver(); ) hasMore = await passOnSome(deps)
}

/** Passes on one page of events. @returns true when there may be more and the bus took all of these */
async function passOnSome({ database, bus, now, log }: OutboxRelayDeps): Promise<boolean> {
  const at = now()
  const rows = await database.write((tx) =>
    claimUnsentEvents(tx, { now: at, leaseEndsAt: at + LEASE_MS, limit: AT_ONCE }),
  )
  if (rows.length === 0) return false
  const ids = rows.map(({ id }) => id)
  const news = rows.filter(({ is_historic }) => is_historic === 0).flatMap((row) => toEvents(row, log))
  let safe: ReadonlySet<string> = new Set()
  try {
    safe = await bus.publish(news)
  } finally {
    const open = new Set<string>(news.map(({ id }) => id).filter((id) => !safe.has(id)))
    const sent = ids.filter((id) => !open.has(id))
    await database.write(async (tx) => {
      await markEventsSent(tx, sent, now())
      await releaseEvents(tx, [...open])
    })
  }
  return safe.size === news.length && rows.length === AT_ONCE
}

/** A row that this version cannot read is marked as sent and named: it was written by a later version. */
function toEvents(row: OutboxRow, log: BusLog): EventEnvelope[] {
  const answer = parseEvent(textOfRow(row))
  if (answer.ok) return [answer.event]
  log.error({ type: row.type, version: row.version, fault: answer.fault }, 'an event of the outbox cannot be read')
  return []
}

/** The message that a row stands for. */
export const textOfRow = ({ id, clinic_id, type, version, created_at, payload }: OutboxRow): string =>
  `{"id":${JSON.stringify(id)},"clinicId":${JSON.stringify(clinic_id)},"type":${JSON.stringify(type)},"version":${version},"at":${created_at},"payload":${payload}}`
