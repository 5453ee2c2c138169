/** `/api/v1/report-schedules`: reports that are made again and again. */
import Type from 'typebox'
import {
  createReportScheduleBodySchema,
  editReportScheduleBodySchema,
  reportScheduleAnswerSchema,
  reportScheduleListAnswerSchema,
} from '#domain/api/report-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import {
  createReportSchedule,
  deleteReportSchedule,
  editReportSchedule,
  findReportSchedule,
  listReportSchedules,
  type ReportScheduleDeps,
  type ScheduleAnswer,
} from '#server/operations/reports/report-schedules.ts'
import { wasSeen } from '#server/operations/seen-revision.ts'

const PATH = '/api/v1/report-schedules'
const tags = ['reports']
const config = { permission: 'view-reports' } as const
const params = Type.Object({ id: idSchema<'ReportSchedule'>() }, { additionalProperties: false })

export function registerReportScheduleRoutes(app: App, deps: ReportScheduleDeps): void {
  registerList(app, deps)
  registerOne(app, deps)
}

function accepted<Value>(answer: ScheduleAnswer<Value>): Value {
  if (answer.ok) return answer.value
  throw new ApiError(answer.reason, answer.field === undefined ? {} : { field: answer.field })
}

function registerList(app: App, deps: ReportScheduleDeps): void {
  const list = {
    tags,
    summary: 'Reports that are made again and again',
    response: { 200: reportScheduleListAnswerSchema },
  }
  app.get(PATH, { config, schema: list }, async (request) => ({
    schedules: await listReportSchedules(deps, await getSession(request).subject()),
  }))
  const create = {
    tags,
    summary: 'Have a report made every day, week or month; each recipient gets what they may see',
    body: createReportScheduleBodySchema,
    response: { 201: reportScheduleAnswerSchema },
  }
  app.post(PATH, { config, schema: create }, async (request, reply) => {
    const schedule = accepted(await createReportSchedule(deps, await getSession(request).subject(), request.body))
    return reply.code(201).send(tag(reply, schedule.revision, { schedule }))
  })
}

function registerOne(app: App, deps: ReportScheduleDeps): void {
  const one = { tags, summary: 'One of them', params, response: { 200: reportScheduleAnswerSchema } }
  app.get(`${PATH}/:id`, { config, schema: one }, async (request, reply) => {
    const schedule = await findReportSchedule(deps, await getSession(request).subject(), request.params.id)
    if (!schedule) throw new ApiError('not-found')
    return tag(reply, schedule.revision, { schedule })
  })
  const edit = {
    tags,
    summary: 'Change what is given; needs If-Match',
    params,
    body: editReportScheduleBodySchema,
    response: { 200: reportScheduleAnswerSchema },
  }
  app.patch(`${PATH}/:id`, { config, schema: edit }, async (request, reply) => {
    const { params, body } = request
    const seen = seenRevision(request)
    const subject = await getSession(request).subject()
    const schedule = accepted(await editReportSchedule(deps, subject, params.id, (now) => wasSeen(seen, now), body))
    return tag(reply, schedule.revision, { schedule })
  })
  const remove = {
    tags,
    summary: 'Make it no more; reports that are there stay',
    params,
    response: { 204: Type.Null() },
  }
  app.delete(`${PATH}/:id`, { config, schema: remove }, async (request, reply) => {
    const isDeleted = await deleteReportSchedule(deps, await getSession(request).subject(), request.params.id)
    if (!isDeleted) throw new ApiError('not-found')
    return reply.code(204).send(null)
  })
}
