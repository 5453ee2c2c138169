/** `/api/v1/roles`: what a clinic calls its roles, and what is in them. */
import Type from 'typebox'
import {
  changeRoleBodySchema,
  createRoleBodySchema,
  roleAnswerSchema,
  rolesAnswerSchema,
} from '#domain/api/user-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { changeRole, createRole, deleteRole, listRoles } from '#server/operations/accounts/change-roles.ts'
import { accepted } from './account-answer.ts'

const PATH = '/api/v1/roles'
const tags = ['roles']
const nothing = Type.Null()
const config = { permission: 'manage-roles' } as const
const params = Type.Object({ id: idSchema<'Role'>() }, { additionalProperties: false })

export function registerRoleRoutes(app: App, deps: AccountDeps): void {
  const list = { tags, summary: 'The roles of the clinic', response: { 200: rolesAnswerSchema } }
  // For those who give roles to people as well: the operation judges.
  app.get(PATH, { config: { permission: 'signed-in' }, schema: list }, async (request) => {
    const { roles } = accepted(await listRoles(deps, await getSession(request).subject()))
    return { roles }
  })
  const create = {
    tags,
    summary: 'Make a role of rights that the person holds themselves',
    body: createRoleBodySchema,
    response: { 201: roleAnswerSchema },
  }
  app.post(PATH, { config, schema: create }, async (request, reply) => {
    const { role } = accepted(await createRole(deps, await getSession(request).subject(), request.body))
    return reply.code(201).send({ role })
  })
  const change = {
    tags,
    summary: 'Rename a role or change what is in it, for everybody who has it',
    params,
    body: changeRoleBodySchema,
    response: { 200: roleAnswerSchema },
  }
  app.patch(`${PATH}/:id`, { config, schema: change }, async (request) => {
    const { role } = accepted(
      await changeRole(deps, await getSession(request).subject(), request.params.id, request.body),
    )
    return { role }
  })
  const remove = { tags, summary: 'Remove a role that nobody has', params, response: { 204: nothing } }
  app.delete(`${PATH}/:id`, { config, schema: remove }, async (request, reply) => {
    accepted(await deleteRole(deps, await getSession(request).subject(), request.params.id))
    return reply.code(204).send(null)
  })
}
