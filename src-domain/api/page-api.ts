/** How lists are asked for and answered: a page at a time, each with the way to the next. */
import Type, { type TProperties, type TSchema } from 'typebox'
import { nullable } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const

export const DEFAULT_LIMIT = 100
export const MOST_PER_PAGE = 500

/** What every list takes beside its filters. A cursor is good for the list, the filters and the person it was given to. */
const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_PER_PAGE })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
} as const

/** The query of a list with these filters. */
export const listQueryOf = <Filters extends TProperties>(filters: Filters) =>
  Type.Object({ ...filters, ...pageQuery }, strict)

/** The answer of a list; `nextCursor` is null on the last page. */
export const pageOf = <Name extends string, Item extends TSchema>(name: Name, item: Item) =>
  Type.Object(
    { [name]: Type.Array(item), nextCursor: nullable(Type.String()) } as Record<
      Name,
      ReturnType<typeof arrayOf<Item>>
    > & {
      nextCursor: ReturnType<typeof nullableText>
    },
    strict,
  )

const arrayOf = <Item extends TSchema>(item: Item) => Type.Array(item)
const nullableText = () => nullable(Type.String())
