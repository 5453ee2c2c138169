/** Requests made from the API's own description: as it asks for, a little wrong, and hostile. */
import fc from 'fast-check'
import { aValueOf, HOSTILE, type JsonSchema, maybe, type Pool, withoutAbsent } from './schema-values.ts'

type Parameter = {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: JsonSchema
}
type Content = { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }
export type Operation = {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}
export type Description = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

/** A request without its author. `body` is text as sent. */
export type Case = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Names that reach into objects, or claim what only the server says. */
const SURPLUS = ['__proto__', 'constructor', 'prototype', 'toString', 'isAdmin', 'role', 'clinicId', '_deleted', '']
/** Ends of addresses that no client library would write. */
const TAILS = [
  'unknown=1',
  'limit=x',
  'limit=1&limit=2',
  'a[b]=c',
  '__proto__=1',
  'from=%00',
  'to=%ED%A0%80',
  '%',
  '&&=',
]
/** Parts of a path that are no id. */
const PLACES = ['%zz', '%00', '%ED%A0%80', 'a%2Fb', '%2e%2e%2fadmin', 'x'.repeat(300), '42', '%F0%9F%98%80']

/** One request to an operation; most reach its rules, some not even its schema. */
export function aCase(path: string, operation: Operation, pool: Pool): fc.Arbitrary<Case> {
  const bodySchema = operation.requestBody?.content?.['application/json']?.schema
  const body = bodySchema ? bodyOf(bodySchema, pool) : fc.constantFrom(undefined, undefined, '{}', '[', 'null')
  return fc
    .record({ url: urlOf(path, operation.parameters ?? [], pool), headers: oddHeaders(), body, type: contentType() })
    .map(({ url, headers, body: text, type }) => ({
      url,
      headers: { ...(text !== undefined && type !== '' && { 'content-type': type }), ...headers },
      body: text,
    }))
}

function urlOf(path: string, parameters: readonly Parameter[], pool: Pool): fc.Arbitrary<string> {
  const inPath = parameters.filter((each) => each.in === 'path')
  const inQuery = parameters.filter((each) => each.in === 'query')
  const place = maybe(fc.constant(undefined), 20, fc.constantFrom(...PLACES))
  const tail = maybe(fc.constant(undefined), 12, fc.constantFrom(...TAILS))
  return fc
    .tuple(pathValues(path, inPath, pool), queryValues(inQuery, pool), place, tail)
    .map(([values, query, odd, more]) => {
      const filled = path.replace(/\{(\w+)\}/g, (_, name) => odd ?? encode(values[name]))
      const pairs = Object.entries(query).flatMap(([name, value]) =>
        [value].flat().map((each) => `${name}=${encode(each)}`),
      )
      const text = [...pairs, ...(more === undefined ? [] : [more])].join('&')
      return text ? `${filled}?${text}` : filled
    })
}

/** What an id in an address is of stands before it: `/patients/{id}`. */
function pathValues(path: string, parameters: readonly Parameter[], pool: Pool) {
  const values = parameters.map(({ name, schema }) => {
    const before = new RegExp(`([\\w-]+)/\\{${name}\\}`).exec(path)?.[1] ?? name
    const known = pool.idsOf?.(before)
    const fitting = known?.length ? fc.constantFrom(...known) : aValueOf(schema, pool, name)
    const other = fc.oneof(fc.constantFrom(...pool.ids), aValueOf(schema, pool, name))
    return [name, maybe(maybe<unknown>(fitting, 12, other), 20, fc.constantFrom(...HOSTILE.filter(isSegment)))] as const
  })
  return fc.record(Object.fromEntries(values))
}

/** An empty part of a path is another path. */
const isSegment = (value: unknown): boolean => value !== '' && !Array.isArray(value)

function queryValues(parameters: readonly Parameter[], pool: Pool): fc.Arbitrary<Record<string, unknown>> {
  const values = parameters.map(({ name, schema, required }) => {
    const usual = maybe(aValueOf(schema, pool, name), 30, fc.constantFrom(...HOSTILE))
    const isNeeded = required === true
    // A search with every filter at once finds nothing.
    const freq = parameters.length > 4 ? 1 : 2
    return [name, maybe(isNeeded ? usual : fc.option(usual, { nil: undefined, freq }), 40, fc.constant(undefined))]
  })
  return fc.record(Object.fromEntries(values)).map(withoutAbsent)
}

