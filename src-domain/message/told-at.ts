/** When the patient is told of what was just done to their visit, so that whoever did it knows how long it can be taken back. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { type Channel, KIND_RULES, type MessageKind, UNDO_WINDOW_MINUTES } from './message-kinds.ts'

/** News of a visit that waits out the undo window. */
export type VisitNews = Extract<MessageKind, 'booked' | 'confirmed' | 'moved' | 'cancelled'>

type Visit = Pick<Appointment, 'start' | 'origin'>
type Reachable = Pick<Patient, 'email' | 'phone' | 'userId'>

/**
 * The earliest instant at which the message leaves; null when nobody is written to: the visit has begun, the patient stands at
 * the desk, or there is no way to reach them. Quiet hours and the patient's own wishes may hold it back further.
 */
export function toldAt(kind: VisitNews, visit: Visit, patient: Reachable, now: Instant): Instant | null {
  const isAtTheDesk = visit.origin === 'walk-in' && kind !== 'moved'
  if (visit.start <= now || isAtTheDesk || !isReached(kind, patient)) return null
  return now + minutes(KIND_RULES[kind].isDelayed ? UNDO_WINDOW_MINUTES : 0)
}

function isReached(kind: VisitNews, { email, phone, userId }: Reachable): boolean {
  const has: Record<Channel, boolean> = { email: email !== '', sms: phone !== '', app: userId !== null }
  return KIND_RULES[kind].channels.some((channel) => has[channel])
}
