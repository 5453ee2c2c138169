/**
 * From before the server listens until it closes, it looks from time to time whether the database has come further than this
 * process has heard of, and pokes whoever listens to what it missed.
 */
import type { Logger } from 'pino'
import type { ClinicId } from '#domain/ids.ts'
import { seconds } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { App } from './http/app.ts'
import { findMissedChanges, readHeads } from './operations/find-missed-changes.ts'
import type { Committed } from './operations/write-context.ts'
import type { Pokes } from './sync/pokes.ts'

export type HeadParts = {
  readonly database: Database
  /** Told of every commit of this process, and of others whose notice has come. */
  readonly listeners: Set<(committed: Committed) => void>
  readonly log: Pick<Logger, 'info' | 'error'>
}

/** A look every 30 to 45 s: instances that were started together do not look together. */
const EVERY_MS = seconds(30)
const SPREAD_MS = seconds(15)

export type HeadWatch = { readonly look: () => Promise<void> }

export function followHeads(app: App, { database, listeners, log }: HeadParts, pokes: Pokes): HeadWatch {
  const known = new Map<ClinicId, number>()
  const hear = (clinicId: ClinicId, seq: number) => void known.set(clinicId, Math.max(seq, known.get(clinicId) ?? 0))
  const listener = ({ clinicId, seq }: Committed) => hear(clinicId, seq)
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  const later = () => {
    timer = setTimeout(() => void look().finally(later), EVERY_MS + Math.random() * SPREAD_MS).unref()
  }
  const lookOnce = async () => {
    try {
      const { heads, missed } = await findMissedChanges(database, known, pokes.heard)
      for (const [clinicId, head] of heads) hear(clinicId, head)
      if (missed.size === 0) return
      log.info({ collections: [...missed.keys()] }, 'changes of another process were found in the tables')
      pokes.publish(missed)
    } catch (error) {
      log.error({ err: error }, 'the heads could not be compared')
    }
  }
  const look = () => {
    looking ??= lookOnce().finally(() => {
      looking = undefined
    })
    return looking
  }
  listeners.add(listener)
  // Before anybody listens: what comes from here on is either heard of or found.
  app.addHook('onReady', async () => {
    for (const [clinicId, head] of await readHeads(database)) hear(clinicId, head)
    later()
  })
  app.addHook('onClose', async () => {
    clearTimeout(timer)
    listeners.delete(listener)
    await looking
  })
  return { look }
}
