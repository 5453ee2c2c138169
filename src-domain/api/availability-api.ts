/** What the REST API takes and gives for changes of availability: what a change would do first, then the change itself. */
import Type from 'typebox'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import { idSchema } from '#domain/ids.ts'
import { PUBLISH_MODES } from '#domain/schedule/slot-search.ts'
import {
  instantSchema,
  localDaySchema,
  localTimeSchema,
  nullable,
  oneOf,
  revisionSchema,
  textSchema,
} from '#domain/schema-parts.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const
const kind = <const Kind extends string>(name: Kind) => Type.Literal(name)
const doctorId = idSchema<'Doctor'>()

/** One weekly range in wall time; an end not after the start means the next day. */
export const weeklyRangeSchema = Type.Object(
  {
    /** ISO weekday, Monday 1 to Sunday 7. */
    weekday: Type.Integer({ minimum: 1, maximum: 7 }),
    startTime: localTimeSchema(),
    endTime: localTimeSchema(),
    weeks: oneOf(['every', 'odd', 'even']),
    publish: oneOf(PUBLISH_MODES),
  },
  strict,
)
export type WeeklyRangeBody = Type.Static<typeof weeklyRangeSchema>

/** The first and the last day, both included; without a last day there is no end. */
const validity = { validFrom: localDaySchema(), validUntil: nullable(localDaySchema()) } as const
/** Wall times of a part of a day; both absent: the whole day. */
const partOfDay = { startTime: Type.Optional(localTimeSchema()), endTime: Type.Optional(localTimeSchema()) } as const

/** Weekly hours beside those there are. */
const addHoursSchema = Type.Object(
  {
    kind: kind('add-hours'),
    doctorId,
    ranges: Type.Array(weeklyRangeSchema, { minItems: 1, maxItems: 50 }),
    ...validity,
  },
  strict,
)
/** Weekly hours instead of all there are from `validFrom` on; after `validUntil` the old ones apply again. */
const replaceHoursSchema = Type.Object(
  { kind: kind('replace-hours'), doctorId, ranges: Type.Array(weeklyRangeSchema, { maxItems: 50 }), ...validity },
  strict,
)
/** One weekly range, otherwise from a day on; what is not named stays. */
const changeHoursSchema = Type.Object(
  {
    kind: kind('change-hours'),
    templateId: idSchema<'ScheduleTemplate'>(),
    from: localDaySchema(),
    ...Type.Partial(weeklyRangeSchema).properties,
  },
  strict,
)
/** One weekly range, no longer after its last day. */
const endHoursSchema = Type.Object(
  { kind: kind('end-hours'), templateId: idSchema<'ScheduleTemplate'>(), lastDay: localDaySchema() },
  strict,
)
/** Leave from the first to the last day, the same part of each. */
const leaveSchema = Type.Object(
  {
    kind: kind('leave'),
    doctorId,
    from: localDaySchema(),
    to: localDaySchema(),
    ...partOfDay,
    note: Type.Optional(textSchema(500)),
  },
  strict,
)
/** Extra hours of one day. */
const extraHoursSchema = Type.Object(
  {
    kind: kind('extra-hours'),
    doctorId,
    date: localDaySchema(),
    startTime: localTimeSchema(),
    endTime: localTimeSchema(),
    note: Type.Optional(textSchema(500)),
  },
  strict,
)
/** Dated leave or extra hours, taken back. */
const withdrawSchema = Type.Object(
  { kind: kind('withdraw'), scheduleIds: Type.Array(idSchema<'Schedule'>(), { minItems: 1, maxItems: 400 }) },
  strict,
)
/** A doctor who can be booked no more. */
const deactivateDoctorSchema = Type.Object({ kind: kind('deactivate-doctor'), doctorId }, strict)

export const closureEntrySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    from: localDaySchema(),
    to: Type.Optional(localDaySchema()),
    ...partOfDay,
  },
  strict,
)
export type ClosureEntry = Type.Static<typeof closureEntrySchema>
/** Holidays of the clinic, or of one of its places: one, or a whole list. */
const closeSchema = Type.Object(
  {
    kind: kind('close'),
    locationId: nullable(idSchema<'Location'>()),
    entries: Type.Array(closureEntrySchema, { minItems: 1, maxItems: 100 }),
  },
  strict,
)
/** A holiday that is none after all. */
const reopenSchema = Type.Object({ kind: kind('reopen'), closureId: idSchema<'Closure'>() }, strict)

export const availabilityChangeSchema = Type.Union([
  addHoursSchema,
  replaceHoursSchema,
  changeHoursSchema,
  endHoursSchema,
  leaveSchema,
  extraHoursSchema,
  withdrawSchema,
  deactivateDoctorSchema,
  closeSchema,
  reopenSchema,
])
export type AvailabilityChange = Type.Static<typeof availabilityChangeSchema>
export type ChangeOf<Kind extends AvailabilityChange['kind']> = Extract<AvailabilityChange, { kind: Kind }>

