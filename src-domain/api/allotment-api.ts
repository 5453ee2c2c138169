/** `/api/v1/allotments`: times that devices keep, so that what they book into them without a connection is final. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { allotmentSchema } from '#domain/schedule/allotment.ts'
import { instantSchema, nullable } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

/** `POST` and `POST …/hand-back`: what this device keeps from now on. */
export const allotmentListSchema = Type.Object({ allotments: Type.Array(allotmentSchema) }, strict)
export type AllotmentList = Type.Static<typeof allotmentListSchema>

export const handBackBodySchema = Type.Object(
  { allotmentIds: Type.Array(idSchema<'Allotment'>(), { minItems: 1, maxItems: 200 }) },
  strict,
)
export type HandBackBody = Type.Static<typeof handBackBodySchema>

/** `lastContactAt`: when the device was last heard of; null where the server has forgotten it. */
export const allotmentAnswerSchema = Type.Object(
  { allotment: allotmentSchema, lastContactAt: nullable(instantSchema()) },
  strict,
)
export type AllotmentAnswer = Type.Static<typeof allotmentAnswerSchema>
