/** `/api/v1/holds`: times kept free while somebody books. */
import Type from 'typebox'
import { holdAnswerSchema, holdBodySchema, holdListAnswerSchema, holdListQuerySchema } from '#domain/api/hold-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError, toApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import { holdTime } from '#server/operations/hold-time.ts'
import { listHolds, viewHold } from '#server/operations/list-holds.ts'
import { proposeInstead } from '#server/operations/propose-instead.ts'
import { releaseHold } from '#server/operations/release-hold.ts'

type Deps = BookingDeps & { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

const PATH = '/api/v1/holds'
const tags = ['holds']
const config = { permission: 'book-appointment' } as const
const params = Type.Object({ id: idSchema<'Hold'>() }, { additionalProperties: false })

export function registerHoldRoutes(app: App, deps: Deps): void {
  app.post(
    PATH,
    {
      config,
      schema: {
        tags,
        summary: 'Keep a time free while a booking is filled in',
        body: holdBodySchema,
        response: { 201: holdAnswerSchema },
      },
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const answer = await holdTime(deps, subject, request.body)
      if (!answer.ok)
        throw toApiError(answer.rejection, await proposeInstead(deps, subject, answer.rejection, request.body))
      return reply.code(201).send({ hold: viewHold(subject, answer.hold) })
    },
  )
  app.get(
    PATH,
    {
      config,
      schema: {
        tags,
        summary: 'The times that are kept free at the moment',
        querystring: holdListQuerySchema,
        response: { 200: holdListAnswerSchema },
      },
    },
    async (request) => {
      const answer = await listHolds(deps, await getSession(request).subject(), request.query)
      if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
      return { holds: [...answer.holds] }
    },
  )
  app.delete(
    `${PATH}/:id`,
    { config, schema: { tags, summary: 'Give a held time free', params, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const isReleased = await releaseHold(deps, await getSession(request).subject(), request.params.id)
      if (!isReleased) throw new ApiError('not-found')
      return reply.code(204).send(null)
    },
  )
}
