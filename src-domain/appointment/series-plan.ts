/**
 * What is booked of a previewed series: each planned visit at its own time, at another one, or not at all. Pure.
 *
 * Invariant: no two visits of the plan overlap, as all are one patient's.
 */
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Occurrence, SeriesBody } from '#domain/api/series-api.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'

export const LEFT_OUT = 'left-out'
/** Said by hand of a planned day; what is not said is settled by what is free. */
export type SeriesChoice = Alternative | typeof LEFT_OUT

export type PlannedVisit = Occurrence & {
  /** Where it is to be booked; null leaves it out. */
  readonly chosen: Alternative | null
  /** The alternatives that no other visit of the plan stands in the way of. */
  readonly open: readonly Alternative[]
}

/** The series as it will be asked for: a time that cannot be had gives way to the first open alternative. */
export function planSeries(
  occurrences: readonly Occurrence[],
  choices: ReadonlyMap<LocalDay, SeriesChoice>,
): readonly PlannedVisit[] {
  const plan: PlannedVisit[] = []
  const settled = occurrences.flatMap(({ day, place }) => (place && choices.get(day) !== LEFT_OUT ? [place] : []))
  for (const occurrence of occurrences) {
    const { day, place, alternatives } = occurrence
    const others = [...settled, ...plan.flatMap(({ place: own, chosen }) => (own === null && chosen ? [chosen] : []))]
    const open = alternatives.filter((each) => !others.some((other) => overlaps(other, each)))
    const choice = choices.get(day)
    const wished = choice === LEFT_OUT ? null : (open.find((each) => isSame(each, choice)) ?? open[0] ?? null)
    plan.push({ ...occurrence, open, chosen: place === null ? wished : choice === LEFT_OUT ? null : place })
  }
  return plan
}

const isSame = (a: Alternative, b: Alternative | undefined): boolean =>
  a.start === b?.start && a.doctorId === b.doctorId

/** The plan in the words of the booking. */
export const askedOf = (plan: readonly PlannedVisit[]): Pick<SeriesBody, 'instead' | 'leftOut'> => ({
  instead: plan.flatMap(({ day, place, chosen }) =>
    place === null && chosen ? [{ day, start: chosen.start, doctorId: chosen.doctorId }] : [],
  ),
  leftOut: plan.filter(({ chosen }) => chosen === null).map(({ day }) => day),
})