/** Headers that mean something to this server, as no client should send them. */
function oddHeaders(): fc.Arbitrary<Record<string, string>> {
  const seldom = <Value>(values: readonly Value[]) =>
    maybe(fc.constant(undefined), 12, fc.constantFrom(...values)) as fc.Arbitrary<string | undefined>
  return fc
    .record({
      'if-match': fc.option(fc.constantFrom('*', '*', '"1"', '"1", "2"', 'W/"1"', '1', '"', '', '"99999999999"')),
      'idempotency-key': fc.option(
        fc.oneof(
          fc.integer({ min: 1, max: 400 }).map((number) => `key-of-a-test-${number}`),
          fc.constantFrom('short', 'with a blank in it', 'x'.repeat(200), ''),
        ),
        { freq: 1 },
      ),
      'if-none-match': seldom(['*', '"1"', '"']),
      'if-none-exist': seldom(['identifier=x', '?', 'date=2026-10-14', '%', 'a=b&a=c']),
      prefer: seldom(['return=minimal', 'handling=lenient', 'return=nothing, ;;']),
      accept: seldom(['text/html', 'application/fhir+xml', '*/*;q=0', ';;;']),
      origin: seldom(['null', 'https://elsewhere.example', 'not an origin']),
      cookie: seldom(['session-0=x', 'a=%zz; ;=', 'x'.repeat(2_000)]),
      range: seldom(['bytes=0-', 'bytes=9-1']),
    })
    .map((headers) =>
      Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] != null)),
    )
}

const contentType = (): fc.Arbitrary<string> =>
  maybe(
    fc.constantFrom('application/json', 'application/json', 'application/json; charset=utf-8'),
    25,
    fc.constantFrom(
      '',
      'text/plain',
      'application/xml',
      'application/fhir+json',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      ';',
    ),
  )

/** Deep enough to end a stack that follows it, small enough to be read. */
const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
const RAW = [
  undefined,
  '',
  '{',
  '{"a":1,"a":2}',
  '\u0000',
  '"\\ud800"',
  '[1,]',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '1e999',
  '\ufeff{}',
  DEEP,
  `{"resourceType":"Appointment","x":${DEEP}}`,
  JSON.stringify({ x: 'x'.repeat(70_000) }),
]

function bodyOf(schema: JsonSchema, pool: Pool): fc.Arbitrary<string | undefined> {
  const usual = aValueOf(schema, pool)
  const spoiled = fc
    .tuple(usual, fc.nat(), fc.constantFrom(...HOSTILE), fc.constantFrom(...SURPLUS), fc.nat(4))
    .map(([value, place, hostile, name, way]) => spoil(value, { place, hostile, name, way }))
  const text = (value: unknown) => JSON.stringify(value)
  return fc.oneof(
    { weight: 12, arbitrary: usual.map(text) },
    { weight: 8, arbitrary: spoiled },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE).map(text) },
    { weight: 1, arbitrary: fc.constantFrom(...RAW) },
  )
}

type Damage = { readonly place: number; readonly hostile: unknown; readonly name: string; readonly way: number }

/** Takes something out of a body, puts something in its place or beside it, or says it twice. */
function spoil(value: unknown, { place, hostile, name, way }: Damage): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify([value])
  const entries = Object.entries(value)
  const at = entries.length === 0 ? 0 : place % entries.length
  const [field = 'x', old] = entries[at] ?? []
  const parts = entries.map(([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`)
  const put = (part: string) => `{${[...parts, part].join(',')}}`
  if (way === 0) return `{${parts.filter((_, index) => index !== at).join(',')}}`
  if (way === 1) return put(`${JSON.stringify(name)}:${JSON.stringify(hostile)}`)
  if (way === 2) return put(`${JSON.stringify(field)}:${JSON.stringify(old ?? null)}`)
  if (way === 3 && typeof old === 'object' && old !== null) {
    const inner = JSON.parse(spoil(old, { place: place >> 3, hostile, name, way: place % 3 === 1 ? 4 : 0 }))
    return JSON.stringify({ ...value, [field]: inner })
  }
  return JSON.stringify({ ...value, [field]: hostile })
}

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(String(text).toWellFormed())
}
