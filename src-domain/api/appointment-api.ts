/** What the REST API takes and gives for appointments under `/api/v1/appointments`. */
import Type from 'typebox'
import { appointmentSchema } from '#domain/appointment/appointment-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, localTimeSchema, oneOf, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

/**
 * A time as it hangs on the clinic's wall; the server finds its instant in the zone of the doctor's place. A time that the
 * clock skips is refused, one that it shows twice is refused until `repeat` says which is meant.
 */
export const wallTimeSchema = Type.Object(
  { day: localDaySchema(), time: localTimeSchema(), repeat: Type.Optional(oneOf(['earlier', 'later'])) },
  strict,
)
export type WallTime = Type.Static<typeof wallTimeSchema>

/** When a visit shall begin: an instant, or a wall time. */
export const wantedStartSchema = Type.Union([instantSchema(), wallTimeSchema])

/** `POST /api/v1/appointments`. The length comes from the type. `id` may be made by the client (UUIDv7). */
export const bookBodySchema = Type.Object(
  {
    id: Type.Optional(idSchema<'Appointment'>()),
    doctorId: idSchema<'Doctor'>(),
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    start: wantedStartSchema,
    reason: Type.Optional(textSchema(500)),
    note: Type.Optional(textSchema(4000)),
    isConfirmed: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type BookBody = Type.Static<typeof bookBodySchema>

/** `POST /api/v1/appointments/{id}/move`. `revision` is the one the caller saw. */
export const moveBodySchema = Type.Object(
  { start: wantedStartSchema, doctorId: Type.Optional(idSchema<'Doctor'>()), revision: Type.Integer({ minimum: 0 }) },
  strict,
)
export type MoveBody = Type.Static<typeof moveBodySchema>

/** `POST /api/v1/appointments/{id}/cancel`. */
export const cancelBodySchema = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }), revision: Type.Integer({ minimum: 0 }) },
  strict,
)
export type CancelBody = Type.Static<typeof cancelBodySchema>

/** `POST /api/v1/appointments/{id}/confirm`. */
export const confirmBodySchema = Type.Object({ revision: Type.Integer({ minimum: 0 }) }, strict)
export type ConfirmBody = Type.Static<typeof confirmBodySchema>

/**
 * The steps of a visit: the patient came, went into the room, is done, did not come; `reopen` takes the last of these back,
 * or a cancellation.
 */
export const VISIT_STEPS = ['arrive', 'start', 'finish', 'no-show', 'reopen'] as const
export type VisitStep = (typeof VISIT_STEPS)[number]

/** `POST /api/v1/appointments/{id}/status`. */
export const statusBodySchema = Type.Object(
  { step: oneOf(VISIT_STEPS), revision: Type.Integer({ minimum: 0 }) },
  strict,
)
export type StatusBody = Type.Static<typeof statusBodySchema>

/** `PATCH /api/v1/appointments/{id}`: what is noted about a visit; a text that is absent stays. */
export const editBodySchema = Type.Object(
  {
    reason: Type.Optional(textSchema(500)),
    note: Type.Optional(textSchema(4000)),
    revision: Type.Integer({ minimum: 0 }),
  },
  strict,
)
export type EditBody = Type.Static<typeof editBodySchema>

export const appointmentAnswerSchema = Type.Object({ appointment: appointmentSchema }, strict)

/** `GET /api/v1/appointments?from=…&to=…`: local days of the clinic, `to` included, at most 62 days apart. */
export const listQuerySchema = Type.Object(
  {
    from: localDaySchema(),
    to: localDaySchema(),
    doctorId: Type.Optional(idSchema<'Doctor'>()),
    patientId: Type.Optional(idSchema<'Patient'>()),
  },
  strict,
)
export type ListQuery = Type.Static<typeof listQuerySchema>
export const listAnswerSchema = Type.Object({ appointments: Type.Array(appointmentSchema) }, strict)

/** A free time that would fit. */
export const alternativeSchema = Type.Object(
  { doctorId: idSchema<'Doctor'>(), start: instantSchema(), end: instantSchema() },
  strict,
)
export type Alternative = Type.Static<typeof alternativeSchema>
/** `GET /api/v1/appointments/{id}/alternatives`: up to five, true at the moment of asking, nearest first. */
export const alternativesAnswerSchema = Type.Object({ alternatives: Type.Array(alternativeSchema) }, strict)
