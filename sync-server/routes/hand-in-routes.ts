/** `/api/v1/devices/hand-in` and `/handed-in`: what revoked devices had not sent. */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import {
  HAND_IN_TICKET_HEADER,
  handedInAnswerSchema,
  handedInMarkSchema,
  handInAnswerSchema,
  handInBodySchema,
  MAX_BYTES_WITHOUT_TICKET,
  MAX_HAND_IN_BYTES,
} from '#domain/api/hand-in-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { handIn, isHandInTicket, listHandIns, markHandIn } from '#server/operations/accounts/hand-in.ts'
import { accepted } from './account-answer.ts'

const PATH = '/api/v1/devices'
const tags = ['devices']
const config = { permission: 'manage-devices' } as const

/** Anybody may come here: what is large is read only from whoever names a ticket that is good. */
const refuseStrangers =
  (deps: AccountDeps) =>
  async ({ headers }: FastifyRequest): Promise<void> => {
    const ticket = headers[HAND_IN_TICKET_HEADER]
    const isSmall = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= MAX_BYTES_WITHOUT_TICKET
    if (ticket === undefined && isSmall) return
    if (typeof ticket !== 'string' || !(await isHandInTicket(deps, ticket))) throw new ApiError('code-invalid')
  }

export function registerHandInRoutes(app: App, deps: AccountDeps): void {
  const give = {
    tags,
    summary: 'Hand in the unsent changes of a device whose access was taken away; its ticket works once',
    body: handInBodySchema,
    response: { 200: handInAnswerSchema },
  }
  const open = { permission: 'public' } as const
  app.post(
    `${PATH}/hand-in`,
    { config: open, schema: give, bodyLimit: MAX_HAND_IN_BYTES + 1024, onRequest: refuseStrangers(deps) },
    async ({ body }) => ({ handedIn: accepted(await handIn(deps, body)).handedIn }),
  )
  const list = {
    tags,
    summary: 'What revoked devices have handed in; nobody has applied it',
    response: { 200: handedInAnswerSchema },
  }
  app.get(`${PATH}/handed-in`, { config, schema: list }, async (request) => {
    const { changes } = accepted(await listHandIns(deps, await getSession(request).subject()))
    return { changes }
  })
  const mark = {
    tags,
    summary: 'Mark what was handed in as dealt with, or take the mark back',
    params: Type.Object({ id: idSchema<'HandedInChange'>() }, { additionalProperties: false }),
    body: handedInMarkSchema,
    response: { 204: Type.Null() },
  }
  app.put(`${PATH}/handed-in/:id`, { config, schema: mark }, async (request, reply) => {
    const { params, body } = request
    accepted(await markHandIn(deps, await getSession(request).subject(), params.id, body.isDone))
    return reply.code(204).send(null)
  })
}
