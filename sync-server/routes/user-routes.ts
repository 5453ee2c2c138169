/** `/api/v1/users`, `/invitations`, `/roles`, `/permissions`: who works here, and what they may do. */
import Type from 'typebox'
import { PERMISSIONS, SCOPES } from '#domain/access/permissions.ts'
import { sessionSchema } from '#domain/api/auth-schemas.ts'
import {
  changeUserBodySchema,
  invitationAnswerSchema,
  invitationsAnswerSchema,
  inviteBodySchema,
  listUsersAnswerSchema,
  listUsersQuerySchema,
  permissionsAnswerSchema,
  userAnswerSchema,
} from '#domain/api/user-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { changeUser } from '#server/operations/accounts/change-user.ts'
import { inviteUser, listInvitations, withdrawInvitation } from '#server/operations/accounts/invite-user.ts'
import { getUser, listUsers } from '#server/operations/accounts/list-users.ts'
import { endSessionsOf, listSessionsOf } from '#server/operations/accounts/manage-sessions.ts'
import { removeFactorOf } from '#server/operations/accounts/own-second-factor.ts'
import { permissionText } from '#server/operations/accounts/permission-text.ts'
import { accepted } from './account-answer.ts'

const USERS = '/api/v1/users'
const INVITATIONS = '/api/v1/invitations'
const tags = ['users']
const nothing = Type.Null()
const config = { permission: 'manage-users' } as const
const params = Type.Object({ id: idSchema<'User'>() }, { additionalProperties: false })

export function registerUserRoutes(app: App, deps: AccountDeps): void {
  registerUsers(app, deps)
  registerInvitations(app, deps)
  registerSessionsOfUsers(app, deps)
  const schema = {
    tags: ['roles'],
    summary: 'Every permission there is, in words',
    response: { 200: permissionsAnswerSchema },
  }
  app.get('/api/v1/permissions', { config: { permission: 'signed-in' }, schema }, async () => ({
    permissions: PERMISSIONS.map((name) => ({ name, about: permissionText(name) })),
    scopes: [...SCOPES],
  }))
}

function registerUsers(app: App, deps: AccountDeps): void {
  const list = {
    tags,
    summary: 'The people of the clinic by name, staff and patients with an account',
    querystring: listUsersQuerySchema,
    response: { 200: listUsersAnswerSchema },
  }
  app.get(USERS, { config, schema: list }, async (request) => {
    const { users, nextCursor } = accepted(await listUsers(deps, await getSession(request).subject(), request.query))
    return { users, nextCursor }
  })
  const one = { tags, summary: 'Somebody of the clinic', params, response: { 200: userAnswerSchema } }
  app.get(`${USERS}/:id`, { config, schema: one }, async (request) => {
    const { user } = accepted(await getUser(deps, await getSession(request).subject(), request.params.id))
    return { user }
  })
  const change = {
    tags,
    summary: 'Change name, roles, direct grants or the doctor of a person, or switch the person off',
    params,
    body: changeUserBodySchema,
    response: { 200: userAnswerSchema },
  }
  app.patch(`${USERS}/:id`, { config, schema: change }, async (request) => {
    const { id } = request.params
    const { user } = accepted(await changeUser(deps, await getSession(request).subject(), id, request.body))
    return { user }
  })
}

function registerInvitations(app: App, deps: AccountDeps): void {
  const list = { tags, summary: 'Invitations nobody has accepted yet', response: { 200: invitationsAnswerSchema } }
  app.get(INVITATIONS, { config, schema: list }, async (request) => {
    const { invitations } = accepted(await listInvitations(deps, await getSession(request).subject()))
    return { invitations }
  })
  const invite = {
    tags,
    summary: 'Invite somebody by e-mail, with roles that the inviting person holds themselves',
    body: inviteBodySchema,
    response: { 201: invitationAnswerSchema },
  }
  app.post(INVITATIONS, { config, schema: invite }, async (request, reply) => {
    const { invitation } = accepted(await inviteUser(deps, await getSession(request).subject(), request.body))
    return reply.code(201).send({ invitation })
  })
  const which = Type.Object({ id: idSchema<'Invitation'>() }, { additionalProperties: false })
  const withdraw = { tags, summary: 'Take an invitation back', params: which, response: { 204: nothing } }
  app.delete(`${INVITATIONS}/:id`, { config, schema: withdraw }, async (request, reply) => {
    accepted(await withdrawInvitation(deps, await getSession(request).subject(), request.params.id))
    return reply.code(204).send(null)
  })
}

function registerSessionsOfUsers(app: App, deps: AccountDeps): void {
  const answer = Type.Object({ sessions: Type.Array(sessionSchema) }, { additionalProperties: false })
  const list = { tags, summary: 'Where a person is signed in', params, response: { 200: answer } }
  app.get(`${USERS}/:id/sessions`, { config, schema: list }, async (request) => {
    const { sessions } = accepted(await listSessionsOf(deps, await getSession(request).subject(), request.params.id))
    return { sessions }
  })
  const factor = {
    tags,
    summary: 'Take away the second factor of a person who has lost it',
    params,
    response: { 204: nothing },
  }
  app.delete(`${USERS}/:id/second-factor`, { config, schema: factor }, async (request, reply) => {
    accepted(await removeFactorOf(deps, await getSession(request).subject(), request.params.id))
    return reply.code(204).send(null)
  })
  const end = { tags, summary: 'Sign a person out everywhere', params, response: { 204: nothing } }
  app.delete(`${USERS}/:id/sessions`, { config, schema: end }, async (request, reply) => {
    accepted(await endSessionsOf(deps, await getSession(request).subject(), request.params.id))
    return reply.code(204).send(null)
  })
}
