/** Values made from the API's own schemas, and what nobody should have to expect. */
import fc from 'fast-check'

export type JsonSchema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
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
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
}

/** Values that tell more than random ones: ids that exist, days with visits. */
export type Pool = {
  readonly ids: readonly string[]
  /** Ids that fit a field of this name, where any is known. */
  readonly idsOf?: (field: string) => readonly string[] | undefined
  readonly instants: readonly number[]
  readonly days: readonly string[]
  /** Texts that fit a field of this name, such as a name to search for. */
  readonly textsOf?: (field: string) => readonly string[] | undefined
  /** Bodies of formats that the description leaves to another standard. */
  readonly examples?: readonly unknown[]
}

/** What stands where something else was asked for. */
export const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  -0,
  2 ** 31,
  2 ** 53,
  1e308,
  9_999_999_999_999,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  'x'.repeat(5_000),
  "' or 1=1 --",
  '"; drop table appointments; --',
  '%',
  '_%',
  '../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '<script>alert(1)</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template engine would run
  '${7*7}{{7*7}}',
  '2026-02-30',
  '9999-12-31',
  '0000-00-00',
  '99:99',
  '24:00',
  '\u202eevil\u202c\u200f',
  '\ufeff\ufffe\uffff',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(40),
  'e\u0301'.repeat(200),
  'z\u0335\u0322\u0328'.repeat(300),
  '__proto__',
  'constructor',
  'NaN',
  'null',
  '00000000-0000-0000-0000-000000000000',
  [],
  {},
  [null],
  [[[[[[]]]]]],
  { $ne: null },
  { length: 1e9 },
]

/** A value of a schema; `field` is the name under which it stands. */
export function aValueOf(schema: JsonSchema, pool: Pool, field = ''): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => aValueOf(each, pool, field)))
  if (schema.type === 'object') return objectOf(schema, pool)
  if (schema.type === 'array') return listOf(schema, pool, field)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(schema, pool)
  return schema.type === 'string' ? textOf(schema, pool, field) : fc.constantFrom(...HOSTILE)
}

function objectOf(schema: JsonSchema, pool: Pool): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema
  if (additionalProperties === true && pool.examples?.length) return fc.constantFrom(...pool.examples)
  const fields = Object.entries(properties).map(([name, each]) => {
    const value = aValueOf(each, pool, name)
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined, freq: 1 })] as const
  })
  return fc.record(Object.fromEntries(fields)).map(withoutAbsent)
}

function listOf(schema: JsonSchema, pool: Pool, field: string): fc.Arbitrary<unknown> {
  const { items = {}, minItems: minLength = 0, maxItems = 3, uniqueItems = false } = schema
  const item = aValueOf(items, pool, field)
  const maxLength = Math.min(maxItems, Math.max(3, minLength))
  return uniqueItems
    ? fc.uniqueArray(item, { minLength, maxLength, selector: (each) => JSON.stringify(each) })
    : fc.array(item, { minLength, maxLength })
}

function numberOf({ minimum = 0, maximum = 1_000 }: JsonSchema, { instants }: Pool): fc.Arbitrary<number> {
  const bounds = fc.constantFrom(...[1, 2, minimum, maximum].filter((n) => n >= minimum && n <= maximum))
  const any = fc.integer({ min: minimum, max: maximum })
  if (maximum <= 2 ** 40) return fc.oneof({ weight: 2, arbitrary: bounds }, { weight: 1, arbitrary: any })
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...instants) },
    { weight: 1, arbitrary: bounds },
    { weight: 1, arbitrary: any },
  )
}

const NO_ID = 'ffffffff-ffff-7fff-8fff-ffffffffffff'
const ODD_DAYS = ['2026-02-30', '9999-12-31', '0000-01-01', '2028-02-29', '1970-01-01']
const TIMES = ['00:00', '09:00', '09:15', '12:00', '17:00', '23:59']
const NAMED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/zone/i, ['Europe/London', 'Asia/Kolkata', 'Europe/Nowhere']],
  [/url/i, ['https://receiver.example/hook', 'http://127.0.0.1/', 'https://user@host.example/', 'javascript:1']],
  [/languages/, ['en', 'pt', 'de']],
]

function textOf(schema: JsonSchema, pool: Pool, field: string): fc.Arbitrary<string> {
  const { pattern, minLength = 0, maxLength = 200 } = schema
  const known = pool.textsOf?.(field) ?? NAMED.find(([name]) => name.test(field))?.[1]
  if (pattern?.startsWith('^[0-9a-f]{8}-')) return idOf(pool, field)
  if (pattern?.startsWith('^[0-9]{4}-')) return maybe(fc.constantFrom(...pool.days), 6, fc.constantFrom(...ODD_DAYS))
  if (pattern?.startsWith('^([01][0-9]')) return fc.constantFrom(...TIMES)
  if (pattern?.includes('@')) return mailAddress()
  if (pattern !== undefined) return fc.constantFrom('word', '12', '123456', '0', ...(known ?? []))
  const least = 'x'.repeat(Math.min(minLength, 5_000))
  const edges = ['x'.repeat(maxLength), `\u{1f600}${least}`, `\u202e${least}`, 'e\u0301'.repeat(maxLength)]
  const odd = fc.constantFrom(...edges, `\u0000${least}`, `\ud800${least}`, `${least}%_'"\\`, `${least}__proto__`)
  const usual = fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 30) })
  const fitting = known ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, usual) : usual
  return maybe(fitting, 20, odd)
}

/** Mostly one that fits, seldom one of something else, or of nothing. */
function idOf({ ids, idsOf }: Pool, field: string): fc.Arbitrary<string> {
  const fitting = idsOf?.(field)
  const any = fc.constantFrom(...ids)
  if (!fitting?.length) return any
  return fc.oneof(
    { weight: 14, arbitrary: fc.constantFrom(...fitting) },
    { weight: 1, arbitrary: any },
    { weight: 1, arbitrary: fc.constant(NO_ID) },
  )
}

const mailAddress = (): fc.Arbitrary<string> =>
  maybe(
    fc.integer({ min: 1, max: 1e6 }).map((number) => `somebody-${number}@fixture.test`),
    4,
    fc.constantFrom('admin@fixture.test', 'a@b', `${'x'.repeat(300)}@fixture.test`, '\u{1f600}@fixture.test'),
  )

/** Mostly the usual: one in `weight + 1` is the other. */
export const maybe = <Value>(usual: fc.Arbitrary<Value>, weight: number, seldom: fc.Arbitrary<Value>) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: seldom })

export const withoutAbsent = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
