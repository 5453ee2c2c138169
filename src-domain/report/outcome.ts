import type { VisitFact } from './visit-fact.ts'

/** Visits whose outcome is known, and how many of their patients did not come. */
export type Outcomes = { visits: number; noShows: number }

/** @returns whether it is known if the patient came: the only visits that a no-show rate may count. */
export const hasOutcome = ({ status }: Pick<VisitFact, 'status'>): boolean =>
  status === 'arrived' || status === 'fulfilled' || status === 'noshow'

/** Adds one visit whose outcome is known. */
export function addOutcome(outcomes: Outcomes, { status }: Pick<VisitFact, 'status'>): void {
  outcomes.visits += 1
  if (status === 'noshow') outcomes.noShows += 1
}

/** @returns the share of `part` in `whole`, or null of nothing */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

export const sumOf = (outcomes: Iterable<Outcomes>): Outcomes => {
  const sum = { visits: 0, noShows: 0 }
  for (const { visits, noShows } of outcomes) {
    sum.visits += visits
    sum.noShows += noShows
  }
  return sum
}
