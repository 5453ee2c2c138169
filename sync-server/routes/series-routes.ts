/** `/api/v1/series`: visits that repeat, each with its own outcome. */
import Type from 'typebox'
import {
  cancelSeriesBodySchema,
  moveSeriesBodySchema,
  seriesAnswerSchema,
  seriesBodySchema,
  seriesPreviewBodySchema,
  seriesPreviewSchema,
  seriesViewSchema,
} from '#domain/api/series-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { bookSeries } from '#server/operations/book-series.ts'
import { cancelSeries } from '#server/operations/cancel-series.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import { viewAppointment } from '#server/operations/find-appointments.ts'
import { viewSeries } from '#server/operations/find-series.ts'
import { moveSeries } from '#server/operations/move-series.ts'
import { previewSeries } from '#server/operations/preview-series.ts'
import type { VisitOutcome } from '#server/operations/visit-outcome.ts'
import { keyOf, refuseReusedKey } from './booking-answers.ts'

type Deps = BookingDeps & { readonly database: Database; readonly audit: NoteAccess; readonly now: () => Instant }

const PATH = '/api/v1/series'
const tags = ['series']
const params = Type.Object({ id: idSchema<'AppointmentSeries'>() }, { additionalProperties: false })

export function registerSeriesRoutes(app: App, deps: Deps): void {
  app.post(
    PATH,
    {
      config: { permission: 'book-appointment' },
      schema: {
        tags,
        summary: 'Book visits that repeat; 201 when any was booked, 409 with each reason when none',
        body: seriesBodySchema,
        response: { 201: seriesAnswerSchema, 409: seriesAnswerSchema },
      },
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const booked = await bookSeries(deps, subject, request.body, keyOf(request)).catch(refuseReusedKey)
      const { seriesId, outcomes } = booked
      return reply.code(seriesId ? 201 : 409).send({ seriesId, outcomes: await viewOutcomes(deps, outcomes) })
    },
  )
  app.post(
    `${PATH}/preview`,
    {
      config: { permission: 'book-appointment' },
      schema: {
        tags,
        summary: 'What booking a series now would come to, with other times for what cannot be had; books nothing',
        body: seriesPreviewBodySchema,
        response: { 200: seriesPreviewSchema },
      },
    },
    async (request) => {
      const occurrences = await previewSeries(deps, await getSession(request).subject(), request.body)
      return { occurrences: [...occurrences] }
    },
  )
  registerSeriesChanges(app, deps)
}

/** One series that is there: looked at, called off, moved. */
function registerSeriesChanges(app: App, deps: Deps): void {
  app.get(
    `${PATH}/:id`,
    {
      config: { permission: 'view-appointments' },
      schema: { tags, summary: 'A series and its visits', params, response: { 200: seriesViewSchema } },
    },
    async (request) => {
      const found = await viewSeries(deps, await getSession(request).subject(), request.params.id)
      if (!found) throw new ApiError('not-found')
      const { id, rule, createdAt } = found.series
      const appointments = await Promise.all(found.visits.map((visit) => viewAppointment(deps, visit)))
      return { series: { id, rule, createdAt }, appointments }
    },
  )
  app.post(
    `${PATH}/:id/cancel`,
    {
      config: { permission: 'cancel-appointment' },
      schema: {
        tags,
        summary: 'Call off what is still to come of a series',
        params,
        body: cancelSeriesBodySchema,
        response: { 200: seriesAnswerSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      const outcomes = await cancelSeries(deps, await getSession(request).subject(), id, request.body)
      if (!outcomes) throw new ApiError('not-found')
      return { seriesId: id, outcomes: await viewOutcomes(deps, outcomes) }
    },
  )
  app.post(
    `${PATH}/:id/move`,
    {
      config: { permission: 'move-appointment' },
      schema: {
        tags,
        summary: 'Move a visit of a series and those after it; one that cannot follow keeps its time and says why',
        params,
        body: moveSeriesBodySchema,
        response: { 200: seriesAnswerSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      const outcomes = await moveSeries(deps, await getSession(request).subject(), id, request.body)
      if (!outcomes) throw new ApiError('not-found')
      return { seriesId: id, outcomes: await viewOutcomes(deps, outcomes) }
    },
  )
}

/** Outcomes as they are answered: the visit, or the code and field of the refusal. */
export const viewOutcomes = (deps: Pick<Deps, 'database'>, outcomes: readonly VisitOutcome[]) =>
  Promise.all(
    outcomes.map(async ({ day, answer }) =>
      answer.ok
        ? { day, appointment: await viewAppointment(deps, answer.appointment), code: null, field: null }
        : { day, appointment: null, code: answer.rejection.reason, field: answer.rejection.field ?? null },
    ),
  )
