/**
 * The audit of what changes no document: signing in, reading. It has a chain of its own per clinic and instance, apart from the
 * writer's, and never touches the clinic's counter. Entries that arrive while a transaction is under way share the next one.
 */
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { appendAudit, lockChainHead } from '#server/repositories/append-only.ts'
import { type AuditEntry, linkEntries } from './audit-chain.ts'
import type { AppendAudit } from './audit-entry.ts'

type Deps = {
  readonly database: Database
  readonly now: () => Instant
  /** Names the chains of this process; no other process may use it. */
  readonly instanceId: string
}

type Waiting = { readonly entry: AuditEntry; readonly resolve: () => void; readonly reject: (error: unknown) => void }
type Line = { waiting: Waiting[]; isWorking: boolean }

/** Rows written by one transaction. */
const MAX_ROWS = 200

/** The appender of one server instance. It resolves when the row is durable, and rejects when it could not be written. */
export function createAuditAppender({ database, now, instanceId }: Deps): AppendAudit {
  const lines = new Map<ClinicId, Line>()
  const chain = `${instanceId}:access`

  const write = (clinicId: ClinicId, entries: readonly AuditEntry[]) =>
    database.write(async (tx) => {
      const head = await lockChainHead(tx, clinicId, chain, now())
      await appendAudit(tx, linkEntries(head, chain, entries))
    })

  const empty = async (clinicId: ClinicId, line: Line) => {
    line.isWorking = true
    while (line.waiting.length > 0) {
      const batch = line.waiting.splice(0, MAX_ROWS)
      try {
        await write(
          clinicId,
          batch.map(({ entry }) => entry),
        )
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    line.isWorking = false
  }

  return async (entry) => {
    database.refuseInsideTransaction()
    const line = lines.get(entry.clinicId) ?? { waiting: [], isWorking: false }
    lines.set(entry.clinicId, line)
    const done = new Promise<void>((resolve, reject) => {
      line.waiting.push({ entry: { ...entry, at: now() }, resolve, reject })
    })
    if (!line.isWorking) empty(entry.clinicId, line).catch(() => undefined)
    return done
  }
}
