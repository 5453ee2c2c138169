/**
 * Moves a clinic's replicated window to the clinic's today, and with it the rows that cross an edge: those that enter become
 * visible to their audiences, those that leave become stubs on the devices that hold them.
 *
 * The day moves first, in a write of its own, and from then on every other write goes by it. The rows follow in pages of the
 * bulk lane, so nobody at a desk waits for more than one. Each page looks at its rows under the clinic's lock and writes only
 * those that are not as the rule says: so it does not matter how often a page runs, how many servers run it, what changes
 * meanwhile, or where a run was cut off. Which days are still to be looked at stands in the table until all are.
 */
import type { Audience } from '#domain/access/audiences.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import {
  DATED_COLLECTIONS,
  type DatedCollection,
  type DayRange,
  followClock,
  isSettled,
  settledAt,
  unsettledAt,
  unsettledDays,
  type WindowState,
} from '#domain/sync/window.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { ClinicRow } from '#server/repositories/clinic-rows.ts'
import { findFirstDay, listIdsOfDay } from '#server/repositories/dated-rows.ts'
import { listVisibleAudiencesOf } from '#server/repositories/document-views.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { findWindow, putWindow } from '#server/repositories/replication-windows.ts'
import { type ClinicWriter, MAX_BULK } from './clinic-writer.ts'
import { replicatedAudiences } from './replicated-audiences.ts'
import type { WriteContext } from './write-context.ts'
import { writeViews } from './write-views.ts'

export type WindowDeps = { readonly database: Database; readonly writer: ClinicWriter; readonly now: () => Instant }
type Clinic = Pick<ClinicRow, 'id' | 'zone'>

/**
 * Resolves with the number of documents moved when every row is as the window says, or when `signal` ends it early; the next
 * call goes on. Reads one row and writes nothing where there is nothing to do.
 * @throws DatabaseUnavailable when the database went away; calling again continues.
 */
export async function followWindow(deps: WindowDeps, clinic: Clinic, signal?: AbortSignal): Promise<number> {
  let moved = 0
  while (!signal?.aborted) {
    const state = await bringToClock(deps, clinic)
    if (isSettled(state)) return moved
    for (const range of unsettledDays(state)) {
      for (const collection of DATED_COLLECTIONS) moved += await settleDays(deps, clinic, collection, range, signal)
    }
    if (!signal?.aborted) await noteSettled(deps, clinic, state)
  }
  return moved
}

/** The window as it stands after a look at the clock. */
async function bringToClock({ database, writer, now }: WindowDeps, { id, zone }: Clinic): Promise<WindowState> {
  const today = localDayOf(now(), zone)
  const known = await database.read((tx) => findWindow(tx, id))
  if (known && isSame(followClock(known, today), known)) return known
  return writer.submit<WindowState>(id, 'bulk', {
    subject: null,
    door: 'job',
    run: async (ctx) => {
      const current = await findWindow(ctx.tx, id)
      const next = current ? followClock(current, today) : unsettledAt(today)
      if (!current || !isSame(current, next)) await recordWindow(ctx, next)
      return { ok: true, value: next }
    },
  })
}

/** Everything has been looked at; unless the window has moved on meanwhile, and more is to be looked at. */
const noteSettled = ({ writer }: WindowDeps, { id }: Clinic, state: WindowState): Promise<void> =>
  writer.submit<void>(id, 'bulk', {
    subject: null,
    door: 'job',
    run: async (ctx) => {
      const current = await findWindow(ctx.tx, id)
      if (current && isSame(current, state)) await recordWindow(ctx, settledAt(state.day))
      return { ok: true, value: undefined }
    },
  })

async function recordWindow(ctx: WriteContext, state: WindowState): Promise<void> {
  await putWindow(ctx.tx, ctx.clinicId, state)
  // The day may be remembered: here it is forgotten, and by the count other instances notice that it has changed.
  ctx.forget()
  ctx.nextSeq()
}

const isSame = (a: WindowState, b: WindowState): boolean =>
  a.day === b.day && a.lowDay === b.lowDay && a.highDay === b.highDay

/** Looks at the rows of these days, a day and a page at a time. Returns how many documents were moved. */
async function settleDays(
  { database, writer }: WindowDeps,
  { id: clinicId }: Clinic,
  collection: DatedCollection,
  { from, until }: DayRange,
  signal: AbortSignal | undefined,
): Promise<number> {
  const shelf = { clinicId, collection }
  const findDay = (after: string) => database.read((tx) => findFirstDay(tx, shelf, { from: after, until }))
  let moved = 0
  for (let day = await findDay(from); day !== undefined; day = await findDay(addDays(day, 1))) {
    const of = day
    const ids = await database.read((tx) => listIdsOfDay(tx, shelf, of))
    for (let first = 0; first < ids.length && !signal?.aborted; first += MAX_BULK) {
      const page = ids.slice(first, first + MAX_BULK)
      moved += await writer.submit<number>(clinicId, 'bulk', {
        subject: null,
        door: 'job',
        run: async (ctx) => ({ ok: true, value: await settlePage(ctx, collection, page) }),
      })
    }
    if (signal?.aborted) return moved
  }
  return moved
}

async function settlePage(ctx: WriteContext, collection: DatedCollection, ids: readonly string[]): Promise<number> {
  const documents = await findDocuments(ctx.tx, collection, ids)
  const seenBefore = await listVisibleAudiencesOf(ctx.tx, collection, ids)
  let moved = 0
  for (const document of documents) {
    // A deleted one is a stub wherever it is held, on either side of an edge.
    if (document._deleted) continue
    moved += await settleDocument(ctx, collection, document, seenBefore.get(document.id) ?? [])
  }
  return moved
}

async function settleDocument(
  ctx: WriteContext,
  collection: DatedCollection,
  document: WireDocument<DatedCollection>,
  seenBefore: readonly Audience[],
): Promise<number> {
  const seenNow = await replicatedAudiences(ctx, collection, document)
  const leaving = seenBefore.filter((audience) => !seenNow.includes(audience))
  const entering = seenNow.filter((audience) => !seenBefore.includes(audience))
  if (leaving.length + entering.length === 0) return 0
  await writeViews(ctx, collection, document.id, leaving, entering)
  return 1
}
