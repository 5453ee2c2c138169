/** `/api/v1/series` and a doctor's whole day: many visits in one request, each with its own outcome. */
import Type from 'typebox'
import { seriesRuleSchema } from '#domain/appointment/series.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, textSchema } from '#domain/schema-parts.ts'
import { appointmentViewSchema, wallTimeSchema } from './appointment-api.ts'

const strict = { additionalProperties: false } as const

/** `POST /api/v1/series`: the wall time of the first visit, and how it repeats. */
export const seriesBodySchema = Type.Object(
  {
    doctorId: idSchema<'Doctor'>(),
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    start: wallTimeSchema,
    rule: seriesRuleSchema,
    /** True books all or none; otherwise what fits is booked, and the rest is answered with its reason. */
    isAllOrNothing: Type.Optional(Type.Boolean()),
    reason: Type.Optional(textSchema(500)),
    isConfirmed: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type SeriesBody = Type.Static<typeof seriesBodySchema>

/** What came of one visit: the visit, or the code of the refusal. */
export const outcomeSchema = Type.Object(
  {
    day: localDaySchema(),
    appointment: nullable(appointmentViewSchema),
    code: nullable(textSchema(40)),
    field: nullable(textSchema(64)),
  },
  strict,
)
export const seriesAnswerSchema = Type.Object(
  { seriesId: nullable(idSchema<'AppointmentSeries'>()), outcomes: Type.Array(outcomeSchema) },
  strict,
)

/** `GET /api/v1/series/{id}`: the visits of it that the caller sees. */
export const seriesViewSchema = Type.Object(
  {
    series: Type.Object(
      { id: idSchema<'AppointmentSeries'>(), rule: seriesRuleSchema, createdAt: instantSchema() },
      strict,
    ),
    appointments: Type.Array(appointmentViewSchema),
  },
  strict,
)

/** `POST /api/v1/series/{id}/cancel`: the visits to come, from a day on where one is given. */
export const cancelSeriesBodySchema = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }), from: Type.Optional(localDaySchema()) },
  strict,
)
export type CancelSeriesBody = Type.Static<typeof cancelSeriesBodySchema>

/** `POST /api/v1/doctors/{id}/day/cancel`. */
export const cancelDayBodySchema = Type.Object(
  { day: localDaySchema(), reason: Type.String({ minLength: 1, maxLength: 500 }) },
  strict,
)
export type CancelDayBody = Type.Static<typeof cancelDayBodySchema>

/** `POST /api/v1/doctors/{id}/day/move`: to the same wall time of another day, at another doctor, or both. */
export const moveDayBodySchema = Type.Object(
  { day: localDaySchema(), toDay: Type.Optional(localDaySchema()), toDoctorId: Type.Optional(idSchema<'Doctor'>()) },
  strict,
)
export type MoveDayBody = Type.Static<typeof moveDayBodySchema>

/** Somebody to be told; `isReachable` is false where neither phone nor e-mail is known. */
export const callSchema = Type.Object(
  {
    appointmentId: idSchema<'Appointment'>(),
    patientId: idSchema<'Patient'>(),
    name: textSchema(160),
    phone: textSchema(40),
    email: textSchema(254),
    isReachable: Type.Boolean(),
    start: instantSchema(),
  },
  strict,
)
export type Call = Type.Static<typeof callSchema>
export const dayAnswerSchema = Type.Object(
  { outcomes: Type.Array(outcomeSchema), calls: Type.Array(callSchema) },
  strict,
)
/** `GET /api/v1/doctors/{id}/day/calls?day=…` */
export const callListSchema = Type.Object({ calls: Type.Array(callSchema) }, strict)
