/** `/api/v1/waitlist`: who waits, whom a freed time fits, and offers of it. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, oneOf } from '#domain/schema-parts.ts'
import { WAITLIST_KINDS, WAITLIST_STATUSES, waitlistEntrySchema } from '#domain/waitlist/waitlist-schemas.ts'
import { appointmentViewSchema, wantedStartSchema } from './appointment-api.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const
const { doctorIds, specialization, weekdays, fromTime, untilTime, fromDay, untilDay, note } =
  waitlistEntrySchema.properties
const wishes = {
  doctorIds: Type.Optional(doctorIds),
  specialization: Type.Optional(specialization),
  weekdays: Type.Optional(weekdays),
  fromTime: Type.Optional(fromTime),
  untilTime: Type.Optional(untilTime),
  untilDay: Type.Optional(untilDay),
  note: Type.Optional(note),
}

/** `POST`. `fromDay` is the clinic's today where it is left out. */
export const waitBodySchema = Type.Object(
  {
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    kind: Type.Optional(oneOf(WAITLIST_KINDS)),
    fromDay: Type.Optional(fromDay),
    ...wishes,
  },
  strict,
)
export type WaitBody = Type.Static<typeof waitBodySchema>

/** `PATCH`: other wishes, or `withdrawn` and back to `waiting`. The revision comes in `If-Match`. */
export const waitChangeSchema = Type.Object(
  { fromDay: Type.Optional(fromDay), ...wishes, status: Type.Optional(oneOf(['waiting', 'withdrawn'])) },
  strict,
)
export type WaitChange = Type.Static<typeof waitChangeSchema>

export const entryAnswerSchema = Type.Object({ entry: waitlistEntrySchema }, strict)
export const waitlistQuerySchema = listQueryOf({
  status: Type.Optional(oneOf(WAITLIST_STATUSES)),
  patientId: Type.Optional(idSchema<'Patient'>()),
  typeId: Type.Optional(idSchema<'AppointmentType'>()),
})
export const waitlistPageSchema = pageOf('entries', waitlistEntrySchema)

/** `GET /fits`: whom a free time would suit. */
export const fitsQuerySchema = Type.Object(
  { doctorId: idSchema<'Doctor'>(), typeId: idSchema<'AppointmentType'>(), start: instantSchema() },
  strict,
)
export const fitsAnswerSchema = Type.Object({ entries: Type.Array(waitlistEntrySchema) }, strict)

/** `POST /offers`: one time for one patient, or for several of whom the first to accept gets it. */
export const offerBodySchema = Type.Object(
  {
    entryIds: Type.Array(idSchema<'WaitlistEntry'>(), { minItems: 1, maxItems: 20, uniqueItems: true }),
    doctorId: idSchema<'Doctor'>(),
    start: wantedStartSchema,
  },
  strict,
)
export type OfferBody = Type.Static<typeof offerBodySchema>

/** `lost`: somebody else was quicker. */
export const OFFER_STATUSES = ['open', 'accepted', 'declined', 'lost', 'expired'] as const
export type OfferStatus = (typeof OFFER_STATUSES)[number]
export const offerSchema = Type.Object(
  {
    id: idSchema<'WaitlistOffer'>(),
    entryId: idSchema<'WaitlistEntry'>(),
    patientId: idSchema<'Patient'>(),
    doctorId: idSchema<'Doctor'>(),
    typeId: idSchema<'AppointmentType'>(),
    start: instantSchema(),
    end: instantSchema(),
    status: oneOf(OFFER_STATUSES),
    expiresAt: instantSchema(),
  },
  strict,
)
export type OfferView = Type.Static<typeof offerSchema>
export const offersAnswerSchema = Type.Object({ offers: Type.Array(offerSchema) }, strict)
export const acceptAnswerSchema = Type.Object({ appointment: appointmentViewSchema }, strict)
