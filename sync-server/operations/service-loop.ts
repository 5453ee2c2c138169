/**
 * The heart of a service: looks at its tables now, soon after it is told to, and from time to time, one look at a time; and leaves
 * a trace of each look, so that one that has died is seen by its silence.
 */
import type { Id } from '#domain/ids.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { endServiceRuns, noteServiceRun } from '#server/repositories/service-runs.ts'

export type ServiceLoop = {
  /** Begins to look by itself. */
  start(): void
  /** There may be something to do: look soon. */
  kick(): void
  /** Resolves after a look that began now. Rejects when it fails. */
  look(): Promise<void>
  /** Resolves when the look in hand has ended. */
  close(): Promise<void>
}

export type ServiceLoopDeps = {
  readonly database: Database
  readonly now: () => Instant
  readonly instanceId: Id<'Instance'>
  readonly log: { error(fields: object, text: string): void }
}

export type ServiceWork = {
  readonly service: string
  readonly everyMs: number
  /** Does what is due. @returns counts for whoever watches the system */
  run(isOver: () => boolean): Promise<Readonly<Record<string, number>>>
}

/** Traces are written no more often than that. */
const TRACE_EVERY_MS = seconds(10)
const GATHER_MS = 50

export function createServiceLoop(deps: ServiceLoopDeps, { service, everyMs, run }: ServiceWork): ServiceLoop {
  const startedAt = deps.now()
  let working: Promise<void> | undefined
  let gathering: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined
  let tracedAt = Number.NEGATIVE_INFINITY
  let isClosed = false
  const once = async (): Promise<void> => {
    const detail = await run(() => isClosed)
    // By the monotonic clock: the server's may stand still or be set.
    if (performance.now() - tracedAt < TRACE_EVERY_MS) return
    tracedAt = performance.now()
    const trace = { service, instance_id: deps.instanceId, started_at: startedAt, detail: JSON.stringify(detail) }
    await deps.database.write((tx) => noteServiceRun(tx, { ...trace, last_run_at: deps.now() }))
  }
  const begin = (): Promise<void> => {
    working ??= once().finally(() => {
      working = undefined
    })
    return working
  }
  const look = async (): Promise<void> => {
    // A look under way may have begun before there was something to see.
    await working?.catch(() => undefined)
    await begin()
  }
  const kick = (): void => {
    if (isClosed || gathering) return
    gathering = setTimeout(() => {
      gathering = undefined
      if (isClosed) return
      begin().catch((error: unknown) => deps.log.error({ err: error, service }, 'a service could not do its work'))
    }, GATHER_MS).unref()
  }
  return {
    start: () => {
      kick()
      timer = setInterval(kick, everyMs).unref()
    },
    kick,
    look,
    close: async () => {
      isClosed = true
      clearInterval(timer)
      clearTimeout(gathering)
      await working?.catch(() => undefined)
      await deps.database.write((tx) => endServiceRuns(tx, deps.instanceId)).catch(() => undefined)
    },
  }
}
