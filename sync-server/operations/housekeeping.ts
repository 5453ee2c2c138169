/**
 * Work that is due once a day and waits for nobody: sealing the audit, letting go of what is old. Any instance may do it: who
 * moves a task's time forward does the task, the others find it done. A task that fails is due again at the next look.
 */
import type { ClinicId } from '#domain/ids.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { listClinics } from '#server/repositories/clinic-rows.ts'
import { claimTask, releaseTask } from '#server/repositories/housekeeping.ts'

export type DailyTask = {
  readonly name: string
  /** Must be safe to run twice, and to be cut off. */
  run(clinicId: ClinicId): Promise<void>
}

export type Housekeeping = {
  /** Looks now, and then every hour. */
  start(): void
  /** Does what is due now. Never rejects. */
  look(): Promise<void>
  /** Resolves when the task in hand is done. */
  close(): Promise<void>
}

type Deps = {
  readonly database: Database
  readonly now: () => Instant
  readonly tasks: readonly DailyTask[]
  readonly log: { error(fields: object, text: string): void }
}

const LOOK_EVERY_MS = hours(1)
/** Less than a day, so that a look an hour late does not move the work around the clock. */
const DUE_AFTER_MS = hours(23)

export function createHousekeeping(deps: Deps): Housekeeping {
  let looking: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const look = (): Promise<void> => {
    looking ??= doWhatIsDue(deps, () => isClosed).finally(() => {
      looking = undefined
    })
    return looking
  }
  return {
    start: () => {
      void look()
      timer = setInterval(() => void look(), LOOK_EVERY_MS).unref()
    },
    look,
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await looking
    },
  }
}

async function doWhatIsDue(deps: Deps, isOver: () => boolean): Promise<void> {
  try {
    for (const { id } of await deps.database.read(listClinics)) {
      for (const task of deps.tasks) if (!isOver()) await doIfDue(deps, id, task)
    }
  } catch (error) {
    deps.log.error({ err: error }, 'the daily work could not be looked up')
  }
}

async function doIfDue({ database, now, log }: Deps, clinicId: ClinicId, task: DailyTask): Promise<void> {
  const { name } = task
  const at = now()
  const isOurs = await database.write((tx) =>
    claimTask(tx, { clinicId, task: name, now: at, dueAfterMs: DUE_AFTER_MS }),
  )
  if (!isOurs) return
  try {
    await task.run(clinicId)
  } catch (error) {
    log.error({ err: error, task: name }, 'a daily task failed')
    await database.write((tx) => releaseTask(tx, { clinicId, task: name }))
  }
}
