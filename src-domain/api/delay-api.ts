/** `/api/v1/delays` and `/api/v1/doctors/{id}/delay`: how late doctors say they run today, and telling their patients. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { DELAY } from '#domain/schedule/doctor-delay.ts'
import { instantSchema, localDaySchema } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
const minutes = Type.Integer({ minimum: 0, maximum: DELAY.most })

/** Of today, by the clinic's calendar. */
export const delayViewSchema = Type.Object(
  {
    doctorId: idSchema<'Doctor'>(),
    day: localDaySchema(),
    minutes,
    setAt: instantSchema(),
    /** The visits whose patients have been told this figure, or are about to be. */
    told: Type.Array(idSchema<'Appointment'>()),
  },
  strict,
)
export type DelayView = Type.Static<typeof delayViewSchema>
export const delayListSchema = Type.Object({ delays: Type.Array(delayViewSchema) }, strict)
export const delayAnswerSchema = Type.Object({ delay: delayViewSchema }, strict)

/** `PUT`: 0 is back on time. */
export const delayBodySchema = Type.Object({ minutes }, strict)
export type DelayBody = Type.Static<typeof delayBodySchema>

/** `POST …/messages`: the figure that was seen, so that nobody tells another one. */
export const tellDelayBodySchema = Type.Object({ minutes: Type.Integer({ minimum: 1, maximum: DELAY.most }) }, strict)
export const tellDelayAnswerSchema = Type.Object(
  { batchId: idSchema<'DelayBatch'>(), count: Type.Integer({ minimum: 0 }), delay: delayViewSchema },
  strict,
)
export type TellDelayAnswer = Type.Static<typeof tellDelayAnswerSchema>
