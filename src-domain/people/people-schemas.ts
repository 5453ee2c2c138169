/** Doctors and patients as they travel between server and clients. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { localDaySchema, nullable, oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'

/** Someone who can be booked. Every field is public to the clinic's users and patients. */
export const doctorSchema = Type.Object(
  {
    id: idSchema<'Doctor'>(),
    clinicId: idSchema<'Clinic'>(),
    userId: nullable(idSchema<'User'>()),
    locationId: nullable(idSchema<'Location'>()),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    specialization: Type.String({ maxLength: 80 }),
    bio: textSchema(2000),
    languages: Type.Array(textSchema(16), { maxItems: 16 }),
    room: textSchema(40),
    /** Order of the columns on the board, ascending. */
    position: Type.Integer({ minimum: 0, maximum: 100_000 }),
    isActive: Type.Boolean(),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Doctor = Type.Static<typeof doctorSchema>

export const GENDERS = ['female', 'male', 'other', 'unknown'] as const

/** Someone who books or is booked for. Never keyed by e-mail: one contact may serve several patients. */
export const patientSchema = Type.Object(
  {
    id: idSchema<'Patient'>(),
    clinicId: idSchema<'Clinic'>(),
    userId: nullable(idSchema<'User'>()),
    name: Type.String({ minLength: 1, maxLength: 160 }),
    birthDate: nullable(localDaySchema()),
    gender: oneOf(GENDERS),
    phone: textSchema(40),
    email: textSchema(254),
    alerts: Type.Array(textSchema(200), { maxItems: 20 }),
    note: textSchema(2000),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Patient = Type.Static<typeof patientSchema>
