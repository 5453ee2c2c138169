/** A doctor who runs late: how late they say they are, and whom it concerns. Holds for one day, and until it is set back to 0. */
import { isExpected, minutesBehind, type RunningVisit } from '#domain/appointment/own-day.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'

/** In minutes. */
export const DELAY = { step: 10, most: 240 } as const

/** So long an order to tell the patients can be taken back, in milliseconds: the ten seconds of an undo, and the way to the server. */
export const DELAY_UNDO_MS = seconds(15)

/** One step later than that, up to the most that can be said. */
export const raisedDelay = (minutes: number): number => Math.min(DELAY.most, minutes + DELAY.step)

/** The visits of a doctor's day that a delay concerns: the patient is expected, and the visit has not begun by the clock. */
export const concernedBy = <Visit extends RunningVisit>(visits: readonly Visit[], now: Instant): Visit[] =>
  visits.filter((visit) => isExpected(visit) && visit.start > now)

/** Those of them whose patients have not been told that figure. */
export const stillToTell = <Visit extends RunningVisit & { readonly id: string }>(
  visits: readonly Visit[],
  told: ReadonlySet<string>,
  now: Instant,
): Visit[] => concernedBy(visits, now).filter(({ id }) => !told.has(id))

/** Less is no news for anybody. */
const NEWS_FROM_MINUTES = 10

/** How far behind the visits on record put the doctor, to five minutes; 0 where that is no news. */
export function behindByRecord(visits: readonly RunningVisit[], now: Instant): number {
  const behind = minutesBehind(visits, now)
  return behind >= NEWS_FROM_MINUTES ? Math.round(behind / 5) * 5 : 0
}
