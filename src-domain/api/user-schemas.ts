/** Users, roles, permissions, sessions and devices as administrators see and change them. */
import Type from 'typebox'
import { PERMISSIONS, SCOPES } from '#domain/access/permissions.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'
import { emailSchema } from './account-schemas.ts'

const strict = { additionalProperties: false } as const
const nameSchema = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })

export const grantSchema = Type.Object({ permission: oneOf(PERMISSIONS), scope: oneOf(SCOPES) }, strict)
const grantsSchema = () => Type.Array(grantSchema, { maxItems: PERMISSIONS.length * SCOPES.length, uniqueItems: true })
const roleIdsSchema = () => Type.Array(idSchema<'Role'>(), { maxItems: 50, uniqueItems: true })

/** Somebody who belongs to the clinic. `grants` are those given beside the roles. */
export const userSchema = Type.Object(
  {
    id: idSchema<'User'>(),
    name: textSchema(160),
    email: textSchema(254),
    isActive: Type.Boolean(),
    hasSecondFactor: Type.Boolean(),
    doctorId: nullable(idSchema<'Doctor'>()),
    roles: Type.Array(Type.Object({ id: idSchema<'Role'>(), name: textSchema(64) }, strict)),
    grants: Type.Array(grantSchema),
    createdAt: instantSchema(),
  },
  strict,
)
export type ClinicUser = Type.Static<typeof userSchema>
export const userAnswerSchema = Type.Object({ user: userSchema }, strict)

/** `GET /api/v1/users`: by name; `search` is part of a name or an address. */
export const listUsersQuerySchema = Type.Object(
  {
    search: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    /** Only those who have the role. */
    roleId: Type.Optional(idSchema<'Role'>()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ maxLength: 600 })),
  },
  strict,
)
export type ListUsersQuery = Type.Static<typeof listUsersQuerySchema>
export const listUsersAnswerSchema = Type.Object(
  { users: Type.Array(userSchema), nextCursor: nullable(Type.String()) },
  strict,
)

/** `PATCH /api/v1/users/{id}`: only what is to change; lists replace those before. */
export const changeUserBodySchema = Type.Object(
  {
    name: Type.Optional(nameSchema(160)),
    isActive: Type.Optional(Type.Boolean()),
    roleIds: Type.Optional(roleIdsSchema()),
    grants: Type.Optional(grantsSchema()),
    doctorId: Type.Optional(nullable(idSchema<'Doctor'>())),
  },
  { ...strict, minProperties: 1 },
)
export type ChangeUserBody = Type.Static<typeof changeUserBodySchema>

/** `POST /api/v1/invitations`: a link, or a code for somebody who has an account, goes to the address. */
export const inviteBodySchema = Type.Object(
  {
    name: nameSchema(160),
    email: emailSchema(),
    roleIds: roleIdsSchema(),
    grants: Type.Optional(grantsSchema()),
    doctorId: Type.Optional(nullable(idSchema<'Doctor'>())),
  },
  strict,
)
export type InviteBody = Type.Static<typeof inviteBodySchema>

/** An invitation that nobody has accepted yet. */
export const invitationSchema = Type.Object(
  {
    id: idSchema<'Invitation'>(),
    name: textSchema(160),
    email: textSchema(254),
    roleIds: Type.Array(idSchema<'Role'>()),
    createdAt: instantSchema(),
    expiresAt: instantSchema(),
  },
  strict,
)
export type PendingInvitation = Type.Static<typeof invitationSchema>
export const invitationAnswerSchema = Type.Object({ invitation: invitationSchema }, strict)
export const invitationsAnswerSchema = Type.Object({ invitations: Type.Array(invitationSchema) }, strict)

/** `POST /api/v1/me/clinics`: the code of an invitation, by somebody who has an account. */
export const joinClinicBodySchema = Type.Object({ code: Type.String({ minLength: 10, maxLength: 32 }) }, strict)
export const joinedClinicAnswerSchema = Type.Object({ clinicId: idSchema<'Clinic'>() }, strict)

export const roleSchema = Type.Object(
  {
    id: idSchema<'Role'>(),
    name: textSchema(64),
    grants: Type.Array(grantSchema),
    /** How many people have it. */
    userCount: Type.Integer({ minimum: 0 }),
  },
  strict,
)
export type Role = Type.Static<typeof roleSchema>
export const roleAnswerSchema = Type.Object({ role: roleSchema }, strict)
export const rolesAnswerSchema = Type.Object({ roles: Type.Array(roleSchema) }, strict)
export const createRoleBodySchema = Type.Object({ name: nameSchema(64), grants: grantsSchema() }, strict)
export type CreateRoleBody = Type.Static<typeof createRoleBodySchema>
export const changeRoleBodySchema = Type.Object(
  { name: Type.Optional(nameSchema(64)), grants: Type.Optional(grantsSchema()) },
  { ...strict, minProperties: 1 },
)
export type ChangeRoleBody = Type.Static<typeof changeRoleBodySchema>

/** `GET /api/v1/permissions`: every permission there is, in words, and the scopes it can be given in. */
export const permissionsAnswerSchema = Type.Object(
  {
    permissions: Type.Array(Type.Object({ name: oneOf(PERMISSIONS), about: Type.String() }, strict)),
    scopes: Type.Array(oneOf(SCOPES)),
  },
  strict,
)

/** A machine that somebody of the clinic has signed in on. */
export const clinicDeviceSchema = Type.Object(
  {
    id: idSchema<'Device'>(),
    name: textSchema(80),
    lastUserId: idSchema<'User'>(),
    lastUserName: textSchema(160),
    createdAt: instantSchema(),
    lastSeenAt: instantSchema(),
    /** Changes that waited on it when it was last heard of. */
    unsentCount: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    revokedAt: nullable(instantSchema()),
  },
  strict,
)
export type ClinicDevice = Type.Static<typeof clinicDeviceSchema>
export const devicesAnswerSchema = Type.Object({ devices: Type.Array(clinicDeviceSchema) }, strict)

/** `PUT /api/v1/me/device`: what the device of this session has not sent yet. */
export const ownDeviceBodySchema = Type.Object(
  { unsentCount: Type.Integer({ minimum: 0, maximum: 1_000_000 }) },
  strict,
)