/** A visit that has to be held and lies outside the hours, or would. */
export const strandedVisitSchema = Type.Object(
  {
    id: idSchema<'Appointment'>(),
    doctorId,
    patientId: idSchema<'Patient'>(),
    typeId: idSchema<'AppointmentType'>(),
    start: instantSchema(),
    end: instantSchema(),
    /** What the patient was promised, on the clinic's wall. */
    date: localDaySchema(),
    time: localTimeSchema(),
    status: oneOf(APPOINTMENT_STATUSES),
    revision: revisionSchema(),
  },
  strict,
)
export type StrandedAnswer = Type.Static<typeof strandedVisitSchema>

/** So many visits are listed in an impact; the rest is counted. */
export const MOST_LISTED = 500

/** What a change of availability does to visits that are booked. */
export const impactSchema = Type.Object(
  {
    /** Stands for the change and the visits it strands; to be sent with the change itself. */
    impact: Type.String(),
    /** How many visits would lie outside the hours. */
    stranded: Type.Integer({ minimum: 0 }),
    /** Those the caller may see, in order of time. */
    visits: Type.Array(strandedVisitSchema, { maxItems: MOST_LISTED }),
    /** How many are not listed. */
    unlisted: Type.Integer({ minimum: 0 }),
  },
  strict,
)
export type Impact = Type.Static<typeof impactSchema>

/** `POST /api/v1/availability/preview`. */
export const previewBodySchema = Type.Object({ change: availabilityChangeSchema }, strict)

/**
 * What becomes of visits the change strands. None is ever cancelled: `keep` and `apply-and-list` let them keep their time, as a
 * worklist, and differ in the answer; `refuse-if-stranded` makes the change only when there are none.
 */
export const APPLY_MODES = ['keep', 'apply-and-list', 'refuse-if-stranded'] as const
export type ApplyMode = (typeof APPLY_MODES)[number]

/** `POST /api/v1/availability/apply`. `impact` is the one of the preview; only `refuse-if-stranded` does without. */
export const applyBodySchema = Type.Object(
  { change: availabilityChangeSchema, mode: oneOf(APPLY_MODES), impact: Type.Optional(textSchema(64)) },
  strict,
)
export type ApplyBody = Type.Static<typeof applyBodySchema>

/** Which documents the change has written, and the visits it stranded: listed with `apply-and-list`, else counted. */
export const appliedSchema = Type.Object(
  {
    templates: Type.Array(idSchema<'ScheduleTemplate'>()),
    schedules: Type.Array(idSchema<'Schedule'>()),
    closures: Type.Array(idSchema<'Closure'>()),
    ...impactSchema.properties,
  },
  strict,
)
export type Applied = Type.Static<typeof appliedSchema>

/** A holiday of the clinic or of one place. */
export const closureSchema = Type.Object(
  {
    id: idSchema<'Closure'>(),
    locationId: nullable(idSchema<'Location'>()),
    name: Type.String(),
    from: localDaySchema(),
    to: localDaySchema(),
    /** Both null: the whole day. */
    startTime: nullable(localTimeSchema()),
    endTime: nullable(localTimeSchema()),
    revision: revisionSchema(),
  },
  strict,
)
export type ClosureAnswer = Type.Static<typeof closureSchema>

/** `GET /api/v1/closures`: those that end on `from` or later; today and later when no day is given. */
export const closuresQuerySchema = Type.Object({ from: Type.Optional(localDaySchema()) }, strict)
export const closuresAnswerSchema = Type.Object({ closures: Type.Array(closureSchema) }, strict)

/** `POST /api/v1/closures` and `…/preview`: holidays, as a list. */
export const closePreviewBodySchema = Type.Object(
  { locationId: nullable(idSchema<'Location'>()), entries: closeSchema.properties.entries },
  strict,
)
export const closeBodySchema = Type.Object(
  { ...closePreviewBodySchema.properties, mode: oneOf(APPLY_MODES), impact: Type.Optional(textSchema(64)) },
  strict,
)

/** Why a visit has no place any more. */
export const STRANDED_REASONS = ['outside-hours', 'doctor-inactive', 'room-inactive'] as const
export type StrandedReason = (typeof STRANDED_REASONS)[number]

/** `GET /api/v1/appointments/stranded`. `alternatives`: up to three free times with each. */
const strandedFilters = { doctorId: Type.Optional(doctorId), alternatives: Type.Optional(Type.Boolean()) } as const
export const strandedQuerySchema = listQueryOf(strandedFilters)
export type StrandedFilter = { readonly doctorId?: Type.Static<typeof doctorId>; readonly alternatives?: boolean }

const strandedRowSchema = Type.Object(
  {
    ...strandedVisitSchema.properties,
    reason: oneOf(STRANDED_REASONS),
    alternatives: Type.Optional(
      Type.Array(Type.Object({ doctorId, start: instantSchema(), end: instantSchema() }, strict), { maxItems: 3 }),
    ),
  },
  strict,
)
export type StrandedRow = Type.Static<typeof strandedRowSchema>
export const strandedAnswerSchema = pageOf('appointments', strandedRowSchema)
