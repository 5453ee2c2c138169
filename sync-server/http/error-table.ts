/** Every error code of the REST API with its HTTP status and its sentence. Clients translate by code; the sentence is for logs of theirs. */
import type { RejectionReason } from '#domain/sync/rejection-reasons.ts'

type Row = { readonly status: number; readonly message: string }
const row = (status: number, message: string): Row => ({ status, message })

/** Refusals of the rules of booking; the reasons are those of the sync protocol. */
const REJECTIONS = {
  'slot-taken': row(409, 'This time has just been taken.'),
  held: row(409, 'Somebody is booking this time at the moment, or was offered it.'),
  'group-full': row(409, 'Every place in this group session is taken.'),
  'room-taken': row(409, 'No room that this visit may take place in is free at this time.'),
  'equipment-taken': row(409, 'Equipment that this visit needs is in use at this time.'),
  'overbook-reason-missing': row(422, 'Booking beside other visits needs a reason.'),
  'too-late': row(409, 'Patients can no longer change this appointment by themselves.'),
  'limit-reached': row(409, 'The patient has as many appointments to come as the clinic allows.'),
  'patient-busy': row(409, 'The patient already has an appointment at this time.'),
  'outside-hours': row(422, "This time is outside the doctor's working hours."),
  'in-the-past': row(422, 'This time has already passed.'),
  'too-soon': row(422, 'This time is too soon for this type of appointment.'),
  'too-far-ahead': row(422, 'This time is further ahead than this type of appointment may be booked.'),
  'type-not-offered': row(422, 'This doctor does not offer this type of appointment.'),
  'skipped-hour': row(422, 'This wall-clock time does not exist on this day: the clocks are set forward.'),
  'repeated-hour': row(422, 'The clock shows this time twice on this day: say which one is meant.'),
  'end-before-start': row(422, 'The end must be after the start.'),
  'wrong-duration': row(422, 'The length must be that of the type of appointment.'),
  'status-jump': row(409, 'The appointment cannot change to this status from the one it has.'),
  'not-allowed': row(403, 'You do not have the permission for this.'),
  'server-owned-field': row(422, 'This field is set by the server alone.'),
  'read-only-collection': row(403, 'This collection cannot be changed by clients.'),
  'unknown-reference': row(422, 'What this field refers to does not exist.'),
  'invalid-document': row(422, 'The document does not have the required shape.'),
  gone: row(410, 'This has been deleted.'),
  'not-found': row(404, 'There is nothing here, or you may not see it.'),
  'stale-revision': row(412, 'Someone else changed this in the meantime.'),
} as const satisfies Record<RejectionReason, Row>

export const ERROR_TABLE = {
  ...REJECTIONS,
  'invalid-field': row(400, 'A field has the wrong type or is out of bounds.'),
  'missing-field': row(400, 'A required field is missing.'),
  'unknown-field': row(400, 'A field is not known here.'),
  'malformed-request': row(400, 'The request could not be read.'),
  'malformed-json': row(400, 'The body is not valid JSON.'),
  'revision-missing': row(428, 'Say which revision you saw, in If-Match.'),
  'body-too-large': row(413, 'The body is larger than this server accepts.'),
  'unsupported-media-type': row(415, 'The body must be application/json.'),
  'not-signed-in': row(401, 'Sign in first: the session is missing, expired or was ended.'),
  'wrong-credentials': row(401, 'The e-mail address or the password is wrong.'),
  'origin-not-allowed': row(403, 'Pages of this origin may not use this server.'),
  'csrf-refused': row(403, 'The CSRF token is missing or does not belong to this session.'),
  'too-many-attempts': row(429, 'Too many tries. Wait before the next one.'),
  'too-many-requests': row(429, 'Too many requests. Wait before the next one.'),
  'idempotency-key-reused': row(422, 'This Idempotency-Key was used with another body.'),
  'range-too-long': row(400, 'The days asked for lie too far apart.'),
  'setup-link-invalid': row(403, 'This set-up link was already used, or was never one.'),
  'address-not-allowed': row(422, 'This server may not call this address.'),
  'impact-changed': row(409, 'What this change does is not what was seen before: look again.'),
  'would-strand-visits': row(409, 'Booked visits would lie outside the hours.'),
  'unknown-zone': row(400, 'This is no IANA time zone.'),
  'weak-password': row(
    400,
    'The password needs at least 12 characters, and more than common words, names, dates and rows of the keyboard.',
  ),
  'wrong-password': row(403, 'The current password is wrong.'),
  'choose-clinic': row(409, 'You belong to several clinics: say which one you sign in to.'),
  'link-invalid': row(403, 'This link was already used, has expired, or was never one. Ask for a new one.'),
  'code-invalid': row(403, 'This code was already used, has expired, or was never one.'),
  'registration-closed': row(403, 'This clinic takes no registrations by this way. Please ask at the desk.'),
  'legal-hold': row(409, 'A legal hold forbids the erasure of this data.'),
  'stale-preview': row(409, 'Something has changed since the preview: look at it again.'),
  'already-linked': row(409, 'This record belongs to an account already.'),
  busy: row(503, 'The server is busy. Try again in a moment.'),
  'shutting-down': row(503, 'The server is about to restart. Try again in a moment.'),
  'internal-error': row(500, 'Something went wrong on our side. The request id finds it in the log.'),
} as const satisfies Record<string, Row>

export type ErrorCode = keyof typeof ERROR_TABLE
