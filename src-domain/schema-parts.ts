/** Small schemas that several documents share. Lengths are the column widths of the database. */
import Type, { type TSchema } from 'typebox'
import { LAST_INSTANT } from './time/instant.ts'

/** The given schema, or null. */
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** An instant: epoch milliseconds, UTC, a whole number. The bounds are the ones an index needs (years 1970 to 2286). */
export const instantSchema = () => Type.Integer({ minimum: 0, maximum: LAST_INSTANT, multipleOf: 1 })

/** A day of the clinic's calendar, `YYYY-MM-DD`. */
export const localDaySchema = () =>
  Type.String({
    minLength: 10,
    maxLength: 10,
    pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
  })

/** A time on the clinic's wall, `HH:mm`, 00:00 to 23:59. */
export const localTimeSchema = () =>
  Type.String({
    minLength: 5,
    maxLength: 5,
    pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  })

/** An IANA time zone name; whether the zone exists is checked by `isZone`. */
export const zoneSchema = () => Type.String({ minLength: 1, maxLength: 64 })

/** The count of writes a document has seen, set by the server alone. */
export const revisionSchema = () => Type.Integer({ minimum: 0, maximum: 2_147_483_647 })

/** Free text of at most `maxLength` characters. */
export const textSchema = (maxLength: number) => Type.String({ maxLength })

/** One of a fixed list of words: a plain string with an enumeration, so that RxDB can index it. */
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Unsafe<Values[number]>(Type.String({ enum: [...values], maxLength: 32 }))
