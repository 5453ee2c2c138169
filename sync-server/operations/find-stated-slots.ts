/** The times of doctors' hours with whether they can be had, across doctors and types of visit: nothing says who has taken one. */
import type { Subject } from '#domain/access/can.ts'
import { type SlotKey, slotIdOf } from '#domain/fhir/slot-id.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { addDays, earlierDay, localDayOf } from '#domain/time/clinic-time.ts'
import { type Instant, LAST_INSTANT } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { listAllTypes } from '#server/repositories/people.ts'
import { stepOf } from './find-slots.ts'
import type { ReadMemory, Recall } from './read-memory.ts'
import { DAYS_AT_ONCE, searchStatedSlots } from './search-slots.ts'
import { askerToBook, openScope, type SlotScope } from './slot-scope.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly memory: ReadMemory }

export type SlotCriteria = {
  /** Starts at or after `start` and before `end`; what has passed is not offered to anybody. */
  readonly window: Interval
  readonly doctorIds?: readonly DoctorId[]
  readonly typeIds?: readonly AppointmentTypeId[]
  /** Free ones alone, or busy ones alone. */
  readonly isFree?: boolean
}

/** A time for one type of visit. */
export type FoundSlot = SlotKey & Interval & { readonly id: string; readonly isFree: boolean }

type Page = { readonly limit: number; readonly after?: SlotKey | undefined }
type Found = { readonly items: readonly FoundSlot[]; readonly hasMore: boolean }

/**
 * A page of the times the subject may book, in order of start and then of id. Who may not book with a doctor finds none of theirs,
 * and ids of another clinic name nothing here.
 */
export function findStatedSlots(
  { database, now, memory }: Deps,
  subject: Subject,
  criteria: SlotCriteria,
  { limit, after }: Page,
): Promise<Found> {
  const window = {
    start: Math.max(criteria.window.start, after?.start ?? now(), now()),
    end: Math.min(criteria.window.end, LAST_INSTANT),
  }
  if (window.end <= window.start) return Promise.resolve({ items: [], hasMore: false })
  return database.read(async (tx) => {
    const recall = await memory.recallIn(tx, subject.clinicId)
    const scopes = await openScopes(tx, subject, criteria, { now: now(), recall })
    const from = after && { start: after.start, id: slotIdOf(after) }
    const items: FoundSlot[] = []
    for await (const week of slotsOfWeeks(tx, scopes, window)) {
      const isWanted = (slot: FoundSlot) =>
        (criteria.isFree ?? slot.isFree) === slot.isFree && (from === undefined || inOrder(from, slot) < 0)
      items.push(...week.filter(isWanted))
      if (items.length > limit) break
    }
    return { items: items.slice(0, limit), hasMore: items.length > limit }
  })
}

/** The time that an id names; undefined where the subject is offered no such time. */
export async function findStatedSlot(deps: Deps, subject: Subject, key: SlotKey): Promise<FoundSlot | undefined> {
  const { doctorId, typeId, start } = key
  const criteria = { window: { start, end: start + 1 }, doctorIds: [doctorId], typeIds: [typeId] }
  return (await findStatedSlots(deps, subject, criteria, { limit: 1 })).items[0]
}

/** One scope per type of visit that is offered, each with the doctors asked for. */
async function openScopes(
  tx: Tx,
  subject: Subject,
  { doctorIds, typeIds }: SlotCriteria,
  { now, recall }: { readonly now: Instant; readonly recall: Recall },
): Promise<SlotScope[]> {
  const scopes: SlotScope[] = []
  for (const { id: typeId, isActive, _deleted } of await recall('types', () => listAllTypes(tx, subject.clinicId))) {
    if (!isActive || _deleted || typeIds?.includes(typeId) === false) continue
    const opened = await openScope(tx, subject, { typeId }, { now, askerOf: askerToBook, recall })
    if (!opened.ok) continue
    const seekers = opened.scope.seekers.filter(({ doctor }) => doctorIds?.includes(doctor.id) ?? true)
    if (seekers.length > 0) scopes.push({ ...opened.scope, seekers })
  }
  return scopes
}

/** A week at a time, so that a page reads no more days than it fills. */
async function* slotsOfWeeks(tx: Tx, scopes: readonly SlotScope[], window: Interval): AsyncGenerator<FoundSlot[]> {
  const [first] = scopes
  if (!first) return
  const until = localDayOf(window.end - 1, first.zone)
  for (let from = localDayOf(window.start, first.zone); from <= until; from = addDays(from, DAYS_AT_ONCE)) {
    const days = { from, until: earlierDay(addDays(from, DAYS_AT_ONCE - 1), until) }
    const slots: FoundSlot[] = []
    for (const scope of scopes) {
      const typeId = scope.type.id
      for (const slot of await searchStatedSlots(tx, scope, { ...days, stepMinutes: stepOf(scope) })) {
        if (slot.start < window.start || slot.start >= window.end) continue
        slots.push({ ...slot, typeId, id: slotIdOf({ ...slot, typeId }) })
      }
    }
    yield slots.sort(inOrder)
  }
}

type Place = { readonly start: Instant; readonly id: string }

function inOrder(a: Place, b: Place): number {
  if (a.start !== b.start) return a.start - b.start
  return a.id < b.id ? -1 : Number(a.id > b.id)
}
