/**
 * Free starts inside working hours, by one sweep over sorted lists: linear in hours plus busy time plus answers.
 *
 * Starts lie on a grid that begins where each stretch of hours begins. The visit itself must lie inside the hours; its buffers
 * must be free of other visits but may reach past the edge of the hours. Nothing is cut off silently: a limit is always the
 * caller's, and what it hides is counted.
 */
import { type Instant, minutes } from '#domain/time/instant.ts'
import { type Interval, normalise } from './interval.ts'

/** What the wanted visit needs, in minutes. */
export type SlotRules = {
  readonly durationMinutes: number
  /** Distance of the starts offered. */
  readonly stepMinutes: number
  readonly bufferBeforeMinutes: number
  readonly bufferAfterMinutes: number
}

/** One doctor's time: bookable hours as `workingHours` returns them, and what is already taken, in any order. */
export type Availability = { readonly hours: readonly Interval[]; readonly busy: readonly Interval[] }

export type DoctorAvailability<DoctorKey extends string = string> = Availability & {
  readonly doctorId: DoctorKey
  readonly specialization: string
}

export type Proposal<DoctorKey extends string = string> = Interval & { readonly doctorId: DoctorKey }

/** The best proposals in order, and how many there were before the limit. */
export type Proposals<DoctorKey extends string = string> = {
  readonly proposals: Proposal<DoctorKey>[]
  readonly total: number
}

/**
 * Every start at which the visit fits, ascending.
 * @param notBefore the earliest start allowed: now plus the notice the visit's type asks for.
 */
export function freeSlots({
  hours,
  busy,
  notBefore,
  ...rules
}: Availability & SlotRules & { readonly notBefore: Instant }): Instant[] {
  const duration = minutes(rules.durationMinutes)
  const step = minutes(rules.stepMinutes)
  const before = minutes(rules.bufferBeforeMinutes)
  const after = minutes(rules.bufferAfterMinutes)
  if (!(duration > 0 && step > 0)) throw new RangeError('A visit and its step must last at least a minute')

  const taken = normalise(busy)
  const starts: Instant[] = []
  let next = 0
  for (const stretch of hours) {
    const onGrid = (wanted: Instant): Instant =>
      wanted <= stretch.start ? stretch.start : stretch.start + Math.ceil((wanted - stretch.start) / step) * step
    for (let start = onGrid(notBefore); start + duration <= stretch.end; ) {
      while ((taken[next]?.end ?? Number.POSITIVE_INFINITY) <= start - before) next += 1
      const hindrance = taken[next]
      if (hindrance && hindrance.start < start + duration + after) {
        start = onGrid(hindrance.end + before)
      } else {
        starts.push(start)
        start += step
      }
    }
  }
  return starts
}

/** The earliest free visits across doctors; on equal times the order of `doctors` decides. */
export function nextFree<DoctorKey extends string>({
  doctors,
  limit,
  ...rest
}: SlotRules & {
  readonly doctors: readonly DoctorAvailability<DoctorKey>[]
  readonly notBefore: Instant
  readonly limit: number
}): Proposals<DoctorKey> {
  const all = doctors.flatMap((doctor) => proposalsOf(doctor, rest))
  all.sort((a, b) => a.start - b.start)
  return { proposals: all.slice(0, limit), total: all.length }
}

/** What one doctor can be offered, in order of time. */
export type DoctorOffers<DoctorKey extends string, Offer extends Proposal<DoctorKey>> = {
  readonly doctorId: DoctorKey
  readonly specialization: string
  readonly slots: readonly Offer[]
}

/**
 * Ways on for a visit that lost its time: first the wanted doctor's free times, nearest to the wanted one first, then those of
 * other doctors of the same specialization, nearest first. On equal distance the earlier time leads, then the order of
 * `doctors`. Without the wanted doctor among `doctors` there is no specialization to match, and the answer is empty.
 */
export function nearestTo<DoctorKey extends string, Offer extends Proposal<DoctorKey>>({
  wanted,
  doctors,
  limit,
}: {
  readonly wanted: { readonly doctorId: DoctorKey; readonly start: Instant }
  readonly doctors: readonly DoctorOffers<DoctorKey, Offer>[]
  readonly limit: number
}): { readonly proposals: Offer[]; readonly total: number } {
  const same = doctors.find(({ doctorId }) => doctorId === wanted.doctorId)
  if (!same) return { proposals: [], total: 0 }
  const peers = doctors.filter((doctor) => doctor !== same && doctor.specialization === same.specialization)

  const distance = ({ start }: Interval): number => Math.abs(start - wanted.start)
  const nearest = (a: Interval, b: Interval): number => distance(a) - distance(b) || a.start - b.start
  const own = [...same.slots].sort(nearest)
  const others = peers.flatMap(({ slots }) => slots).sort(nearest)
  return { proposals: [...own, ...others].slice(0, limit), total: own.length + others.length }
}

/** The same from hours and what is taken. */
export function alternatives<DoctorKey extends string>({
  wanted,
  doctors,
  limit,
  ...rest
}: SlotRules & {
  readonly wanted: { readonly doctorId: DoctorKey; readonly start: Instant }
  readonly doctors: readonly DoctorAvailability<DoctorKey>[]
  readonly notBefore: Instant
  readonly limit: number
}): Proposals<DoctorKey> {
  const offers = doctors.map((doctor) => ({ ...doctor, slots: proposalsOf(doctor, rest) }))
  return nearestTo({ wanted, doctors: offers, limit })
}

function proposalsOf<DoctorKey extends string>(
  { doctorId, hours, busy }: DoctorAvailability<DoctorKey>,
  rules: SlotRules & { readonly notBefore: Instant },
): Proposal<DoctorKey>[] {
  const duration = minutes(rules.durationMinutes)
  return freeSlots({ ...rules, hours, busy }).map((start) => ({ doctorId, start, end: start + duration }))
}
