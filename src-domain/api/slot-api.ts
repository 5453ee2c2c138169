/** What the REST API takes and gives for free times under `/api/v1/slots`. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { PUBLISH_MODES } from '#domain/schedule/slot-search.ts'
import { instantSchema, localDaySchema, localTimeSchema, nullable, oneOf } from '#domain/schema-parts.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const

/** Distance of the starts offered unless the caller wants another, in minutes; shorter visits follow each other. */
export const DEFAULT_STEP_MINUTES = 15

const days = { from: localDaySchema(), to: localDaySchema() } as const
const step = Type.Optional(Type.Integer({ minimum: 5, maximum: 240 }))
const typeId = idSchema<'AppointmentType'>()
/** One doctor, those of a specialization, or (neither) any doctor the type allows. */
const whose = {
  doctorId: Type.Optional(idSchema<'Doctor'>()),
  specialization: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
} as const

/** `GET /api/v1/slots`: local days of the clinic, `to` included, at most 62 days apart; `step` in minutes. */
const searched = { typeId, ...days, step } as const
export const slotsQuerySchema = listQueryOf({ ...searched, ...whose })
export type SlotsQuery = Type.Static<typeof slotsFilterSchema>
const slotsFilterSchema = Type.Object({ ...searched, ...whose }, strict)

/** `GET /api/v1/doctors/{id}/slots`. */
export const doctorSlotsQuerySchema = listQueryOf(searched)

/** A free time, true at the moment of asking. */
export const slotSchema = Type.Object(
  {
    doctorId: idSchema<'Doctor'>(),
    start: instantSchema(),
    end: instantSchema(),
    /** The same on the clinic's wall. */
    date: localDaySchema(),
    time: localTimeSchema(),
    /** What a patient's booking comes to: confirmed at once, a request, or not for patients. */
    mode: oneOf(PUBLISH_MODES),
    /** The room it would take; null when it needs none. */
    roomId: nullable(idSchema<'Room'>()),
    /** Of a group visit; 1 for a visit of one patient. */
    seatsLeft: Type.Integer({ minimum: 1 }),
  },
  strict,
)
export type SlotAnswer = Type.Static<typeof slotSchema>

/** In order of time, then of the board's columns. */
export const slotsAnswerSchema = pageOf('slots', slotSchema)

/** `GET /api/v1/slots/next-free`: the first free times across doctors, from now on. */
export const nextFreeQuerySchema = Type.Object(
  { typeId, ...whose, step, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })) },
  strict,
)
export type NextFreeQuery = Type.Static<typeof nextFreeQuerySchema>
/** Fewer than asked for: there are no more up to and including `searchedTo`. */
export const nextFreeAnswerSchema = Type.Object({ slots: Type.Array(slotSchema), searchedTo: localDaySchema() }, strict)

/** `GET /api/v1/slots/third-next-available`. */
export const thirdNextQuerySchema = Type.Object({ typeId, ...whose }, strict)
export type ThirdNextQuery = Type.Static<typeof thirdNextQuerySchema>
/**
 * For each doctor how many days from today the third free visit of the type lies: the first two may be chance gaps. Null when
 * there are fewer than three up to and including `searchedTo`. Visits counted do not overlap.
 */
export const thirdNextAnswerSchema = Type.Object(
  {
    doctors: Type.Array(
      Type.Object(
        {
          doctorId: idSchema<'Doctor'>(),
          days: nullable(Type.Integer({ minimum: 0 })),
          start: nullable(instantSchema()),
          date: nullable(localDaySchema()),
          time: nullable(localTimeSchema()),
        },
        strict,
      ),
    ),
    today: localDaySchema(),
    searchedTo: localDaySchema(),
  },
  strict,
)
export type ThirdNextAnswer = Type.Static<typeof thirdNextAnswerSchema>
