/** What people send about their own accounts, before and after they are signed in. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, localDaySchema, nullable, textSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

/** Pages of the app to which the links of e-mails lead; the secret stands after `#`, so that it reaches no server's log. */
export const ACCOUNT_PATHS = {
  registration: '/account/registration',
  password: '/account/password',
  email: '/account/email',
} as const
export type AccountPage = keyof typeof ACCOUNT_PATHS

/** An address as it is typed; whether it exists is found out by writing to it. */
export const emailSchema = () => Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' })
/** Longer than any rule asks, so that the rule answers and not the schema. */
const passwordSchema = () => Type.String({ minLength: 1, maxLength: 1024 })
const linkTokenSchema = () => Type.String({ minLength: 16, maxLength: 256 })
const personNameSchema = () => Type.String({ minLength: 1, maxLength: 160, pattern: '\\S' })

/** `POST /api/v1/auth/password-reset`. */
export const passwordResetBodySchema = Type.Object({ email: emailSchema() }, strict)

/** `POST /api/v1/auth/password`: with what stands after `#` in a reset link or an invitation. */
export const setPasswordBodySchema = Type.Object({ token: linkTokenSchema(), password: passwordSchema() }, strict)

/** `POST /api/v1/registrations`: a patient's own account in one clinic. */
export const registrationBodySchema = Type.Object(
  {
    clinicId: idSchema<'Clinic'>(),
    name: personNameSchema(),
    birthDate: localDaySchema(),
    email: emailSchema(),
    password: passwordSchema(),
  },
  strict,
)
export type RegistrationBody = Type.Static<typeof registrationBodySchema>

/** `GET /api/v1/registrations`: where patients may register themselves. */
export const openClinicsAnswerSchema = Type.Object(
  { clinics: Type.Array(Type.Object({ id: idSchema<'Clinic'>(), name: textSchema(160) }, strict)) },
  strict,
)

/** `POST /api/v1/registrations/confirm` and `POST /api/v1/auth/email`: with what stands after `#` in the link. */
export const confirmBodySchema = Type.Object({ token: linkTokenSchema() }, strict)

/** `POST /api/v1/me/password`. */
export const changePasswordBodySchema = Type.Object(
  { currentPassword: passwordSchema(), newPassword: passwordSchema() },
  strict,
)

/** `POST /api/v1/me/email`: the password again, because whoever holds the address can reset it. */
export const changeEmailBodySchema = Type.Object({ email: emailSchema(), password: passwordSchema() }, strict)

/** `POST /api/v1/me/patients`: the code that the desk handed out. */
export const linkCodeBodySchema = Type.Object({ code: Type.String({ minLength: 10, maxLength: 32 }) }, strict)
export const linkedPatientAnswerSchema = Type.Object({ patientId: idSchema<'Patient'>() }, strict)

/** `POST /api/v1/patients/{id}/link-code`. The code is shown once. */
export const linkCodeAnswerSchema = Type.Object({ code: Type.String(), expiresAt: instantSchema() }, strict)

/** `POST /api/v1/patients/{id}/invitation`. */
export const inviteByEmailBodySchema = Type.Object({ email: emailSchema() }, strict)

/** Two patients who may be one person: born on the same day, with names that are alike. */
export const likelyDuplicateSchema = Type.Object(
  {
    patientId: idSchema<'Patient'>(),
    patientName: textSchema(160),
    otherId: idSchema<'Patient'>(),
    otherName: textSchema(160),
    birthDate: nullable(localDaySchema()),
    createdAt: instantSchema(),
  },
  strict,
)
export type LikelyDuplicate = Type.Static<typeof likelyDuplicateSchema>

/** `GET /api/v1/patients/likely-duplicates`. */
export const likelyDuplicatesAnswerSchema = Type.Object({ duplicates: Type.Array(likelyDuplicateSchema) }, strict)

/** `POST /api/v1/patients/likely-duplicates/settle`. */
export const duplicatePairSchema = Type.Object(
  { patientId: idSchema<'Patient'>(), otherId: idSchema<'Patient'>() },
  strict,
)
export type DuplicatePair = Type.Static<typeof duplicatePairSchema>
