/** `POST /api/v1/setup`: the first clinic and its first administrator, with the secret of the one-time set-up link. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { zoneSchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

export const setUpBodySchema = Type.Object(
  {
    /** What stands after `#` in the link that the server printed at its start. */
    token: Type.String({ minLength: 16, maxLength: 256 }),
    clinic: Type.Object({ name: Type.String({ minLength: 1, maxLength: 160 }), zone: zoneSchema() }, strict),
    admin: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 160 }),
        email: Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' }),
        password: Type.String({ minLength: 12, maxLength: 1024 }),
      },
      strict,
    ),
  },
  strict,
)
export type SetUpBody = Type.Static<typeof setUpBodySchema>

export const setUpAnswerSchema = Type.Object({ clinicId: idSchema<'Clinic'>() }, strict)
