/** Makes the reports that wait, one at a time, each in a process of its own; deletes files whose time is over. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Subject } from '#domain/access/can.ts'
import type { AppointmentId, ClinicId, UserId } from '#domain/ids.ts'
import { minutes, seconds } from '#domain/time/instant.ts'
import type { Consumer } from '#server/events/event-bus.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { MadeReport, ReportJob } from '#server/operations/reports/make-report.ts'
import { withRightsOf } from '#server/operations/reports/report-deps.ts'
import { type ReportScheduleDeps, runDueSchedules } from '#server/operations/reports/report-schedules.ts'
import {
  claimReport,
  expireReports,
  type FailureCode,
  failReport,
  finishReport,
  keepReport,
  mayReport,
  noteShown,
  type RunDeps,
} from '#server/operations/reports/run-report.ts'
import type { ReportRow } from '#server/repositories/reports.ts'
import type { FromWorker } from './worker.ts'

export type ReportServiceDeps = RunDeps &
  Pick<ReportScheduleDeps, 'newId'> & {
    readonly audit: NoteAccess
    readonly loadSubject: (clinicId: ClinicId, userId: UserId) => Promise<Subject>
    /** For the worker, which opens the database itself. */
    readonly databaseUrl: string
    readonly fontFolder?: string | null
    /** Ceiling of the worker's heap. */
    readonly memoryMegabytes?: number
    readonly workerPath?: string
    readonly log: { error(fields: object, text: string): void; warn(fields: object, text: string): void }
    /** Called once for each report that is there. */
    readonly onReady?: (report: ReportRow) => void
  }

export type ReportService = {
  /** Looks now and from time to time. */
  start(): void
  /** Something waits: look soon. */
  kick(): void
  /** Ends the work on a report at once, when it is made here. */
  stop(id: ReportRow['id']): void
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>
  /** Queues the reports of schedules whose time has come; answers how many. */
  runDueSchedules(now: number): Promise<number>
  /** Deletes what has had its time. */
  expire(): Promise<void>
  close(): Promise<void>
  /** Hears that a report was asked for. */
  readonly consumer: Consumer
}

const LOOK_EVERY_MS = seconds(5)
const EXPIRE_EVERY_MS = minutes(1)
const HEARTBEAT_MS = seconds(5)
const MEMORY_MB = 384

type Current = { readonly id: ReportRow['id']; readonly child: ChildProcess }

export function createReportService(deps: ReportServiceDeps): ReportService {
  let working: Promise<void> | undefined
  let current: Current | undefined
  let isClosed = false
  const timers: NodeJS.Timeout[] = []
  mkdirSync(deps.folder, { recursive: true, mode: 0o700 })

  const makeAll = async (): Promise<void> => {
    while (!isClosed) {
      const row = await claimReport(deps)
      if (!row) return
      await makeOne(deps, row, (child) => {
        current = child && { id: row.id, child }
        if (isClosed) child?.kill('SIGKILL')
      })
    }
  }
  const look = (): Promise<void> => {
    working ??= makeAll()
      .catch((error: unknown) => deps.log.error({ err: error }, 'reports could not be made'))
      .finally(() => {
        working = undefined
      })
    return working
  }
  const expire = () =>
    expireReports(deps).catch((error: unknown) => deps.log.error({ err: error }, 'old reports could not be deleted'))
  const kick = (): void => {
    if (!isClosed) void look()
  }
  return {
    start: () => {
      kick()
      void expire()
      timers.push(setInterval(kick, LOOK_EVERY_MS).unref(), setInterval(() => void expire(), EXPIRE_EVERY_MS).unref())
    },
    kick,
    // The report itself is in its table; the event says that it is time to look.
    consumer: { name: 'reports', handle: async () => undefined, handled: kick },
    stop: (id) => {
      if (current?.id === id) current.child.kill('SIGKILL')
    },
    drain: async () => {
      await working
      await look()
    },
    runDueSchedules: async (now) => {
      const queued = await runDueSchedules(deps, now)
      if (queued > 0) kick()
      return queued
    },
    expire,
    close: async () => {
      isClosed = true
      for (const timer of timers) clearInterval(timer)
      current?.child.kill('SIGKILL')
      await working
    },
  }
}

async function makeOne(
  deps: ReportServiceDeps,
  row: ReportRow,
  onChild: (child: ChildProcess | undefined) => void,
): Promise<void> {
  const subject = withRightsOf(row, await deps.loadSubject(row.clinic_id, row.user_id))
  if (!mayReport(subject)) return failReport(deps, row, 'not-allowed')
  const outcome = await runWorker(deps, row, subject, onChild)
  onChild(undefined)
  if ('code' in outcome) {
    deps.log.warn({ reportId: row.id, code: outcome.code, attempts: row.attempts }, 'a report could not be made')
    return failReport(deps, row, outcome.code)
  }
  const done = await finishReport(deps, row, outcome.made)
  if (done) deps.onReady?.(done)
}

type Outcome = { readonly made: MadeReport } | { readonly code: FailureCode }

/** Resolves when the process is gone and what it told is written. */
async function runWorker(
  deps: ReportServiceDeps,
  row: ReportRow,
  subject: Subject,
  onChild: (child: ChildProcess) => void,
): Promise<Outcome> {
  const { memoryMegabytes = MEMORY_MB, workerPath = join(import.meta.dirname, 'worker.ts') } = deps
  const child = fork(workerPath, [], {
    execArgv: [`--max-old-space-size=${memoryMegabytes}`],
    // The worker gets what it needs by message: the server's secrets are none of its business.
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ended = endOf(child)
  let outcome: Outcome | undefined
  let progress = 0
  let written: Promise<unknown> = Promise.resolve()
  const after = (work: () => Promise<unknown>) => {
    written = written.then(work)
    written.catch(() => child.kill('SIGKILL'))
  }
  const keep = async () => {
    if (!(await keepReport(deps, row, progress))) child.kill('SIGKILL')
  }
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'progress') progress = message.percent
    else if (message.kind === 'shown') after(() => noteShown(deps.audit, subject, message.ids as AppointmentId[]))
    else outcome = message.kind === 'made' ? { made: message.made } : { code: message.code }
  })
  const heartbeat = setInterval(() => after(keep), HEARTBEAT_MS)
  onChild(child)
  child.send(jobOf(deps, row, subject), () => undefined)
  const { isOutOfMemory } = await ended
  clearInterval(heartbeat)
  const isWritten = await written.then(
    () => true,
    () => false,
  )
  if (outcome && isWritten) return outcome
  return { code: isOutOfMemory ? 'out-of-memory' : 'crashed' }
}

function endOf(child: ChildProcess): Promise<{ readonly isOutOfMemory: boolean }> {
  const exited = new Promise<boolean>((resolve) => {
    // V8 aborts when the ceiling is reached.
    child.once('exit', (code, signal) => resolve(signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134))
    child.once('error', () => resolve(false))
  })
  const silent = new Promise<void>((resolve) => {
    child.once('disconnect', resolve)
    child.once('error', () => resolve())
  })
  return Promise.all([exited, silent]).then(([isOutOfMemory]) => ({ isOutOfMemory }))
}

const jobOf = (deps: ReportServiceDeps, row: ReportRow, subject: Subject): ReportJob => ({
  id: row.id,
  databaseUrl: deps.databaseUrl,
  definition: row.definition as ReportJob['definition'],
  filter: JSON.parse(row.filter) as ReportJob['filter'],
  type: row.type,
  subject,
  asOf: deps.now(),
  folder: deps.folder,
  fontFolder: deps.fontFolder ?? null,
})
