import { localDaySchema } from '#domain/schema-parts.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { isLocalDay } from '#domain/time/clinic-time.ts'

type Schema = { readonly pattern?: string; readonly anyOf?: readonly Schema[] }
const DAY = (localDaySchema() as Schema).pattern

const holdsDay = ({ pattern, anyOf = [] }: Schema): boolean => pattern === DAY || anyOf.some(holdsDay)

/** The first field whose day is not in the calendar, such as 30 February: its shape alone does not tell. */
export function brokenDay(collection: CollectionName, document: WireDocument): string | undefined {
  const values = document as unknown as Readonly<Record<string, unknown>>
  return Object.entries(definitionOf(collection).schema.properties)
    .filter(([, schema]) => holdsDay(schema as Schema))
    .map(([field]) => field)
    .find((field) => typeof values[field] === 'string' && !isLocalDay(values[field]))
}
