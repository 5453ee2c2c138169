/**
 * Notes what changes no document, reading and signing in, so that the caller can wait until it is durable. Whoever asks
 * meanwhile shares one transaction: reading costs one commit per turn, not one per reader.
 */
import type { ClinicId, Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { noteEventId } from '#server/repositories/access-events.ts'
import { appendToChain } from './append-audit.ts'
import type { AuditEntry } from './audit-entry.ts'

export type AccessEntry = Omit<AuditEntry, 'at'>
/** Resolves when the row is durable. */
export type NoteAccess = (entry: AccessEntry) => Promise<void>

/** An entry that may come several times, because its answer was lost. */
export type KeyedEntry = AccessEntry & { readonly eventId: Id<'AccessEvent'> }
export type NoteOnce = (entries: readonly KeyedEntry[]) => Promise<void>

export type AccessAudit = {
  readonly note: NoteAccess
  /** Notes entries that bring ids of their own, each id once; resolves when the rows are durable. */
  readonly noteOnce: NoteOnce
  /** Resolves when everything noted so far is durable. */
  close(): Promise<void>
}

type Deps = { readonly database: Database; readonly now: () => Instant; readonly instanceId: string }
type Waiting = {
  readonly entry: AuditEntry
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
type Queue = { readonly waiting: Waiting[]; working: Promise<void> | undefined }

const MOST_AT_ONCE = 200

export function createAccessAudit(deps: Deps): AccessAudit {
  const queues = new Map<ClinicId, Queue>()
  const queueOf = (clinicId: ClinicId): Queue => {
    const queue = queues.get(clinicId) ?? { waiting: [], working: undefined }
    queues.set(clinicId, queue)
    return queue
  }
  return {
    note: (entry) => {
      const queue = queueOf(entry.clinicId)
      const durable = new Promise<void>((resolve, reject) => {
        queue.waiting.push({ entry: { ...entry, at: deps.now() }, resolve, reject })
      })
      queue.working ??= drain(deps, queue)
      return durable
    },
    noteOnce: async (entries) => {
      const at = deps.now()
      await deps.database.write(async (tx) => {
        const fresh: AuditEntry[] = []
        for (const { eventId, ...entry } of entries) {
          if (await noteEventId(tx, entry.clinicId, eventId, at)) fresh.push({ ...entry, at })
        }
        await appendToChain(tx, chainOf(deps), fresh)
      })
    },
    close: async () => {
      await Promise.all([...queues.values()].map(({ working }) => working))
    },
  }
}

async function drain(deps: Deps, queue: Queue): Promise<void> {
  // Whoever else asks in this turn of the event loop joins.
  await new Promise((resolve) => setImmediate(resolve))
  while (queue.waiting.length > 0) await write(deps, queue.waiting.splice(0, MOST_AT_ONCE))
  // In the same turn as the look at the empty queue, so that nobody can join in between and wait for ever.
  queue.working = undefined
}

const chainOf = ({ instanceId }: Deps): string => `${instanceId}:access`

async function write(deps: Deps, taken: readonly Waiting[]): Promise<void> {
  const entries = taken.map(({ entry }) => entry)
  try {
    await deps.database.write((tx) => appendToChain(tx, chainOf(deps), entries))
    for (const { resolve } of taken) resolve()
  } catch (error) {
    for (const { reject } of taken) reject(error)
  }
}
