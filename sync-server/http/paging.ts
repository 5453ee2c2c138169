/**
 * Cursors: where a page ended, in a form that nobody but this server can make or read. A cursor holds the sort key of the last
 * item, so a list keeps its place whatever is inserted or deleted meanwhile. It is sealed, because the key may be a patient's
 * name and a cursor travels in an address, and it opens for the list, the filters and the person it was given to alone.
 */
import type { FastifyRequest } from 'fastify'
import { DEFAULT_LIMIT } from '#domain/api/page-api.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { createSeal } from '#server/operations/seal.ts'
import { getSession } from './access-rule.ts'
import { ApiError } from './api-error.ts'

/** The sort key of an item, its id last. */
export type Place = readonly (string | number)[]

export type Page = {
  readonly limit: number
  /** Where the page before ended; undefined for the first. */
  readonly after: Place | undefined
  /** The way to the next page; null where there is none. */
  cursorOf(last: Place | null): string | null
}

export type Paging = (request: FastifyRequest) => Page

export function createPaging(secretKey: string): Paging {
  const seal = createSeal(secretKey, 'cursor')
  return (request) => {
    const { limit = DEFAULT_LIMIT, cursor, ...filters } = request.query as { limit?: number; cursor?: string }
    const { clinicId, userId } = getSession(request)
    const list = canonicalText({ route: request.routeOptions.url, clinicId, userId, filters })
    return {
      limit,
      after: cursor === undefined ? undefined : placeIn(seal.open(cursor, list)),
      cursorOf: (last) => last && seal.close(JSON.stringify(last), list),
    }
  }
}

/** What was sealed here was written here, so it has the form of a place. */
function placeIn(text: string | null): Place {
  if (text !== null) return JSON.parse(text) as Place
  throw new ApiError('invalid-field', { field: 'cursor', message: '"cursor" was not given out for this list.' })
}
