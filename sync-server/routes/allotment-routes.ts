/** `/api/v1/allotments`: times that devices keep for bookings they may have to make without a connection. */
import Type from 'typebox'
import { allotmentAnswerSchema, allotmentListSchema, handBackBodySchema } from '#domain/api/allotment-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import { handBackAllotments, showAllotment, takeBackAllotment } from '#server/operations/end-allotments.ts'
import { leaseAllotments } from '#server/operations/lease-allotments.ts'

type Deps = BookingDeps & { readonly database: Database }

const PATH = '/api/v1/allotments'
const tags = ['holds']
/** Patients hold it in no scope; whom somebody may book for is judged doctor by doctor. */
const config = { permission: 'view-schedules' } as const
const params = Type.Object({ id: idSchema<'Allotment'>() }, { additionalProperties: false })

export function registerAllotmentRoutes(app: App, deps: Deps): void {
  app.post(
    PATH,
    {
      config,
      schema: {
        tags,
        summary: 'Keep some times for the device of this session, for when it loses its connection',
        response: { 200: allotmentListSchema },
      },
    },
    async (request) => {
      const answer = await leaseAllotments(deps, await getSession(request).subject())
      if (!answer.ok) throw new ApiError(answer.reason)
      return { allotments: answer.allotments }
    },
  )
  app.post(
    `${PATH}/hand-back`,
    {
      config,
      schema: {
        tags,
        summary: 'Give times back that this device keeps',
        body: handBackBodySchema,
        response: { 200: allotmentListSchema },
      },
    },
    async (request) => handBackAllotments(deps, await getSession(request).subject(), request.body.allotmentIds),
  )
  registerTakingBack(app, deps)
}

function registerTakingBack(app: App, deps: Deps): void {
  app.get(
    `${PATH}/:id`,
    {
      config,
      schema: {
        tags,
        summary: 'A time that a device keeps, and when the device was last heard of',
        params,
        response: { 200: allotmentAnswerSchema },
      },
    },
    async (request) => {
      const answer = await showAllotment(deps, await getSession(request).subject(), request.params.id)
      if (!answer.ok) throw new ApiError(answer.reason)
      return { allotment: answer.allotment, lastContactAt: answer.lastContactAt }
    },
  )
  app.post(
    `${PATH}/:id/take-back`,
    {
      config: { permission: 'overbook-appointment' },
      schema: {
        tags,
        summary: 'Take a time back from the device that keeps it',
        params,
        response: { 200: allotmentAnswerSchema },
      },
    },
    async (request) => {
      const answer = await takeBackAllotment(deps, await getSession(request).subject(), request.params.id)
      if (!answer.ok) throw new ApiError(answer.reason)
      return { allotment: answer.allotment, lastContactAt: answer.lastContactAt }
    },
  )
}
