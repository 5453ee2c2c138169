/** What others did to the clinic's visits while this computer was without the server, in numbers. Pure. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'

export type Digest = { readonly booked: number; readonly moved: number; readonly calledOff: number }

type Seen = Pick<Appointment, 'id' | 'start' | 'doctorId' | 'status'>

/** @param own changed here meanwhile: that is no news to whoever did it */
export function digestOf(before: readonly Seen[], after: readonly Seen[], own: ReadonlySet<string>): Digest {
  const known = new Map(before.map((visit) => [visit.id, visit]))
  const news = { booked: 0, moved: 0, calledOff: 0 }
  for (const visit of after) {
    if (own.has(visit.id)) continue
    const last = known.get(visit.id)
    const held = last !== undefined && holdsTime(last.status)
    const holds = holdsTime(visit.status)
    if (holds && !held) news.booked += 1
    else if (held && !holds && visit.status === 'cancelled') news.calledOff += 1
    else if (holds && last && (last.start !== visit.start || last.doctorId !== visit.doctorId)) news.moved += 1
  }
  return news
}

/** A shorter loss of the line is not worth a sentence. */
export const isOutage = (from: Instant, until: Instant): boolean => until - from >= minutes(1)
