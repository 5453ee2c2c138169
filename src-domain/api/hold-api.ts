/** `/api/v1/holds`: a time kept free for a short while, so that nobody takes it while a booking is filled in or talked over. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable } from '#domain/schema-parts.ts'
import { wantedStartSchema } from './appointment-api.ts'

const strict = { additionalProperties: false } as const

/** `POST`: the length, the room and the equipment follow from the type. Patients name the patient they book for. */
export const holdBodySchema = Type.Object(
  {
    doctorId: idSchema<'Doctor'>(),
    typeId: idSchema<'AppointmentType'>(),
    start: wantedStartSchema,
    patientId: Type.Optional(idSchema<'Patient'>()),
    roomId: Type.Optional(idSchema<'Room'>()),
    /** A hold of one's own that this one takes the place of. */
    replaces: Type.Optional(idSchema<'Hold'>()),
  },
  strict,
)
export type HoldBody = Type.Static<typeof holdBodySchema>

/** `patientId` is there for those who may see the patient's visits with this doctor. */
export const holdViewSchema = Type.Object(
  {
    id: idSchema<'Hold'>(),
    doctorId: idSchema<'Doctor'>(),
    typeId: idSchema<'AppointmentType'>(),
    roomId: nullable(idSchema<'Room'>()),
    patientId: nullable(idSchema<'Patient'>()),
    start: instantSchema(),
    end: instantSchema(),
    /** Over at this instant of the server's clock. */
    expiresAt: instantSchema(),
    isOwn: Type.Boolean(),
    /** Whether somebody on the waitlist was offered the time. */
    isOffer: Type.Boolean(),
  },
  strict,
)
export type HoldView = Type.Static<typeof holdViewSchema>
export const holdAnswerSchema = Type.Object({ hold: holdViewSchema }, strict)

/**
 * `GET`: the live holds of some local days of the clinic, both included. With `withPatients=false` no `patientId` is answered,
 * so no record is opened: what a board asks for that only shows which times are kept.
 */
export const holdListQuerySchema = Type.Object(
  {
    from: localDaySchema(),
    to: localDaySchema(),
    doctorId: Type.Optional(idSchema<'Doctor'>()),
    withPatients: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type HoldListQuery = Type.Static<typeof holdListQuerySchema>
export const listedHoldSchema = Type.Object(
  {
    ...holdViewSchema.properties,
    /** Who of the clinic's own people keeps it; empty where a patient books online. */
    heldBy: Type.String(),
  },
  strict,
)
export type ListedHold = Type.Static<typeof listedHoldSchema>
export const holdListAnswerSchema = Type.Object({ holds: Type.Array(listedHoldSchema) }, strict)
