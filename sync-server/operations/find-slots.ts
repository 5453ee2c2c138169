/** Free times for whoever wants to book: a page of some days, the next few from now on, and how far the third one lies. */
import type { Subject } from '#domain/access/can.ts'
import {
  DEFAULT_STEP_MINUTES,
  type NextFreeQuery,
  type SlotAnswer,
  type SlotsQuery,
  type ThirdNextAnswer,
  type ThirdNextQuery,
} from '#domain/api/slot-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import {
  addDays,
  daysBetween,
  isLocalDay,
  type LocalDay,
  laterDay,
  localDayOf,
  toLocal,
  type Zone,
} from '#domain/time/clinic-time.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import type { ReadMemory } from './read-memory.ts'
import { type DoctorSlot, slotsByWeek } from './search-slots.ts'
import { askerToBook, askerToMeasure, openScope, type ScopeRefusal, type SlotScope } from './slot-scope.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly memory: ReadMemory }

export const MOST_SLOT_DAYS = 62
/** How far a search without days looks: beyond it hardly a clinic plans, and the answer says where it stopped. */
export const SEARCH_DAYS = 180
const DEFAULT_NEXT_FREE = 5

type RangeRefusal = {
  readonly ok: false
  readonly reason: 'invalid-field' | 'end-before-start' | 'range-too-long'
  readonly field: 'from' | 'to'
}
export type SlotRefusal = ScopeRefusal | RangeRefusal
export type SlotsFound = {
  readonly ok: true
  readonly slots: SlotAnswer[]
  /** Where the page ends; null when there is nothing behind it. */
  readonly last: Place | null
}

/** Where a page ended: at this time, with this doctor. */
export type Place = { readonly start: Instant; readonly doctorId: string }
export type SlotPage = { readonly limit: number; readonly after: Place | null }

/** A page of the free times of some local days, true at the moment of asking. */
export async function findSlots(
  { database, now, memory }: Deps,
  subject: Subject,
  query: SlotsQuery,
  { limit, after }: SlotPage,
): Promise<SlotsFound | SlotRefusal> {
  const { from, to, step } = query
  if (!isLocalDay(from)) return { ok: false, reason: 'invalid-field', field: 'from' }
  if (!isLocalDay(to)) return { ok: false, reason: 'invalid-field', field: 'to' }
  if (to < from) return { ok: false, reason: 'end-before-start', field: 'to' }
  if (daysBetween(from, to) >= MOST_SLOT_DAYS) return { ok: false, reason: 'range-too-long', field: 'to' }
  return database.read(async (tx) => {
    const recall = await memory.recallIn(tx, subject.clinicId)
    const opened = await openScope(tx, subject, query, { now: now(), askerOf: askerToBook, recall })
    if (!opened.ok) return opened
    const { scope } = opened
    const reached = after ? localDayOf(after.start, scope.zone) : from
    const search = { from: laterDay(from, reached), until: to, stepMinutes: stepOf(scope, step) }
    const slots = await takeSlots(tx, scope, search, { after, count: limit + 1 })
    const page = slots.slice(0, limit)
    const last = slots.length > limit ? page.at(-1) : undefined
    return { ok: true, slots: page.map(toAnswerIn(scope.zone)), last: last ?? null }
  })
}

export type NextFreeFound = { readonly ok: true; readonly slots: SlotAnswer[]; readonly searchedTo: LocalDay }

/** The first free times from now on, across the doctors asked for. */
export function findNextFree(
  { database, now, memory }: Deps,
  subject: Subject,
  { step, limit = DEFAULT_NEXT_FREE, ...whose }: NextFreeQuery,
): Promise<NextFreeFound | SlotRefusal> {
  return database.read(async (tx) => {
    const recall = await memory.recallIn(tx, subject.clinicId)
    const opened = await openScope(tx, subject, whose, { now: now(), askerOf: askerToBook, recall })
    if (!opened.ok) return opened
    const { scope } = opened
    const from = localDayOf(scope.now, scope.zone)
    const search = { from, until: addDays(from, SEARCH_DAYS), stepMinutes: stepOf(scope, step) }
    const slots = await takeSlots(tx, scope, search, { after: null, count: limit })
    return { ok: true, slots: slots.map(toAnswerIn(scope.zone)), searchedTo: search.until }
  })
}

