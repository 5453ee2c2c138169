/** Reports and their schedules over the REST API. */
import Type from 'typebox'
import {
  type CreateReportScheduleBody,
  type EditReportScheduleBody,
  type Report,
  type ReportSchedule,
  type RequestReportBody,
  reportAnswerSchema,
  reportLinkAnswerSchema,
  reportListAnswerSchema,
  reportScheduleAnswerSchema,
  reportScheduleListAnswerSchema,
} from '#domain/api/report-api.ts'
import { type ClinicUser, listUsersAnswerSchema } from '#domain/api/user-schemas.ts'
import type { ApiResult, CallServer } from './api-call.ts'

export type ReportCalls = {
  /** The person's own, newest first: the last fifty. */
  readonly list: () => Promise<ApiResult<readonly Report[]>>
  readonly request: (body: RequestReportBody) => Promise<ApiResult<Report>>
  readonly cancel: (id: Report['id']) => Promise<ApiResult<Report>>
  readonly retry: (id: Report['id']) => Promise<ApiResult<Report>>
  /** A path of this server that gives the file once, within minutes, to the same person. */
  readonly linkTo: (id: Report['id']) => Promise<ApiResult<string>>
  readonly download: (path: string) => Promise<ApiResult<Uint8Array>>
  readonly listSchedules: () => Promise<ApiResult<readonly ReportSchedule[]>>
  readonly addSchedule: (body: CreateReportScheduleBody) => Promise<ApiResult<ReportSchedule>>
  /** Refused when somebody else changed it after this version was read. */
  readonly editSchedule: (
    seen: Pick<ReportSchedule, 'id' | 'revision'>,
    body: EditReportScheduleBody,
  ) => Promise<ApiResult<ReportSchedule>>
  readonly deleteSchedule: (id: ReportSchedule['id']) => Promise<ApiResult<null>>
  /** Who may be sent a report; takes the right to manage users. */
  readonly listPeople: () => Promise<ApiResult<readonly ClinicUser[]>>
}

const REPORTS = '/reports'
const SCHEDULES = '/report-schedules'
const API = '/api/v1'
const SHOWN = 50

export function reportCalls(call: CallServer): ReportCalls {
  const act = (method: 'POST', path: string, body?: unknown) =>
    call({
      method,
      path: `${REPORTS}${path}`,
      ...(body !== undefined && { body }),
      schema: reportAnswerSchema,
      pick: (answer) => (answer as { report: Report }).report,
    })
  return {
    list: () =>
      call({
        method: 'GET',
        path: `${REPORTS}?limit=${SHOWN}`,
        schema: reportListAnswerSchema,
        pick: (answer) => (answer as { reports: Report[] }).reports,
      }),
    request: (body) => act('POST', '', body),
    cancel: (id) => act('POST', `/${id}/cancel`),
    retry: (id) => act('POST', `/${id}/retry`),
    linkTo: (id) =>
      call({
        method: 'POST',
        path: `${REPORTS}/${id}/download-link`,
        schema: reportLinkAnswerSchema,
        pick: (answer) => new URL((answer as { url: string }).url).pathname,
      }),
    download: (path) =>
      call({
        method: 'GET',
        path: path.startsWith(API) ? path.slice(API.length) : path,
        isFile: true,
        schema: Type.Unknown(),
        pick: (bytes) => bytes as Uint8Array,
      }),
    ...scheduleCalls(call),
  }
}

function scheduleCalls(call: CallServer) {
  const one = {
    schema: reportScheduleAnswerSchema,
    pick: (answer: unknown) => (answer as { schedule: ReportSchedule }).schedule,
  }
  return {
    listSchedules: () =>
      call({
        method: 'GET',
        path: SCHEDULES,
        schema: reportScheduleListAnswerSchema,
        pick: (answer) => (answer as { schedules: ReportSchedule[] }).schedules,
      }),
    addSchedule: (body: CreateReportScheduleBody) => call({ method: 'POST', path: SCHEDULES, body, ...one }),
    editSchedule: ({ id, revision }: Pick<ReportSchedule, 'id' | 'revision'>, body: EditReportScheduleBody) =>
      call({ method: 'PATCH', path: `${SCHEDULES}/${id}`, body, headers: { 'if-match': `"${revision}"` }, ...one }),
    deleteSchedule: (id: ReportSchedule['id']) =>
      call({ method: 'DELETE', path: `${SCHEDULES}/${id}`, schema: Type.Unknown(), pick: () => null }),
    listPeople: () =>
      call({
        method: 'GET',
        path: '/users?limit=200',
        schema: listUsersAnswerSchema,
        pick: (answer) => (answer as { users: ClinicUser[] }).users.filter(({ isActive }) => isActive),
      }),
  }
}
