/** Requests made from the API's own description: as it asks for, a little wrong, and hostile. */
import fc from 'fast-check'

export type JsonSchema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
}
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

/** Values that tell more than random ones: ids that exist, days with visits. */
export type Pool = {
  readonly ids: readonly string[]
  readonly instants: readonly number[]
  readonly days: readonly string[]
}

/** A request without its author. `body` is text as sent. */
export type Case = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 53,
  1e308,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x'.repeat(5_000),
  "' or 1=1 --",
  '%',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '2026-02-30',
  '99:99',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(40),
  [],
  {},
  [[[[[[]]]]]],
  { $ne: null },
]
/** Names that reach into objects, or claim what only the server says. */
const SURPLUS = ['__proto__', 'constructor', 'prototype', 'toString', 'isAdmin', 'role', 'clinicId', '_deleted', '']

/** One request to an operation; most reach its rules, some not even its schema. */
export function aCase(path: string, operation: Operation, pool: Pool): fc.Arbitrary<Case> {
  const parameters = operation.parameters ?? []
  const inPath = parameters.filter((each) => each.in === 'path')
  const inQuery = parameters.filter((each) => each.in === 'query')
  const bodySchema = operation.requestBody?.content?.['application/json']?.schema
  return fc.record({
    url: fc
      .tuple(recordOf(inPath, pool), recordOf(inQuery, pool), fc.constantFrom('', '', '', '', 'unknown=1', 'limit=x'))
      .map(([values, query, extra]) => {
        const filled = path.replace(/\{(\w+)\}/g, (_, name) => encode(values[name]))
        const pairs = Object.entries(query).map(([name, value]) => `${name}=${encode(value)}`)
        const text = [...pairs, ...(extra ? [extra] : [])].join('&')
        return text ? `${filled}?${text}` : filled
      }),
    headers: fc.record(
      {
        'if-match': fc.constantFrom('*', '"1"', '"1", "2"', 'W/"1"', '1', '"', '', '"99999999999"'),
        'idempotency-key': fc.constantFrom('a-key-of-a-test', 'short', 'with a blank in it', 'x'.repeat(200)),
      },
      { requiredKeys: [] },
    ),
    body: bodySchema ? bodyOf(bodySchema, pool) : fc.constantFrom(undefined, undefined, '{}', '[', 'null'),
  })
}

function recordOf(parameters: readonly Parameter[], pool: Pool): fc.Arbitrary<Record<string, unknown>> {
  const values = parameters.map(({ name, schema, required }) => {
    const usual = maybe(aValueOf(schema, pool), 12, fc.constantFrom(...HOSTILE))
    return [name, required || schema === undefined ? usual : fc.option(usual, { nil: undefined })] as const
  })
  return fc.record(Object.fromEntries(values)).map(withoutAbsent)
}

function bodyOf(schema: JsonSchema, pool: Pool): fc.Arbitrary<string | undefined> {
  const usual = aValueOf(schema, pool)
  const spoiled = fc
    .tuple(usual, fc.nat(), fc.constantFrom(...HOSTILE), fc.constantFrom(...SURPLUS), fc.nat(4))
    .map(([value, place, hostile, name, way]) => spoil(value, { place, hostile, name, way }))
  const text = (value: unknown) => JSON.stringify(value)
  return fc.oneof(
    { weight: 6, arbitrary: usual.map(text) },
    { weight: 5, arbitrary: spoiled },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE).map(text) },
    { weight: 1, arbitrary: fc.constantFrom(undefined, '', '{', '{"a":1,"a":2}', '\u0000', '"\\ud800"', '[1,]') },
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
  if (way === 3 && typeof old === 'object' && old !== null)
    return JSON.stringify({ ...value, [field]: { ...old, x: hostile } })
  return JSON.stringify({ ...value, [field]: hostile })
}

/** A value of a schema. */
export function aValueOf(schema: JsonSchema, pool: Pool): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => aValueOf(each, pool)))
  if (schema.type === 'object') return objectOf(schema, pool)
  if (schema.type === 'array') {
    return fc.array(aValueOf(schema.items ?? {}, pool), { maxLength: Math.min(schema.maxItems ?? 3, 3) })
  }
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(schema, pool)
  return schema.type === 'string' ? textOf(schema, pool) : fc.constantFrom(...HOSTILE)
}

function objectOf({ properties = {}, required = [] }: JsonSchema, pool: Pool): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const value = aValueOf(schema, pool)
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined })] as const
  })
  return fc.record(Object.fromEntries(fields)).map(withoutAbsent)
}

function numberOf({ minimum = 0, maximum = 1_000 }: JsonSchema, { instants }: Pool): fc.Arbitrary<number> {
  if (maximum > 2 ** 40) return fc.oneof(fc.constantFrom(...instants), fc.integer({ min: minimum, max: 2 ** 41 }))
  return fc.oneof(
    fc.constantFrom(...[1, 2, minimum, maximum].filter((n) => n >= minimum && n <= maximum)),
    fc.integer({ min: minimum, max: maximum }),
  )
}

function textOf({ pattern, minLength = 0, maxLength = 200 }: JsonSchema, pool: Pool): fc.Arbitrary<string> {
  if (pattern?.startsWith('^[0-9a-f]{8}-')) return fc.constantFrom(...pool.ids)
  if (pattern?.startsWith('^[0-9]{4}-')) return fc.constantFrom(...pool.days, '2026-02-30', '9999-12-31', '0000-01-01')
  if (pattern?.startsWith('^([01][0-9]')) return fc.constantFrom('00:00', '09:00', '09:15', '17:00', '23:59')
  if (pattern?.includes('@')) return fc.constantFrom('somebody@fixture.test', 'admin@fixture.test', 'a@b')
  if (pattern !== undefined) return fc.constantFrom('word', '12', '0')
  const usual = fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 30), unit: 'grapheme' })
  return maybe(
    usual,
    20,
    fc.constantFrom('x'.repeat(maxLength), '\u0000'.padEnd(minLength, 'x'), '\ud800'.padEnd(minLength, 'x')),
  )
}

const maybe = <Value>(usual: fc.Arbitrary<Value>, weight: number, seldom: fc.Arbitrary<Value>) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: seldom })

const withoutAbsent = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(text.toWellFormed())
}
