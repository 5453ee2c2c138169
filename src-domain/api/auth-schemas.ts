/** What log-in and sessions send and answer under `/api/v1/auth`. */
import Type from 'typebox'
import { PERMISSIONS, SCOPES } from '#domain/access/permissions.ts'
import { policiesSchema } from '#domain/clinic/policies.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, oneOf, textSchema, zoneSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

/** The machine a session lives on; the client makes the id once and keeps it. */
export const deviceSchema = Type.Object({ id: idSchema<'Device'>(), name: textSchema(80) }, strict)

/**
 * `POST /api/v1/auth/login`. With `transport: 'cookie'` (the browser twin) the session travels in an HttpOnly cookie and
 * the answer holds a CSRF token for the `x-csrf-token` header; otherwise the answer holds the bearer token.
 */
export const loginBodySchema = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    transport: Type.Optional(oneOf(['token', 'cookie'])),
    device: Type.Optional(deviceSchema),
    /** Needed by people who belong to several clinics; the answer `choose-clinic` lists them. */
    clinicId: Type.Optional(idSchema<'Clinic'>()),
  },
  strict,
)
export type LoginBody = Type.Static<typeof loginBodySchema>

/** Who is signed in, in which clinic, and what they may do: enough for a client to decide what to offer. */
export const signedInUserSchema = Type.Object(
  {
    id: idSchema<'User'>(),
    name: textSchema(160),
    email: textSchema(254),
    clinic: Type.Object(
      {
        id: idSchema<'Clinic'>(),
        name: textSchema(160),
        zone: zoneSchema(),
        /** Where to call, '' where the clinic has not said, and how long before a visit patients have to; absent in older answers. */
        phone: Type.Optional(textSchema(40)),
        changeCutoffMinutes: Type.Optional(Type.Integer({ minimum: 0 })),
        /** The policy of that name; left out by servers that did not know it. */
        waitingLimitMinutes: Type.Optional(policiesSchema.properties.waitingLimitMinutes),
      },
      strict,
    ),
    doctorId: nullable(idSchema<'Doctor'>()),
    patientIds: Type.Array(idSchema<'Patient'>()),
    roles: Type.Array(textSchema(64)),
    grants: Type.Array(Type.Object({ permission: oneOf(PERMISSIONS), scope: oneOf(SCOPES) }, strict)),
  },
  strict,
)
export type SignedInUser = Type.Static<typeof signedInUserSchema>

/** Exactly one of `token` and `csrfToken` is there, by the transport asked for. `serverTime` shows the clock's skew. */
export const loginAnswerSchema = Type.Object(
  {
    user: signedInUserSchema,
    token: Type.Optional(Type.String()),
    csrfToken: Type.Optional(Type.String()),
    /** Shown once, when this log-in has confirmed a new second factor. */
    recoveryCodes: Type.Optional(Type.Array(Type.String())),
    serverTime: instantSchema(),
  },
  strict,
)
export type LoginAnswer = Type.Static<typeof loginAnswerSchema>

/** `GET /api/v1/auth/me`: the same without a token; a cookie session gets its CSRF token again. */
export const meAnswerSchema = Type.Object(
  { user: signedInUserSchema, csrfToken: Type.Optional(Type.String()), serverTime: instantSchema() },
  strict,
)
export type MeAnswer = Type.Static<typeof meAnswerSchema>

/** `POST /api/v1/auth/socket-ticket`: a one-use ticket for the sync socket, good for 30 seconds. */
export const socketTicketAnswerSchema = Type.Object({ ticket: Type.String(), expiresAt: instantSchema() }, strict)
export type SocketTicketAnswer = Type.Static<typeof socketTicketAnswerSchema>

/** One row of `GET /api/v1/auth/sessions`. */
export const sessionSchema = Type.Object(
  {
    id: idSchema<'Session'>(),
    deviceName: textSchema(80),
    createdAt: instantSchema(),
    lastSeenAt: instantSchema(),
    expiresAt: instantSchema(),
    isCurrent: Type.Boolean(),
  },
  strict,
)
export type SessionRow = Type.Static<typeof sessionSchema>
