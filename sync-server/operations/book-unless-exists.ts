import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { BookBody } from '#domain/api/appointment-api.ts'
import { type AppointmentCriteria, pageVisibleAppointments } from '#server/repositories/appointment-search.ts'
import { bookWithin } from './book-appointment.ts'
import { type BookingAnswer, noteRead } from './booking-answer.ts'
import type { BookingDeps } from './change-appointment.ts'

/** `existed`: the one that meets the condition, as it is; nothing was booked. `ambiguous`: several do. */
export type ConditionalAnswer =
  | { readonly kind: 'booked' | 'existed'; readonly answer: BookingAnswer }
  | { readonly kind: 'ambiguous' }

/**
 * Books unless the subject sees an appointment already that meets the condition. Looked for under the clinic's lock, so that
 * of any number of equal requests at the same time one books.
 */
export function bookUnlessExists(
  { writer }: BookingDeps,
  subject: Subject,
  body: BookBody,
  condition: AppointmentCriteria | undefined,
): Promise<ConditionalAnswer> {
  return writer.submit<ConditionalAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'fhir',
    run: async (ctx) => {
      const sight = { clinicId: ctx.clinicId, audiences: audiencesFor(subject, 'appointments') }
      const found = condition ? await pageVisibleAppointments(ctx.tx, sight, condition, { limit: 2 }) : []
      const [first] = found
      if (found.length > 1) return { ok: false, value: { kind: 'ambiguous' } }
      if (first) {
        noteRead(ctx, first)
        return { ok: true, value: { kind: 'existed', answer: { ok: true, appointment: first } } }
      }
      const { ok, value: answer } = await bookWithin(ctx, subject, body)
      return { ok, value: { kind: 'booked', answer } }
    },
  })
}
