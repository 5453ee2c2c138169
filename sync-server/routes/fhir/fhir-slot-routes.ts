/** Slot: read and search. No slot is stored: both work out what is free at the moment of asking. */
import { parseSlotId } from '#domain/fhir/slot-id.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { findStatedSlot, findStatedSlots } from '#server/operations/find-stated-slots.ts'
import { readDirectory } from '#server/operations/read-directory.ts'
import { searchBundle } from './bundle.ts'
import { type FhirDeps, fhirTags, resourceAnswers } from './fhir-deps.ts'
import { idParams } from './fhir-ids.ts'
import { sendJson, sendResource } from './fhir-reply.ts'
import { readSearch, type Search, searchQuery } from './fhir-request.ts'
import { parseSlotPlace, SLOT_PARAMETERS, slotCriteria } from './slot-criteria.ts'
import { toFhirSlot } from './to-slot.ts'

const config = { permission: 'book-appointment' } as const

export function registerFhirSlotRoutes(app: App, deps: FhirDeps): void {
  app.get(
    '/Slot',
    {
      config,
      schema: {
        tags: fhirTags,
        summary: 'Search the times the caller may book; start is needed',
        querystring: searchQuery(...SLOT_PARAMETERS),
        response: resourceAnswers,
      },
    },
    async (request, reply) => {
      const search = readSearch(request, SLOT_PARAMETERS)
      const subject = await getSession(request).subject()
      const directory = await readDirectory(deps, subject)
      const base = deps.baseUrl(request)
      const criteria = slotCriteria(search, base, directory)
      const page = { limit: limitOf(search), after: parseSlotPlace(search.after) }
      const { items, hasMore } = criteria
        ? await findStatedSlots(deps, subject, criteria, page)
        : { items: [], hasMore: false }
      const resources = items.slice(0, search.count).map((slot) => toFhirSlot(slot, directory))
      const isWhole = page.after === undefined && !hasMore
      const total = isWhole ? items.length : undefined
      return sendJson(
        reply,
        searchBundle(base, 'Slot', search, { resources, total, next: hasMore ? items.at(-1)?.id : undefined }),
      )
    },
  )
  app.get(
    '/Slot/:id',
    { config, schema: { tags: fhirTags, summary: 'One time', params: idParams, response: resourceAnswers } },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const key = parseSlotId(request.params.id)
      const slot = key && (await findStatedSlot(deps, subject, key))
      if (!slot) throw new ApiError('not-found')
      return sendResource(request, reply, toFhirSlot(slot, await readDirectory(deps, subject)))
    },
  )
}

/** Who asks for none of them asks how many there are. */
const limitOf = ({ count }: Search): number => (count === 0 ? Number.POSITIVE_INFINITY : count)
