/** Second factors and access tokens, as people set them up. */
import Type from 'typebox'
import { PERMISSIONS, type Permission } from '#domain/access/permissions.ts'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, oneOf, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
const passwordSchema = () => Type.String({ minLength: 1, maxLength: 1024 })
const challengeSchema = () => Type.String({ minLength: 16, maxLength: 256 })
/** Six digits of an app, or a recovery code, with blanks and dashes as they come. */
const codeSchema = () => Type.String({ minLength: 6, maxLength: 40 })

/** `POST /api/v1/auth/second-factor`: the challenge of `second-factor-required`, and a code. */
export const secondFactorBodySchema = Type.Object({ challenge: challengeSchema(), code: codeSchema() }, strict)
/** `POST /api/v1/auth/second-factor/enrolment`: for a challenge with `isEnrolment`. */
export const enrolByChallengeBodySchema = Type.Object({ challenge: challengeSchema() }, strict)
/** The secret for typing in (base32), and the address that an authenticator app takes. */
export const enrolmentAnswerSchema = Type.Object({ secret: Type.String(), uri: Type.String() }, strict)
export type EnrolmentAnswer = Type.Static<typeof enrolmentAnswerSchema>

/** `GET /api/v1/me/second-factor`: whether there is one, whether the clinic asks for one, and recovery codes not yet used. */
export const factorStateAnswerSchema = Type.Object(
  { isOn: Type.Boolean(), isDemanded: Type.Boolean(), codesLeft: Type.Integer({ minimum: 0 }) },
  strict,
)
export type FactorState = Type.Static<typeof factorStateAnswerSchema>

/** `POST /api/v1/me/second-factor`, and `POST /api/v1/me/password-check`. */
export const passwordOnlyBodySchema = Type.Object({ password: passwordSchema() }, strict)
/** `POST /api/v1/me/second-factor/confirm`. */
export const codeOnlyBodySchema = Type.Object({ code: codeSchema() }, strict)
/** `POST /api/v1/me/second-factor/remove` and `…/recovery-codes`. */
export const fullProofBodySchema = Type.Object({ password: passwordSchema(), code: codeSchema() }, strict)
/** Ten codes, each for one use, shown once. */
export const recoveryCodesAnswerSchema = Type.Object({ recoveryCodes: Type.Array(Type.String()) }, strict)

/** What no access token may do, whoever owns it: accounts are administered by people who are signed in. */
const FOR_PEOPLE_ONLY: readonly Permission[] = ['manage-users', 'manage-roles', 'manage-devices']
export const ABILITIES = PERMISSIONS.filter((permission) => !FOR_PEOPLE_ONLY.includes(permission))

/** `POST /api/v1/tokens`. A token can do what its owner can and its abilities name; never more. */
export const createTokenBodySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
    abilities: Type.Array(oneOf(ABILITIES), { minItems: 1, maxItems: ABILITIES.length, uniqueItems: true }),
    expiresInDays: Type.Integer({ minimum: 1, maximum: 365 }),
    password: passwordSchema(),
  },
  strict,
)
export type CreateTokenBody = Type.Static<typeof createTokenBodySchema>

export const accessTokenSchema = Type.Object(
  {
    id: idSchema<'AccessToken'>(),
    name: textSchema(80),
    abilities: Type.Array(oneOf(ABILITIES)),
    createdAt: instantSchema(),
    expiresAt: instantSchema(),
    lastUsedAt: nullable(instantSchema()),
  },
  strict,
)
export type AccessToken = Type.Static<typeof accessTokenSchema>
/** The token itself is in this answer alone. */
export const createdTokenAnswerSchema = Type.Object({ accessToken: accessTokenSchema, token: Type.String() }, strict)
export const tokensAnswerSchema = Type.Object({ tokens: Type.Array(accessTokenSchema) }, strict)
