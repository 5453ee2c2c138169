/**
 * Imports that somebody has asked for in the app: a file is planned, looked at, and then written while its progress can be seen.
 *
 * Invariants: a clinic has one import at a time; nothing is written before it is run; each visit is written whole or not at all,
 * and ids come from the file's content, so that a run that was stopped is continued by bringing the same file again. Plans are
 * kept in the memory of this process for an hour: they hold patients' data, and a file is soon chosen again.
 */
import { can, type Subject } from '#domain/access/can.ts'
import { type ImportJob, MOST_PROBLEMS } from '#domain/api/import-api.ts'
import type { ClinicId, Id } from '#domain/ids.ts'
import type { ImportPlan } from '#domain/import/import-plan.ts'
import { IMPORT_MAPPINGS } from '#domain/import/mappings.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { planFile } from '#server/import/plan-file.ts'
import { NotCsv } from '#server/import/read-rows.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import { type ImportOutcome, importHistory } from './import-history.ts'
import type { NewId } from './new-id.ts'

export type ImportDeps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
  /** Told of what nobody waits for an answer about. */
  readonly onError: (error: unknown) => void
}

export type ImportAnswer =
  | { readonly ok: true; readonly job: ImportJob }
  | { readonly ok: false; readonly reason: ImportRefusal; readonly field?: string }
type ImportRefusal = 'not-allowed' | 'not-found' | 'unknown-reference' | 'not-csv' | 'import-running'

type Kept = {
  readonly clinicId: ClinicId
  readonly plan: ImportPlan
  readonly stop: AbortController
  job: ImportJob
  /** Settles when nothing is written any more. */
  running: Promise<void> | undefined
}

const KEPT_MS = hours(1)

export type ImportJobs = ReturnType<typeof createImportJobs>

export function createImportJobs(deps: ImportDeps) {
  const kept = new Map<ClinicId, Kept>()
  const find = (subject: Subject, id: Id<'Import'>): Kept | undefined => {
    const one = kept.get(subject.clinicId)
    return one?.job.id === id ? one : undefined
  }
  const mayImport = (subject: Subject) => can(subject, 'import-history', { clinicId: subject.clinicId })
  const on = async (
    subject: Subject,
    id: Id<'Import'>,
    act: (one: Kept) => ImportRefusal | undefined | Promise<undefined>,
  ): Promise<ImportAnswer> => {
    if (!mayImport(subject)) return { ok: false, reason: 'not-allowed' }
    forgetOld(kept, deps.now())
    const one = find(subject, id)
    if (!one) return { ok: false, reason: 'not-found' }
    const reason = await act(one)
    return reason === undefined ? { ok: true, job: one.job } : { ok: false, reason }
  }
  return {
    /** Reads a file and says what it comes to; nothing is written. */
    plan: (subject: Subject, mappingName: string, bytes: Uint8Array): ImportAnswer => {
      if (!mayImport(subject)) return { ok: false, reason: 'not-allowed' }
      forgetOld(kept, deps.now())
      const { clinicId } = subject
      if (kept.get(clinicId)?.job.state === 'running') return { ok: false, reason: 'import-running' }
      const mapping = IMPORT_MAPPINGS.get(mappingName)
      if (!mapping) return { ok: false, reason: 'unknown-reference', field: 'mapping' }
      try {
        const plan = planFile(mapping, bytes, clinicId)
        const job = jobOf(deps, mappingName, plan)
        kept.set(clinicId, { clinicId, plan, job, stop: new AbortController(), running: undefined })
        return { ok: true, job }
      } catch (error) {
        if (error instanceof NotCsv) return { ok: false, reason: 'not-csv' }
        throw error
      }
    },
    show: (subject: Subject, id: Id<'Import'>) => on(subject, id, () => undefined),
    /** Begins to write. Asked again, it goes on as it is. */
    run: (subject: Subject, id: Id<'Import'>) =>
      on(subject, id, (one) => {
        if (one.job.state !== 'planned') return undefined
        one.job = { ...one.job, state: 'running' }
        one.running = write(deps, subject, one).catch(deps.onError)
        return undefined
      }),
    /** Ends a run after the writes in hand, or forgets a plan; what is written stays. */
    stop: (subject: Subject, id: Id<'Import'>) =>
      on(subject, id, async (one) => {
        one.stop.abort()
        await one.running
        if (one.job.state === 'planned') one.job = { ...one.job, state: 'stopped' }
        return undefined
      }),
    /** Ends every run: the server closes. */
    close: async (): Promise<void> => {
      for (const { stop } of kept.values()) stop.abort()
      await Promise.all([...kept.values()].map(({ running }) => running))
      kept.clear()
    },
  }
}

function forgetOld(kept: Map<ClinicId, Kept>, now: Instant): void {
  for (const [clinicId, { job }] of kept) {
    if (job.state !== 'running' && now - job.createdAt > KEPT_MS) kept.delete(clinicId)
  }
}

function jobOf({ now, newId }: ImportDeps, mapping: string, plan: ImportPlan): ImportJob {
  const { appointments, patients, doctors, locations, schedules, problems } = plan
  return {
    id: newId<'Import'>(),
    mapping,
    state: 'planned',
    createdAt: now(),
    counts: {
      visits: appointments.length,
      missed: appointments.filter(({ status }) => status === 'noshow').length,
      patients: patients.length,
      doctors: doctors.length,
      locations: locations.length,
    },
    problems: problems.slice(0, MOST_PROBLEMS),
    problemCount: problems.length,
    done: 0,
    total: doctors.length + schedules.length + patients.length + appointments.length,
    outcome: null,
  }
}

async function write(deps: ImportDeps, subject: Subject, one: Kept): Promise<void> {
  const note = (action: string, detail: Readonly<Record<string, string | number>>) =>
    deps.audit({ ...byWhom(subject), action, detail })
  await note('import-started', { mapping: one.job.mapping, visits: one.job.counts.visits })
  const onProgress = (done: number, total: number): void => {
    one.job = { ...one.job, done, total }
  }
  let outcome: ImportOutcome
  try {
    outcome = await importHistory(deps, { plan: one.plan, onProgress, signal: one.stop.signal })
  } catch (error) {
    one.job = { ...one.job, state: 'failed' }
    await note('import-ended', { state: 'failed' })
    throw error
  }
  const { added, present, refused, isComplete } = outcome
  one.job = {
    ...one.job,
    state: isComplete ? 'done' : 'stopped',
    outcome: { added, present, refused: [...refused] },
  }
  await note('import-ended', { state: one.job.state, added, present, refused: refused.length })
}
