/** Answers to searches: one page of what was found, with the way to the next. */
import type { Bundle, FhirResource } from 'fhir/r4.js'
import type { Search } from './fhir-request.ts'

type Results = {
  readonly resources: readonly FhirResource[]
  /** Undefined where counting means working all of it out. */
  readonly total: number | undefined
  /** What `_after` of the next page is; undefined on the last. */
  readonly next: string | undefined
}

/** @param base the address of the FHIR service */
export function searchBundle(base: string, type: string, search: Search, { resources, total, next }: Results): Bundle {
  const link = [{ relation: 'self', url: linkTo(base, type, search.used) }]
  if (next !== undefined && search.count > 0) {
    const used = search.used.filter(([name]) => name !== '_after')
    link.push({ relation: 'next', url: linkTo(base, type, [...used, ['_after', next]]) })
  }
  const entry = resources.map((resource) => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode: 'match' as const },
  }))
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total !== undefined && { total }),
    link,
    ...(entry.length > 0 && { entry }),
  }
}

function linkTo(base: string, type: string, used: Search['used']): string {
  const query = used.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  return `${base}/${type}${query === '' ? '' : `?${query}`}`
}
