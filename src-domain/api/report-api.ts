/** What the REST API takes and gives under `/api/v1/reports` and `/api/v1/report-schedules`. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { RELATIVE_RANGES } from '#domain/report/relative-range.ts'
import { REPORT_DEFINITIONS } from '#domain/report/report-definitions.ts'
import { reportFilterSchema, reportNarrowingSchema } from '#domain/report/report-filter.ts'
import { instantSchema, localTimeSchema, nullable, oneOf, revisionSchema } from '#domain/schema-parts.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const

export const REPORT_TYPES = ['pdf', 'csv', 'xlsx'] as const
export type ReportType = (typeof REPORT_TYPES)[number]
export const REPORT_STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled', 'expired'] as const
export type ReportStatus = (typeof REPORT_STATUSES)[number]

/** `POST /api/v1/reports`. */
export const requestReportBodySchema = Type.Object(
  { definition: oneOf(REPORT_DEFINITIONS), filter: reportFilterSchema, type: oneOf(REPORT_TYPES) },
  strict,
)
export type RequestReportBody = Type.Static<typeof requestReportBodySchema>

export const reportSchema = Type.Object(
  {
    id: idSchema<'Report'>(),
    definition: Type.String(),
    filter: reportFilterSchema,
    /** As it was asked for. */
    type: oneOf(REPORT_TYPES),
    /** What the file is; null while there is none. */
    fileType: nullable(oneOf(REPORT_TYPES)),
    fileSize: nullable(Type.Integer()),
    rowCount: nullable(Type.Integer()),
    status: oneOf(REPORT_STATUSES),
    progress: Type.Integer({ minimum: 0, maximum: 100 }),
    /** Why the file is not of the type that was asked for; empty when it is. */
    note: Type.String(),
    /** Empty, or `crashed`, `out-of-memory`, `no-space`, `not-allowed`. */
    error: Type.String(),
    scheduleId: nullable(idSchema<'ReportSchedule'>()),
    createdAt: instantSchema(),
    startedAt: nullable(instantSchema()),
    finishedAt: nullable(instantSchema()),
    /** When the file is deleted. */
    expiresAt: nullable(instantSchema()),
  },
  strict,
)
export type Report = Type.Static<typeof reportSchema>
export const reportAnswerSchema = Type.Object({ report: reportSchema }, strict)
export const reportListQuerySchema = listQueryOf({ status: Type.Optional(oneOf(REPORT_STATUSES)) })
export const reportListAnswerSchema = pageOf('reports', reportSchema)
/** Works once, for whoever asked for it, until `expiresAt`. */
export const reportLinkAnswerSchema = Type.Object({ url: Type.String(), expiresAt: instantSchema() }, strict)

const scheduleFields = {
  name: Type.String({ minLength: 1, maxLength: 120 }),
  definition: oneOf(REPORT_DEFINITIONS),
  range: oneOf(RELATIVE_RANGES),
  filter: reportNarrowingSchema,
  type: oneOf(REPORT_TYPES),
  /** Monday is 1; every day when this and `dayOfMonth` are null. */
  weekday: nullable(Type.Integer({ minimum: 1, maximum: 7 })),
  dayOfMonth: nullable(Type.Integer({ minimum: 1, maximum: 28 })),
  /** On the clinic's wall. */
  localTime: localTimeSchema(),
  /** Each gets a report of their own, of what they may see. */
  recipientIds: Type.Array(idSchema<'User'>(), { minItems: 1, maxItems: 50, uniqueItems: true }),
  isActive: Type.Boolean(),
} as const

export const createReportScheduleBodySchema = Type.Object(scheduleFields, strict)
export type CreateReportScheduleBody = Type.Static<typeof createReportScheduleBodySchema>
export const editReportScheduleBodySchema = Type.Partial(createReportScheduleBodySchema, strict)
export type EditReportScheduleBody = Type.Static<typeof editReportScheduleBodySchema>

export const reportScheduleSchema = Type.Object(
  {
    id: idSchema<'ReportSchedule'>(),
    ...scheduleFields,
    zone: Type.String(),
    nextRunAt: instantSchema(),
    lastRunAt: nullable(instantSchema()),
    createdAt: instantSchema(),
    updatedAt: instantSchema(),
    revision: revisionSchema(),
  },
  strict,
)
export type ReportSchedule = Type.Static<typeof reportScheduleSchema>
export const reportScheduleAnswerSchema = Type.Object({ schedule: reportScheduleSchema }, strict)
export const reportScheduleListAnswerSchema = Type.Object({ schedules: Type.Array(reportScheduleSchema) }, strict)
