/** `/api/v1/series` and a doctor's whole day: many visits in one request, each with its own outcome. */
import Type from 'typebox'
import { MOST_OCCURRENCES, seriesRuleSchema } from '#domain/appointment/series.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import { alternativeSchema, appointmentViewSchema, wantedStartSchema } from './appointment-api.ts'

const strict = { additionalProperties: false } as const

/** Whose visits, what for, when the first one is, and how it repeats: at its wall time, whatever the clock does. */
const series = {
  doctorId: idSchema<'Doctor'>(),
  patientId: idSchema<'Patient'>(),
  typeId: idSchema<'AppointmentType'>(),
  start: wantedStartSchema,
  rule: seriesRuleSchema,
} as const

/** `POST /api/v1/series/preview`: the series as it would be booked now. */
export const seriesPreviewBodySchema = Type.Object(series, strict)
export type SeriesPreviewBody = Type.Static<typeof seriesPreviewBodySchema>

/** One planned visit: free, or with the code of what speaks against it and the nearest times that could be had instead. */
export const occurrenceSchema = Type.Object(
  {
    day: localDaySchema(),
    /** What it would have; null where it cannot be had. */
    place: nullable(alternativeSchema),
    code: nullable(textSchema(40)),
    alternatives: Type.Array(alternativeSchema),
  },
  strict,
)
export type Occurrence = Type.Static<typeof occurrenceSchema>
export const seriesPreviewSchema = Type.Object({ occurrences: Type.Array(occurrenceSchema) }, strict)

/** `POST /api/v1/series`. */
export const seriesBodySchema = Type.Object(
  {
    ...series,
    /** Planned days that get another time, maybe at another doctor. */
    instead: Type.Optional(
      Type.Array(
        Type.Object({ day: localDaySchema(), start: wantedStartSchema, doctorId: idSchema<'Doctor'>() }, strict),
        { maxItems: MOST_OCCURRENCES },
      ),
    ),
    /** Planned days that get no visit. */
    leftOut: Type.Optional(Type.Array(localDaySchema(), { maxItems: MOST_OCCURRENCES })),
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

/**
 * `POST /api/v1/series/{id}/move`: a visit of it to another time or doctor, and those after it that are still to come by as many
 * days, to the same wall time. One that cannot follow keeps its time and is answered with the reason.
 */
export const moveSeriesBodySchema = Type.Object(
  {
    appointmentId: idSchema<'Appointment'>(),
    start: wantedStartSchema,
    doctorId: Type.Optional(idSchema<'Doctor'>()),
  },
  strict,
)
export type MoveSeriesBody = Type.Static<typeof moveSeriesBodySchema>

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

/**
 * `POST /api/v1/doctors/{id}/day/change`: each visit that is named gets the time it is given, or is called off with the reason. One
 * that cannot stays as it is. `isMessaged` false writes to no patient: the desk calls them.
 */
export const changeDayBodySchema = Type.Object(
  {
    day: localDaySchema(),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    isMessaged: Type.Boolean(),
    visits: Type.Array(
      Type.Object(
        {
          appointmentId: idSchema<'Appointment'>(),
          /** Null calls it off. */
          to: nullable(Type.Object({ start: instantSchema(), doctorId: idSchema<'Doctor'>() }, strict)),
        },
        strict,
      ),
      { minItems: 1, maxItems: 500 },
    ),
  },
  strict,
)
export type ChangeDayBody = Type.Static<typeof changeDayBodySchema>

/** What came of each visit that was named: its revision since, or the code of what spoke against it. */
export const changeDayAnswerSchema = Type.Object(
  {
    outcomes: Type.Array(
      Type.Object(
        {
          appointmentId: idSchema<'Appointment'>(),
          revision: nullable(revisionSchema()),
          code: nullable(textSchema(40)),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type ChangeDayAnswer = Type.Static<typeof changeDayAnswerSchema>

/** A call to make about a visit of a day that was changed; `wasAt` is when it was to be, `visit` how it stands now. */
export const callTaskSchema = Type.Object(
  {
    appointmentId: idSchema<'Appointment'>(),
    patientId: idSchema<'Patient'>(),
    name: textSchema(160),
    phone: textSchema(40),
    email: textSchema(254),
    kind: oneOf(['cancelled', 'moved']),
    wasAt: instantSchema(),
    start: instantSchema(),
    doctorId: idSchema<'Doctor'>(),
    isMessaged: Type.Boolean(),
    doneAt: nullable(instantSchema()),
    doneByName: textSchema(120),
  },
  strict,
)
export type CallTask = Type.Static<typeof callTaskSchema>

/** `GET /api/v1/doctors/{id}/day/tasks?day=…`: whom to call, those done included. */
export const callTasksSchema = Type.Object({ tasks: Type.Array(callTaskSchema) }, strict)

/** `POST /api/v1/doctors/{id}/day/tasks`: ticks a call off, or takes the tick back. */
export const tickTaskBodySchema = Type.Object(
  { day: localDaySchema(), appointmentId: idSchema<'Appointment'>(), isDone: Type.Boolean() },
  strict,
)
export type TickTaskBody = Type.Static<typeof tickTaskBodySchema>

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
