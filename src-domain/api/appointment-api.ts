/** What the REST API takes and gives for appointments under `/api/v1/appointments`. */
import Type from 'typebox'
import { appointmentSchema } from '#domain/appointment/appointment-schemas.ts'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, localTimeSchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'
import { listQueryOf, pageOf } from './page-api.ts'

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

/** The revision the caller saw; may come in the header `If-Match` instead. */
const seenRevision = () => Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }))

/** When a visit shall begin: an instant, or a wall time. */
export const wantedStartSchema = Type.Union([instantSchema(), wallTimeSchema])

/** What a booking and a move may say about the place they want. */
const place = {
  /** One of the rooms the type allows; without it the server takes the first free one. */
  roomId: Type.Optional(idSchema<'Room'>()),
  /** The hold that kept the time free. */
  holdId: Type.Optional(idSchema<'Hold'>()),
  /** Books beside visits that leave no room, by permission; says why. */
  overbookReason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
}

/** `POST /api/v1/appointments`. The length comes from the type. `id` may be made by the client (UUIDv7). */
export const bookBodySchema = Type.Object(
  {
    id: Type.Optional(idSchema<'Appointment'>()),
    doctorId: idSchema<'Doctor'>(),
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    start: wantedStartSchema,
    ...place,
    reason: Type.Optional(textSchema(500)),
    note: Type.Optional(textSchema(4000)),
    isConfirmed: Type.Optional(Type.Boolean()),
    /** The patient is here and waits: booked as arrived, from now on, by whoever may check in. */
    isWalkIn: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type BookBody = Type.Static<typeof bookBodySchema>

/** `POST /api/v1/appointments/{id}/move`. The old time is kept until the new one stands. */
export const moveBodySchema = Type.Object(
  { start: wantedStartSchema, doctorId: Type.Optional(idSchema<'Doctor'>()), ...place, revision: seenRevision() },
  strict,
)
export type MoveBody = Type.Static<typeof moveBodySchema>

/** `POST /api/v1/appointments/{id}/cancel`. */
export const cancelBodySchema = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }), revision: seenRevision() },
  strict,
)
export type CancelBody = Type.Static<typeof cancelBodySchema>

/** `POST /api/v1/appointments/{id}/confirm`. */
export const confirmBodySchema = Type.Object({ revision: seenRevision() }, strict)
export type ConfirmBody = Type.Static<typeof confirmBodySchema>

/**
 * The steps of a visit: the patient came, went into the room, is done, did not come; `reopen` takes the last of these back,
 * or a cancellation.
 */
export const VISIT_STEPS = ['arrive', 'start', 'finish', 'no-show', 'reopen'] as const
export type VisitStep = (typeof VISIT_STEPS)[number]

/** `POST /api/v1/appointments/{id}/status`. */
export const statusBodySchema = Type.Object({ step: oneOf(VISIT_STEPS), revision: seenRevision() }, strict)
export type StatusBody = Type.Static<typeof statusBodySchema>

/** `POST /api/v1/appointments/{id}/undo`: takes the last change back, whatever it was. */
export const undoBodySchema = Type.Object({ revision: seenRevision() }, strict)
export type UndoBody = Type.Static<typeof undoBodySchema>

/** `PATCH /api/v1/appointments/{id}`: what is noted about a visit; a text that is absent stays. */
export const editBodySchema = Type.Object(
  {
    reason: Type.Optional(textSchema(500)),
    note: Type.Optional(textSchema(4000)),
    /** Another room for the same time; null gives the choice back to the server. */
    roomId: Type.Optional(nullable(idSchema<'Room'>())),
    revision: seenRevision(),
  },
  strict,
)
export type EditBody = Type.Static<typeof editBodySchema>

/** An appointment as it is answered: with day and time on the clinic's wall beside the instants. */
export const appointmentViewSchema = Type.Object(
  { ...appointmentSchema.properties, date: localDaySchema(), time: localTimeSchema() },
  strict,
)
export type AppointmentView = Type.Static<typeof appointmentViewSchema>
export const appointmentAnswerSchema = Type.Object({ appointment: appointmentViewSchema }, strict)

/**
 * `GET /api/v1/appointments?from=…&to=…`: local days of the clinic, `to` included, at most 62 days apart, and ten years for one
 * patient. In order of start.
 */
export const listQuerySchema = listQueryOf({
  from: localDaySchema(),
  to: localDaySchema(),
  doctorId: Type.Optional(idSchema<'Doctor'>()),
  patientId: Type.Optional(idSchema<'Patient'>()),
  typeId: Type.Optional(idSchema<'AppointmentType'>()),
  status: Type.Optional(oneOf(APPOINTMENT_STATUSES)),
})
export type ListQuery = Type.Static<typeof listQuerySchema>
export const listAnswerSchema = pageOf('appointments', appointmentViewSchema)
export type ListAnswer = Type.Static<typeof listAnswerSchema>

/** A free time that would fit. */
export const alternativeSchema = Type.Object(
  { doctorId: idSchema<'Doctor'>(), start: instantSchema(), end: instantSchema() },
  strict,
)
export type Alternative = Type.Static<typeof alternativeSchema>
/** `GET /api/v1/appointments/{id}/alternatives`: up to five, true at the moment of asking, nearest first. */
export const alternativesAnswerSchema = Type.Object({ alternatives: Type.Array(alternativeSchema) }, strict)
