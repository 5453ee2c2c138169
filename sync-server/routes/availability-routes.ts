/** `/api/v1/availability` and `/api/v1/closures`: doorways to changes of hours, and to what they left outside. */
import Type from 'typebox'
import {
  appliedSchema,
  applyBodySchema,
  closeBodySchema,
  closePreviewBodySchema,
  closuresAnswerSchema,
  closuresQuerySchema,
  impactSchema,
  previewBodySchema,
  strandedAnswerSchema,
  strandedQuerySchema,
} from '#domain/api/availability-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError, toApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Page, Paging } from '#server/http/paging.ts'
import {
  type ApplyAnswer,
  type AvailabilityDeps,
  applyAvailability,
  type PreviewAnswer,
  previewAvailability,
} from '#server/operations/change-availability.ts'
import { findStranded, type StrandedPage } from '#server/operations/find-stranded.ts'
import { listHolidays } from '#server/operations/list-holidays.ts'
import { APPOINTMENTS_PATH } from './appointment-routes.ts'

type Deps = AvailabilityDeps & { readonly paging: Paging }

const AVAILABILITY_PATH = '/api/v1/availability'
const CLOSURES_PATH = '/api/v1/closures'
const tags = ['availability']

export function registerAvailabilityRoutes(app: App, deps: Deps): void {
  const config = { permission: 'manage-schedules' } as const
  app.post(
    `${AVAILABILITY_PATH}/preview`,
    {
      config,
      schema: {
        tags,
        summary: 'What a change of hours would strand; changes nothing',
        body: previewBodySchema,
        response: { 200: impactSchema },
      },
    },
    async (request) => shown(await previewAvailability(deps, await getSession(request).subject(), request.body.change)),
  )
  app.post(
    `${AVAILABILITY_PATH}/apply`,
    {
      config,
      schema: {
        tags,
        summary: 'Make a change of hours whose impact was seen; no visit is cancelled',
        body: applyBodySchema,
        response: { 200: appliedSchema },
      },
    },
    async (request) => done(await applyAvailability(deps, await getSession(request).subject(), request.body)),
  )
  registerClosures(app, deps)
  registerStranded(app, deps)
}

function registerClosures(app: App, deps: Deps): void {
  const config = { permission: 'manage-clinic' } as const
  app.get(
    CLOSURES_PATH,
    {
      config: { permission: 'view-schedules' },
      schema: {
        tags,
        summary: 'Holidays to come',
        querystring: closuresQuerySchema,
        response: { 200: closuresAnswerSchema },
      },
    },
    async (request) => {
      const answer = await listHolidays(deps, await getSession(request).subject(), request.query.from)
      if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
      return { closures: answer.closures }
    },
  )
  app.post(
    `${CLOSURES_PATH}/preview`,
    {
      config,
      schema: {
        tags,
        summary: 'What holidays would strand; changes nothing',
        body: closePreviewBodySchema,
        response: { 200: impactSchema },
      },
    },
    async (request) => {
      const change = { kind: 'close', ...request.body } as const
      return shown(await previewAvailability(deps, await getSession(request).subject(), change))
    },
  )
  app.post(
    CLOSURES_PATH,
    {
      config,
      schema: {
        tags,
        summary: 'Close on some days: one holiday, or a list of them',
        body: closeBodySchema,
        response: { 200: appliedSchema },
      },
    },
    async (request) => {
      const { mode, impact, ...wanted } = request.body
      const body = { change: { kind: 'close', ...wanted } as const, mode, ...(impact !== undefined && { impact }) }
      return done(await applyAvailability(deps, await getSession(request).subject(), body))
    },
  )
  app.delete(
    `${CLOSURES_PATH}/:id`,
    {
      config,
      schema: {
        tags,
        summary: 'Open again on these days',
        params: Type.Object({ id: idSchema<'Closure'>() }, { additionalProperties: false }),
        response: { 200: appliedSchema },
      },
    },
    async (request) => {
      const change = { kind: 'reopen', closureId: request.params.id } as const
      // Hours that come back strand nobody, so that there is nothing to have seen before.
      return done(
        await applyAvailability(deps, await getSession(request).subject(), { change, mode: 'refuse-if-stranded' }),
      )
    },
  )
}

function registerStranded(app: App, deps: Deps): void {
  app.get(
    `${APPOINTMENTS_PATH}/stranded`,
    {
      config: { permission: 'view-appointments' },
      schema: {
        tags: ['appointments'],
        summary: 'Visits to come that lie outside the hours, or have lost their doctor or room',
        querystring: strandedQuerySchema,
        response: { 200: strandedAnswerSchema },
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query
      const page = deps.paging(request)
      const found = await findStranded(deps, await getSession(request).subject(), filters, placeIn(page))
      return {
        appointments: found.appointments,
        nextCursor: page.cursorOf(found.last && [found.last.start, found.last.id]),
      }
    },
  )
}

/** With three free times for each row a page costs as much as that many searches. */
function placeIn({ limit, after }: Page): StrandedPage {
  const [start, id] = after ?? []
  return { limit, after: typeof start === 'number' && typeof id === 'string' ? { start, id } : null }
}

function shown(answer: PreviewAnswer) {
  if (!answer.ok) throw toApiError(answer.rejection)
  return answer.impact
}

function done(answer: ApplyAnswer) {
  if (answer.ok) return answer.applied
  if ('rejection' in answer) throw toApiError(answer.rejection)
  throw new ApiError(answer.reason, { field: 'impact', more: { impact: answer.impact } })
}
