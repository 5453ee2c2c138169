/**
 * One command for every door: a wanted appointment beside the current one, decided under the clinic's lock. REST, sync push,
 * import and jobs differ in how they say what they want and in what is waived, never in the rules.
 */
import type { Subject } from '#domain/access/can.ts'
import type { HoldId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { hours } from '#domain/time/instant.ts'
import { bookNew } from './book-new.ts'
import { accepted, asOutcome, type BookingAnswer, refused } from './booking-answer.ts'
import { changeExisting } from './change-existing.ts'
import { isErased } from './erased-patients.ts'
import type { Door, Outcome, WriteContext } from './write-context.ts'

export type AppointmentChange = {
  /** The document as read and locked in this transaction; null for a new booking. */
  readonly current: WireDocument<'appointments'> | null
  readonly wanted: WireDocument<'appointments'>
  readonly door: Door
  /** The hold that the booking or move was prepared with; it makes room for it. */
  readonly holdId?: HoldId | undefined
}

/**
 * Books, moves, confirms, checks in, cancels or edits, whatever the difference of the two documents amounts to; all of it or
 * nothing. Fields the server owns are ignored on a new document and must not differ on an existing one.
 *
 * A new booking through the door `sync` that cannot have its time is stored as `unplaced` and counts as accepted; a move that
 * cannot is refused and keeps the old time.
 * @param subject who asks; null for the server itself, which may do anything
 */
export async function applyAppointmentChange(
  ctx: WriteContext,
  subject: Subject | null,
  change: AppointmentChange,
): Promise<Outcome<BookingAnswer>> {
  const asAsked: WriteContext = { ...ctx, subject, door: change.door }
  return asOutcome(await decide(asAsked, change))
}

/** No visit lasts longer; the tables and the overlap queries rely on it. */
const LONGEST_MS = hours(24)

async function decide(ctx: WriteContext, { current, wanted, door, holdId }: AppointmentChange): Promise<BookingAnswer> {
  if (current && current.clinicId !== ctx.clinicId) return refused({ reason: 'not-found' })
  if (current?._deleted) return refused({ reason: 'gone' }, current)
  // Nothing is written about somebody whose data was erased: it would be theirs again.
  if (current && (await isErased(ctx, current.patientId))) return refused({ reason: 'gone' }, current)
  // An appointment that is not to be is cancelled: its row stays, with who did it and why.
  if (wanted._deleted) return refused({ reason: 'not-allowed' }, current)
  if (wanted.end <= wanted.start) return refused({ reason: 'end-before-start', field: 'end' }, current)
  if (wanted.end - wanted.start > LONGEST_MS) return refused({ reason: 'wrong-duration', field: 'end' }, current)
  // A file that is imported again adds nothing and takes nothing back that was changed since.
  if (current && door === 'import') return accepted(current)
  return current ? changeExisting(ctx, current, wanted, holdId) : bookNew(ctx, wanted, holdId)
}
