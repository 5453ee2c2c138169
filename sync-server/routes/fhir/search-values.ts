/** Values of search parameters that several resources share: dates, references and what repeated parameters have in common. */
import { boundsOfDate, type InstantBounds, narrow } from '#domain/fhir/date-search.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import { badValue, idInReference, type Search } from './fhir-request.ts'

/**
 * The stretch that every value of a date parameter allows.
 * @throws FhirError for a value that is no date
 */
export function boundsOf(search: Search, name: string, zone: Zone): InstantBounds {
  return search.all(name).reduce<InstantBounds>((bounds, value) => {
    const next = boundsOfDate(value, zone)
    if (!next) throw badValue(name)
    return narrow(bounds, next)
  }, {})
}

/**
 * The ids in each value of a parameter whose references are to one type; the alternatives of a value stand together.
 * @throws FhirError for a reference to something else
 */
export const referencesIn = (search: Search, name: string, type: string, base: string): string[][] =>
  search.all(name).map((value) =>
    value.split(',').map((text) => {
      const id = idInReference(text, type, base, { isBareAllowed: true })
      if (id === undefined) throw badValue(name)
      return id
    }),
  )

/** What stands in every list. */
export function inAll<Item>([first = [], ...others]: readonly (readonly Item[])[]): Item[] {
  return first.filter((item) => others.every((list) => list.includes(item)))
}
