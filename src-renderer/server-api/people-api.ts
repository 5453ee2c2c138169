/** The calls about who works at the clinic, what they may do, and on which machines they do it. */
import Type from 'typebox'
import { sessionSchema } from '#domain/api/auth-schemas.ts'
import {
  type ChangeRoleBody,
  type ChangeUserBody,
  type CreateRoleBody,
  devicesAnswerSchema,
  type InviteBody,
  invitationAnswerSchema,
  invitationsAnswerSchema,
  listUsersAnswerSchema,
  roleAnswerSchema,
  rolesAnswerSchema,
  userAnswerSchema,
} from '#domain/api/user-schemas.ts'
import { type Ask, askWith, nothingSchema, queryText } from './asking.ts'
import { createHandInApi } from './hand-in-api.ts'
import type { ServerApi } from './server-api.ts'

type UserQuery = { readonly [Name in 'search' | 'roleId' | 'limit' | 'cursor']?: string | undefined }

export type PeopleApi = ReturnType<typeof createPeopleApi>

/** The server judges who may make them, and never gives more than the asking person holds. */
export function createPeopleApi(api: Pick<ServerApi, 'call'>) {
  const ask = askWith(api)
  const take = (path: string) => ask({ method: 'DELETE', path, schema: nothingSchema })
  return {
    listUsers: (query: UserQuery) =>
      ask({ method: 'GET', path: `/users${queryText(query)}`, schema: listUsersAnswerSchema }),
    changeUser: (id: string, body: ChangeUserBody) =>
      ask({ method: 'PATCH', path: `/users/${id}`, body, schema: userAnswerSchema }),
    listSessionsOf: (id: string) => ask({ method: 'GET', path: `/users/${id}/sessions`, schema: sessionsSchema }),
    endSessionsOf: (id: string) => take(`/users/${id}/sessions`),
    removeFactorOf: (id: string) => take(`/users/${id}/second-factor`),
    listInvitations: () => ask({ method: 'GET', path: '/invitations', schema: invitationsAnswerSchema }),
    invite: (body: InviteBody) => ask({ method: 'POST', path: '/invitations', body, schema: invitationAnswerSchema }),
    withdrawInvitation: (id: string) => take(`/invitations/${id}`),
    listDevices: () => ask({ method: 'GET', path: '/devices', schema: devicesAnswerSchema }),
    revokeDevice: (id: string, isWipedNow: boolean) => take(`/devices/${id}?wipeNow=${isWipedNow}`),
    ...pick(createHandInApi(api)),
    ...roleCalls(ask),
  }
}

/** Handing in is what the revoked device does. */
const pick = ({ listHandedIn, markHandedIn }: ReturnType<typeof createHandInApi>) => ({ listHandedIn, markHandedIn })

const sessionsSchema = Type.Object({ sessions: Type.Array(sessionSchema) })

function roleCalls(ask: Ask) {
  return {
    listRoles: () => ask({ method: 'GET', path: '/roles', schema: rolesAnswerSchema }),
    createRole: (body: CreateRoleBody) => ask({ method: 'POST', path: '/roles', body, schema: roleAnswerSchema }),
    changeRole: (id: string, body: ChangeRoleBody) =>
      ask({ method: 'PATCH', path: `/roles/${id}`, body, schema: roleAnswerSchema }),
    removeRole: (id: string) => ask({ method: 'DELETE', path: `/roles/${id}`, schema: nothingSchema }),
  }
}
