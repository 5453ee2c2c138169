/** `/api/v1/reports`: asking for a report, following it, and getting its file. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import {
  reportAnswerSchema,
  reportLinkAnswerSchema,
  reportListAnswerSchema,
  reportListQuerySchema,
  requestReportBodySchema,
} from '#domain/api/report-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import type { ReportDeps } from '#server/operations/reports/report-deps.ts'
import {
  cancelReport,
  findReport,
  linkToReport,
  listReports,
  openReportFile,
  type ReportAnswer,
  requestReport,
  retryReport,
} from '#server/operations/reports/request-report.ts'

const PATH = '/api/v1/reports'
const FILES = '/api/v1/report-downloads'
const tags = ['reports']
const config = { permission: 'view-reports' } as const
const params = Type.Object({ id: idSchema<'Report'>() }, { additionalProperties: false })

export type ReportRouteDeps = ReportDeps & {
  readonly paging: Paging
  readonly linkTo: (path: string) => string
  /** Where files of reports are kept. */
  readonly folder: string
}

export function registerReportRoutes(app: App, deps: ReportRouteDeps): void {
  registerList(app, deps)
  registerOne(app, deps)
  registerFile(app, deps)
}

function accepted<Value>(answer: ReportAnswer<Value>): Value {
  if (answer.ok) return answer.value
  throw new ApiError(answer.reason, answer.field === undefined ? {} : { field: answer.field })
}

function registerList(app: App, deps: ReportRouteDeps): void {
  const list = {
    tags,
    summary: "The person's own reports, newest first",
    querystring: reportListQuerySchema,
    response: { 200: reportListAnswerSchema },
  }
  app.get(PATH, { config, schema: list }, async (request) => {
    const page = deps.paging(request)
    const query = { limit: page.limit, status: request.query.status, before: page.after?.[0] as string | undefined }
    const { reports, hasMore } = await listReports(deps, await getSession(request).subject(), query)
    const last = hasMore ? reports.at(-1) : undefined
    return { reports: [...reports], nextCursor: page.cursorOf(last ? [last.id] : null) }
  })
  const ask = {
    tags,
    summary: 'Have a report made of what the person may see',
    body: requestReportBodySchema,
    response: { 202: reportAnswerSchema },
  }
  app.post(PATH, { config, schema: ask }, async (request, reply) => {
    const report = accepted(await requestReport(deps, await getSession(request).subject(), request.body))
    return reply.code(202).send({ report })
  })
}

function registerOne(app: App, deps: ReportRouteDeps): void {
  const one = { tags, summary: 'One report, and how far it is', params, response: { 200: reportAnswerSchema } }
  app.get(`${PATH}/:id`, { config, schema: one }, async (request) => {
    const report = await findReport(deps, await getSession(request).subject(), request.params.id)
    if (!report) throw new ApiError('not-found')
    return { report }
  })
  const cancel = { tags, summary: 'Stop a report that waits or runs', params, response: { 200: reportAnswerSchema } }
  app.post(`${PATH}/:id/cancel`, { config, schema: cancel }, async (request) => ({
    report: accepted(await cancelReport(deps, await getSession(request).subject(), request.params.id)),
  }))
  const retry = {
    tags,
    summary: 'Make a report again that failed, was stopped or has expired',
    params,
    response: { 200: reportAnswerSchema },
  }
  app.post(`${PATH}/:id/retry`, { config, schema: retry }, async (request) => ({
    report: accepted(await retryReport(deps, await getSession(request).subject(), request.params.id)),
  }))
  const link = {
    tags,
    summary: 'An address of the file that works once, within five minutes, for the same person',
    params,
    response: { 200: reportLinkAnswerSchema },
  }
  app.post(`${PATH}/:id/download-link`, { config, schema: link }, async (request) => {
    const { token, expiresAt } = accepted(
      await linkToReport(deps, await getSession(request).subject(), request.params.id),
    )
    return { url: deps.linkTo(`${FILES}/${token}`), expiresAt }
  })
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
/** Names are made here, and a name of another form is none of ours. */
const FILE_NAME = /^[0-9a-f-]{36}\.(pdf|csv|xlsx)$/

function registerFile(app: App, deps: ReportRouteDeps): void {
  const schema = {
    tags,
    summary: "A report's file, by a link that works once",
    params: Type.Object({ token: Type.String({ maxLength: 1_000 }) }, { additionalProperties: false }),
    response: {
      200: {
        description: 'The file',
        content: Object.fromEntries(
          Object.values(MEDIA_TYPES).map((type) => [type.split(';')[0] ?? type, { schema: Type.String() }]),
        ),
      },
    },
  }
  app.get(`${FILES}/:token`, { config, schema }, async (request, reply) => {
    const file = await openReportFile(deps, await getSession(request).subject(), request.params.token)
    const ending = file && FILE_NAME.exec(file.name)?.[1]
    if (!file || !ending) throw new ApiError('not-found')
    reply.headers({
      'cache-control': 'no-store',
      'content-length': file.size,
      'content-disposition': `attachment; filename="${file.saveAs}"`,
      'referrer-policy': 'no-referrer',
    })
    return reply.type(MEDIA_TYPES[ending] ?? '').send(createReadStream(join(deps.folder, file.name)) as never)
  })
}
