/**
 * Writes an import plan: first what the visits name, then each visit by the booking command through the door `import`.
 *
 * Every id comes from the content of the file, and whatever exists is left as it is. So an import that was cut off is continued
 * by running it again, and a second run of the same file adds nothing.
 */
import type { ImportPlan, PlannedAppointment } from '#domain/import/import-plan.ts'
import type { CollectionName, Documents, WireDocument } from '#domain/sync/collections.ts'
import type { RejectionReason } from '#domain/sync/rejection-reasons.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { findLocation, insertLocation } from '#server/repositories/clinic-rows.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { applyAppointmentChange } from './apply-appointment-change.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import { lockDocument, saveDocument } from './save-document.ts'

type Deps = { readonly database: Database; readonly writer: ClinicWriter; readonly now: () => Instant }

export type ImportRun = {
  readonly plan: ImportPlan
  /** Called with the documents done and the documents there are, those found present included. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the run after the writes in hand; what is written stays. */
  readonly signal?: AbortSignal
}

export type ImportOutcome = {
  /** Visits written by this run. */
  readonly added: number
  /** Visits that were there before. */
  readonly present: number
  /** Visits the booking rules refused. */
  readonly refused: readonly { readonly line: number; readonly reason: RejectionReason }[]
  /** False when `signal` ended the run early. */
  readonly isComplete: boolean
}

/** Writes in hand at once: enough to fill the writer's bulk batches, few enough that stopping is quick. */
const AT_ONCE = 40
const IDS_AT_ONCE = 500

/** The clinic is the plan's. @throws DatabaseUnavailable when the database went away; running again continues. */
export async function importHistory(deps: Deps, { plan, onProgress, signal }: ImportRun): Promise<ImportOutcome> {
  await insertMissingLocations(deps, plan)
  const named = await missingNamed(deps, plan)
  const visits = await missing(deps, 'appointments', plan.appointments)
  const total = plan.doctors.length + plan.schedules.length + plan.patients.length + plan.appointments.length
  let done = total - named.length - visits.length
  const step = (): void => {
    done += 1
    onProgress?.(done, total)
  }
  onProgress?.(done, total)

  const tally = { added: 0, present: plan.appointments.length - visits.length }
  const refused: { line: number; reason: RejectionReason }[] = []
  await eachAtOnce(named, signal, (save) => save().then(step))
  await eachAtOnce(visits, signal, async (visit) => {
    const reason = await bookOne(deps, visit)
    if (reason === 'present') tally.present += 1
    else if (reason === undefined) tally.added += 1
    else refused.push({ line: visit.line, reason })
    step()
  })
  refused.sort((a, b) => a.line - b.line)
  return { ...tally, refused, isComplete: tally.added + tally.present + refused.length === plan.appointments.length }
}

async function insertMissingLocations({ database, now }: Deps, { locations }: ImportPlan): Promise<void> {
  await database.write(async (tx) => {
    for (const location of locations) {
      if (!(await findLocation(tx, location.id))) await insertLocation(tx, location, now())
    }
  })
}

/** A write for each document the visits name that is not there yet, those first that others point at. */
async function missingNamed(deps: Deps, plan: ImportPlan): Promise<(() => Promise<void>)[]> {
  const writes = async <Name extends CollectionName>(name: Name, documents: readonly Documents[Name][]) =>
    (await missing(deps, name, documents)).map((document) => () => saveNew(deps, name, document))
  return [
    ...(await writes('appointment_types', plan.appointmentTypes)),
    ...(await writes('doctors', plan.doctors)),
    ...(await writes('schedules', plan.schedules)),
    ...(await writes('patients', plan.patients)),
  ]
}

async function missing<Row extends { readonly id: string }>(
  { database }: Deps,
  name: CollectionName,
  rows: readonly Row[],
): Promise<Row[]> {
  const known = new Set<string>()
  for (let from = 0; from < rows.length; from += IDS_AT_ONCE) {
    const ids = rows.slice(from, from + IDS_AT_ONCE).map(({ id }) => id)
    for (const { id } of await database.read((tx) => findDocuments(tx, name, ids))) known.add(id)
  }
  return rows.filter(({ id }) => !known.has(id))
}

function saveNew<Name extends CollectionName>(
  { writer }: Deps,
  name: Name,
  document: Documents[Name] & { readonly clinicId: PlannedAppointment['clinicId'] },
): Promise<void> {
  return writer.submit(document.clinicId, 'bulk', {
    subject: null,
    door: 'import',
    run: async (ctx) => {
      const isThere = await lockDocument(ctx, name, document.id)
      if (!isThere) await saveDocument(ctx, name, null, { ...document, _deleted: false })
      return { ok: true, value: undefined }
    },
  })
}

/** Books a visit; answers why not, or `present` when an earlier run has booked it. */
function bookOne({ writer }: Deps, visit: PlannedAppointment): Promise<RejectionReason | 'present' | undefined> {
  return writer.submit<RejectionReason | 'present' | undefined>(visit.clinicId, 'bulk', {
    subject: null,
    door: 'import',
    run: async (ctx) => {
      if (await lockDocument(ctx, 'appointments', visit.id)) return { ok: true, value: 'present' }
      const wanted = toDocument(visit)
      const { value } = await applyAppointmentChange(ctx, null, { current: null, wanted, door: 'import' })
      return value.ok ? { ok: true, value: undefined } : { ok: false, value: value.rejection.reason }
    },
  })
}

function toDocument({ line: _, ...visit }: PlannedAppointment): WireDocument<'appointments'> {
  return {
    ...visit,
    origin: 'import',
    reason: '',
    note: '',
    cancelReason: '',
    cancelledAt: null,
    cancelledBy: null,
    cancelledByName: '',
    roomId: null,
    equipmentIds: [],
    seriesId: null,
    overbookReason: '',
    arrivedAt: null,
    startedAt: null,
    finishedAt: null,
    unplaced: null,
    createdBy: null,
    createdByName: '',
    updatedAt: visit.createdAt,
    revision: 0,
    _deleted: false,
  }
}

/** Runs the work on every item, in order, several at once; the first error stops it and is thrown when those in hand have ended. */
async function eachAtOnce<Item>(
  items: readonly Item[],
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0
  let hasFailed = false
  const run = async (): Promise<void> => {
    while (next < items.length && !hasFailed && !signal?.aborted) {
      const item = items[next] as Item
      next += 1
      await work(item).catch((error: unknown) => {
        hasFailed = true
        throw error
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, run))
  const failed = ended.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