/**
 * For each doctor how many days off the third free visit lies: the usual measure of access, because the first and the second are
 * often gaps somebody has just left. Visits counted lie one after the other with the gap their buffers ask for.
 */
export function findThirdNext(
  { database, now, memory }: Deps,
  subject: Subject,
  query: ThirdNextQuery,
): Promise<({ readonly ok: true } & ThirdNextAnswer) | SlotRefusal> {
  return database.read(async (tx) => {
    const recall = await memory.recallIn(tx, subject.clinicId)
    const opened = await openScope(tx, subject, query, { now: now(), askerOf: askerToMeasure, recall })
    if (!opened.ok) return opened
    const { scope } = opened
    const today = localDayOf(scope.now, scope.zone)
    const searchedTo = addDays(today, SEARCH_DAYS)
    const thirds = await findThirds(tx, scope, { from: today, until: searchedTo, stepMinutes: stepOf(scope) })
    const doctors = scope.seekers.map(({ doctor: { id: doctorId } }) => {
      const start = thirds.get(doctorId) ?? null
      if (start === null) return { doctorId, days: null, start, date: null, time: null }
      const { day: date, time } = toLocal(start, scope.zone)
      return { doctorId, days: daysBetween(today, date), start, date, time }
    })
    return { ok: true, doctors, today, searchedTo }
  })
}

type Search = { readonly from: LocalDay; readonly until: LocalDay; readonly stepMinutes: number }

async function findThirds(tx: Tx, scope: SlotScope, search: Search): Promise<ReadonlyMap<DoctorId, Instant>> {
  const { bufferBeforeMinutes, bufferAfterMinutes } = scope.type
  const gap = minutes(Math.max(bufferBeforeMinutes, bufferAfterMinutes))
  const counted = new Map<DoctorId, { readonly count: number; readonly freeFrom: Instant }>()
  const thirds = new Map<DoctorId, Instant>()
  for await (const week of slotsByWeek(tx, scope, search)) {
    for (const { doctorId, start, end } of week) {
      const { count, freeFrom } = counted.get(doctorId) ?? { count: 0, freeFrom: 0 }
      if (start < freeFrom || thirds.has(doctorId)) continue
      if (count === 2) thirds.set(doctorId, start)
      counted.set(doctorId, { count: count + 1, freeFrom: end + gap })
    }
    if (thirds.size === scope.seekers.length) break
  }
  return thirds
}

/** The first so many free times after a place. */
async function takeSlots(
  tx: Tx,
  scope: SlotScope,
  search: Search,
  { after, count }: { readonly after: Place | null; readonly count: number },
): Promise<DoctorSlot[]> {
  const rank = new Map<string, number>(scope.seekers.map(({ doctor }, index) => [doctor.id, index]))
  const isAfter = ({ start, doctorId }: DoctorSlot): boolean =>
    after === null ||
    start > after.start ||
    (start === after.start && (rank.get(doctorId) ?? 0) > (rank.get(after.doctorId) ?? -1))
  const slots: DoctorSlot[] = []
  for await (const week of slotsByWeek(tx, scope, search)) {
    slots.push(...week.filter(isAfter))
    if (slots.length >= count) break
  }
  return slots.slice(0, count)
}

/** The distance of the starts offered, in minutes, unless the caller asks for another. */
export const stepOf = ({ type }: SlotScope, asked?: number): number =>
  asked ?? Math.min(DEFAULT_STEP_MINUTES, type.durationMinutes)

const toAnswerIn =
  (zone: Zone) =>
  ({ doctorId, start, end, mode, roomId, seatsLeft }: DoctorSlot): SlotAnswer => {
    const { day: date, time } = toLocal(start, zone)
    return { doctorId, start, end, date, time, mode, roomId, seatsLeft }
  }
