/** `/api/v1/delays` and `/api/v1/doctors/{id}/delay`: how late doctors run today, and telling their patients. */
import Type from 'typebox'
import {
  delayAnswerSchema,
  delayBodySchema,
  delayListSchema,
  tellDelayAnswerSchema,
  tellDelayBodySchema,
} from '#domain/api/delay-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import { setDelay, showDelays } from '#server/operations/doctor-delay.ts'
import { takeBackTelling, tellOfDelay } from '#server/operations/tell-of-delay.ts'

type Deps = BookingDeps & { readonly database: Database; readonly now: () => Instant }

const PATH = '/api/v1/doctors/:id/delay'
const tags = ['appointments']
const config = { permission: 'check-in-patient' } as const
const strict = { additionalProperties: false } as const
const ofDoctor = { id: idSchema<'Doctor'>() }
const params = Type.Object(ofDoctor, strict)

export function registerDelayRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/delays',
    {
      config: { permission: 'view-appointments' },
      schema: { tags, summary: 'Which doctors say they run late today', response: { 200: delayListSchema } },
    },
    async (request) => ({ delays: await showDelays(deps, await getSession(request).subject()) }),
  )
  app.put(
    PATH,
    {
      config,
      schema: {
        tags,
        summary: 'Say how late a doctor runs today; 0 is back on time',
        params,
        body: delayBodySchema,
        response: { 200: delayAnswerSchema },
      },
    },
    async (request) => {
      const subject = await getSession(request).subject()
      const answer = await setDelay(deps, subject, request.params.id, request.body.minutes)
      if (!answer.ok) throw new ApiError(answer.reason)
      return { delay: answer.delay }
    },
  )
  registerTelling(app, deps)
}

function registerTelling(app: App, deps: Deps): void {
  app.post(
    `${PATH}/messages`,
    {
      config,
      schema: {
        tags,
        summary: 'Tell the patients still to come today how late the doctor runs',
        params,
        body: tellDelayBodySchema,
        response: { 200: tellDelayAnswerSchema },
      },
    },
    async (request) => {
      const subject = await getSession(request).subject()
      const answer = await tellOfDelay(deps, subject, request.params.id, request.body.minutes)
      if (!answer.ok) throw new ApiError(answer.reason)
      return answer.told
    },
  )
  app.delete(
    `${PATH}/messages/:batchId`,
    {
      config,
      schema: {
        tags,
        summary: 'Take the telling back before anything has left',
        params: Type.Object({ ...ofDoctor, batchId: idSchema<'DelayBatch'>() }, strict),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id, batchId } = request.params
      const outcome = await takeBackTelling(deps, await getSession(request).subject(), id, batchId)
      if (outcome !== 'taken-back') throw new ApiError(outcome)
      return reply.code(204).send(null)
    },
  )
}
