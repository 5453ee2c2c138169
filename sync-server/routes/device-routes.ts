/** `/api/v1/devices`: the machines of a clinic; and what the own one has not sent yet. */
import Type from 'typebox'
import { revokeQuerySchema } from '#domain/api/hand-in-api.ts'
import { devicesAnswerSchema, ownDeviceBodySchema } from '#domain/api/user-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import {
  endOtherSessions,
  listDevices,
  reportUnsent,
  revokeDevice,
} from '#server/operations/accounts/manage-sessions.ts'
import { accepted } from './account-answer.ts'

const PATH = '/api/v1/devices'
const tags = ['devices']
const nothing = Type.Null()
const config = { permission: 'manage-devices' } as const
const ownAccount = { permission: 'own-account' } as const

export function registerDeviceRoutes(app: App, deps: AccountDeps): void {
  const list = { tags, summary: 'The machines people have signed in on', response: { 200: devicesAnswerSchema } }
  app.get(PATH, { config, schema: list }, async (request) => {
    const { devices } = accepted(await listDevices(deps, await getSession(request).subject()))
    return { devices }
  })
  const params = Type.Object({ id: idSchema<'Device'>() }, { additionalProperties: false })
  const revoke = {
    tags,
    summary:
      'Take a machine’s access away; its sessions end at once, and it hands in what is unsent unless it wipes now',
    params,
    querystring: revokeQuerySchema,
    response: { 204: nothing },
  }
  app.delete(`${PATH}/:id`, { config, schema: revoke }, async (request, reply) => {
    const { params, query } = request
    accepted(await revokeDevice(deps, await getSession(request).subject(), params.id, query.wipeNow === 'true'))
    return reply.code(204).send(null)
  })
  const report = {
    tags: ['me'],
    summary: 'Say how many changes the own device has not sent yet',
    body: ownDeviceBodySchema,
    response: { 204: nothing },
  }
  app.put('/api/v1/me/device', { config: ownAccount, schema: report }, async (request, reply) => {
    accepted(await reportUnsent(deps, getSession(request), request.body.unsentCount))
    return reply.code(204).send(null)
  })
  const end = { tags: ['auth'], summary: 'Sign out everywhere but here', response: { 204: nothing } }
  app.delete('/api/v1/auth/sessions', { config: ownAccount, schema: end }, async (request, reply) => {
    await endOtherSessions(deps, getSession(request))
    return reply.code(204).send(null)
  })
}
