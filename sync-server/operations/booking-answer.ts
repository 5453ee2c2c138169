import type { WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import type { Outcome, WriteContext } from './write-context.ts'

/** What comes of asking for an appointment or a change of one. `current` is the document as it stays, where there is one. */
export type BookingAnswer =
  | { readonly ok: true; readonly appointment: WireDocument<'appointments'> }
  | { readonly ok: false; readonly rejection: Rejection; readonly current?: WireDocument<'appointments'> }

export const accepted = (appointment: WireDocument<'appointments'>): BookingAnswer => ({ ok: true, appointment })

export const refused = (rejection: Rejection, current?: WireDocument<'appointments'> | null): BookingAnswer => ({
  ok: false,
  rejection,
  ...(current ? { current } : {}),
})

/** The answer as a job's outcome: a refusal undoes what the job has written. */
export const asOutcome = (answer: BookingAnswer): Outcome<BookingAnswer> => ({ ok: answer.ok, value: answer })

/** An answer that shows an appointment without having written it leaves an audit row all the same. */
export function noteRead(ctx: WriteContext, { id }: WireDocument<'appointments'>): void {
  ctx.addAudit({
    userId: ctx.subject?.userId ?? null,
    action: 'read',
    collection: 'appointments',
    documentIds: [id],
  })
}
