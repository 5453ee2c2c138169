/** What every FHIR request says beside its subject: the format it wants, how strictly it is read, and the page it is about. */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { FhirError } from './fhir-error.ts'

export const FHIR_PATH = '/fhir/r4'

const value = () =>
  Type.Union([Type.String({ maxLength: 1000 }), Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 10 })])

/** The query of a search, for the API's description: which parameters count is decided by `readSearch`. */
export const searchQuery = (...names: readonly string[]) =>
  Type.Object(Object.fromEntries([...names, ...PAGING].map((name) => [name, Type.Optional(value())])), {
    additionalProperties: value(),
  })

const PAGING = ['_count', '_after', '_format', '_pretty'] as const

/** A search as it was understood. */
export type Search = {
  /** Every value of a parameter; all of them must hold. */
  all(name: string): readonly string[]
  readonly count: number
  /** What the link to the next page carries. */
  readonly after: string | undefined
  /** The parameters that count, for the links. */
  readonly used: readonly (readonly [string, string])[]
}

const PAGE = 50
const LARGEST_PAGE = 200

/**
 * Reads the parameters of a search.
 * @param known the parameters this search understands
 * @throws FhirError for any other, unless the client prefers that they are ignored: a filter that silently does not apply answers
 * with more than was asked for
 */
export function readSearch(request: FastifyRequest, known: readonly string[]): Search {
  const query = Object.entries(request.query as Record<string, string | readonly string[]>)
  const pairs = query.flatMap(([name, given]) => [given].flat().map((each) => [name, each] as const))
  return searchOf(pairs, [...known, ...PAGING], preferences(request).has('handling=lenient'))
}

/** The same for parameters that come from elsewhere than the address. */
export function searchOf(
  pairs: readonly (readonly [string, string])[],
  known: readonly string[],
  isLenient = false,
): Search {
  const unknown = pairs.find(([name]) => !known.includes(name))
  if (unknown && !isLenient) {
    throw new FhirError(400, 'not-supported', 'This search parameter is not supported.', unknown[0].slice(0, 80))
  }
  const used = pairs.filter(([name]) => known.includes(name))
  const all = (name: string) => used.filter(([each]) => each === name).map(([, each]) => each)
  return { all, used, count: countOf(all('_count')), after: all('_after')[0] }
}

function countOf([text, ...others]: readonly string[]): number {
  if (text === undefined) return PAGE
  if (others.length > 0 || !/^\d{1,9}$/.test(text)) throw badValue('_count')
  return Math.min(Number(text), LARGEST_PAGE)
}

export const badValue = (name: string): FhirError =>
  new FhirError(400, 'value', 'The value of this search parameter cannot be understood.', name)

/** What the client prefers (RFC 7240), as `name=value` in lower case. */
export function preferences({ headers }: FastifyRequest): ReadonlySet<string> {
  const texts = [headers.prefer ?? []].flat().join(',').toLowerCase()
  return new Set(texts.split(/[,;]/).map((text) => text.replaceAll(/[\s"]/g, '')))
}

const JSON_NAMES = /^(json|(application|text)\/(fhir\+)?json)$/

/** Fastify's `preValidation`: JSON is the one format. `_format` wins over `Accept` (FHIR R4, section 3.1.0.1.11). */
export async function refuseOtherFormats({ query, headers }: FastifyRequest): Promise<void> {
  const [format] = [(query as { _format?: string | string[] })._format ?? []].flat()
  const wanted = format === undefined ? (headers.accept ?? '*/*').split(',') : [format.replaceAll(' ', '+')]
  const isServed = wanted.some((text) => {
    const name = (text.split(';')[0] ?? '').trim().toLowerCase()
    return (
      JSON_NAMES.test(name) || (format === undefined && (name === '*/*' || name === 'application/*' || name === ''))
    )
  })
  if (!isServed) throw new FhirError(406, 'not-supported', 'This server speaks application/fhir+json.')
}

/** The version in `If-Match: W/"3"` (or `"3"`); undefined without the header. */
export function wantedVersion({ headers }: FastifyRequest): number | undefined {
  const text = headers['if-match']
  if (text === undefined) return undefined
  const parts = /^(?:W\/)?"(\d{1,10})"$/.exec(text.trim())
  if (!parts) throw new FhirError(400, 'value', 'If-Match must carry one version, such as W/"3".')
  return Number(parts[1])
}

/** The address under which the client reached this server, for links and locations. */
export const createBaseUrl =
  (publicUrl: string | null) =>
  (request: FastifyRequest): string =>
    `${publicUrl ?? `${request.protocol}://${request.host}`}${FHIR_PATH}`
export type BaseUrl = (request: FastifyRequest) => string

/**
 * The id in a reference to a resource of one type: `Practitioner/1`, the same under this server's address, or where the type is
 * clear from the parameter the id alone.
 * @returns undefined for a reference to something else
 */
export function idInReference(
  text: string,
  type: string,
  base: string,
  { isBareAllowed = false } = {},
): string | undefined {
  const local = text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text
  const [first = '', second, ...rest] = local.split('/')
  if (second === undefined) return isBareAllowed && first !== '' ? first : undefined
  const isVersion = rest.length === 2 && rest[0] === '_history'
  return first === type && second !== '' && (rest.length === 0 || isVersion) ? second : undefined
}
