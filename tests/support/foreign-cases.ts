/** Requests that name things of another clinic: in addresses, in queries and in bodies, wherever the API's description has an id. */
import fc from 'fast-check'
import { FOREIGN_IDS } from './foreign-clinic.ts'
import type { Operation } from './openapi-cases.ts'
import { aValueOf, type Pool } from './schema-values.ts'

export type Ids = Readonly<Record<string, string>>
export type ForeignCase = {
  readonly route: string
  readonly url: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** There is nothing the request could do but be refused. */
  readonly isRefused: boolean
  /** Told apart by role; other cases are tried by one person each. */
  readonly isForAll: boolean
}
/** Things of the foreign clinic by kind, and things of the own one to stand beside them. */
export type Things = { readonly foreign: Ids; readonly own: Ids; readonly pool: Pool; readonly seed: number }

/** Which kind of thing a field or parameter names. A field with an id that is not here makes the sweep fail. */
const KIND_OF: Ids = {
  doctorId: 'doctors',
  doctorIds: 'doctors',
  toDoctorId: 'doctors',
  patientId: 'patients',
  otherId: 'patients',
  typeId: 'appointment-types',
  typeIds: 'appointment-types',
  recipientIds: 'users',
  roomId: 'rooms',
  roomIds: 'rooms',
  equipmentIds: 'equipment',
  locationId: 'locations',
  templateId: 'schedule-templates',
  scheduleIds: 'schedules',
  scheduleId: 'schedules',
  closureId: 'closures',
  appointmentId: 'appointments',
  documentId: 'appointments',
  entryId: 'waitlist',
  entryIds: 'waitlist',
  replaces: 'holds',
  holdId: 'holds',
  seriesId: 'series',
  roleIds: 'roles',
  roleId: 'roles',
  deviceId: 'devices',
  userId: 'users',
  clinicId: 'clinics',
  device: 'devices',
  ids: 'notifications',
  allotmentIds: 'allotments',
}

/** @param route method and address, as the server declares them */
export function casesOf(route: string, operation: Operation, things: Things): ForeignCase[] {
  const [method = '', pattern = ''] = route.split(' ')
  const query = queryOf(operation, things)
  const headers = { 'if-match': '*' }
  const at = (address: string) => ({ route, url: `${address}${query}`, headers })
  const bodies = bodiesOf(operation, things)
  const hasPath = pattern.includes(':')
  const addresses = [filled(pattern, things.foreign)]
  // What is foreign may also hang below something of the own clinic.
  if (pattern.split(':').length > 2) addresses.push(filled(pattern, things.own, things.foreign))
  const right = addresses.flatMap((address) =>
    bodies.all.map((body) => ({ ...at(address), body, isRefused: hasPath, isForAll: true })),
  )
  const [body] = bodies.all
  const wrong = hasPath
    ? FOREIGN_IDS.map((id) => ({
        ...at(pattern.replaceAll(/:\w+/g, id)),
        body,
        isRefused: true,
        isForAll: false,
      }))
    : []
  const kinds = kindsIn(pattern)
  const isOwnPossible = method !== 'DELETE' && kinds.every((kind) => things.own[kind] !== undefined)
  const mixed = isOwnPossible
    ? bodies.one.map((each) => ({ ...at(filled(pattern, things.own)), body: each, isRefused: false, isForAll: true }))
    : []
  return [...right, ...wrong, ...mixed]
}

const kindsIn = (pattern: string): string[] => [...pattern.matchAll(/([\w-]+)\/:\w+/g)].map(([, kind = '']) => kind)

/** The address with the thing of each kind; the last one is taken from elsewhere where that is given. */
function filled(pattern: string, things: Ids, last = things): string {
  const count = kindsIn(pattern).length
  let index = 0
  return pattern.replaceAll(/([\w-]+)\/:\w+/g, (_, kind: string) => {
    index += 1
    const id = (index === count ? last : things)[kind]
    if (id === undefined) throw new Error(`The sweep knows no id for what stands behind ${kind}/ in ${pattern}`)
    return `${kind}/${id}`
  })
}

function queryOf({ parameters = [] }: Operation, { foreign, pool, seed }: Things): string {
  const named = parameters.filter(({ in: place, schema }) => place === 'query' && schema.pattern !== undefined)
  const pairs = named.map(({ name, schema }) => {
    const [sample] = fc.sample(aValueOf(schema, pool), { numRuns: 1, seed })
    return `${name}=${foreign[KIND_OF[name] ?? ''] ?? sample}`
  })
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

/** `all`: every reference is foreign · `one`: one of them, and the others are the own clinic's. */
function bodiesOf({ requestBody }: Operation, { foreign, own, pool, seed }: Things) {
  const schema = requestBody?.content?.['application/json']?.schema
  if (!schema) return { all: [undefined], one: [] }
  const samples = fc.sample(aValueOf(schema, pool), { numRuns: 6, seed }).map(withoutId)
  const all = samples.map((sample) => withReferences(sample, (kind) => foreign[kind]))
  const one = samples
    .slice(0, 3)
    .flatMap((sample) =>
      [...referencesIn(sample)].map((field) =>
        withReferences(sample, (kind, name) => (name === field ? foreign[kind] : own[kind])),
      ),
    )
  return { all, one }
}

/** A client may choose the id of what it makes, also one that another clinic has: then it is simply its own. */
const withoutId = (body: unknown) =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'id'))
    : body

function referencesIn(value: unknown, found = new Set<string>(), field = ''): ReadonlySet<string> {
  if (typeof value === 'string' && field in KIND_OF) found.add(field)
  if (typeof value !== 'object' || value === null) return found
  for (const [name, each] of Object.entries(value)) referencesIn(each, found, nameOf(value, name, field))
  return found
}

type IdFor = (kind: string, field: string) => string | undefined

/** The value with other ids in its references; where there is none, the reference is left out. */
function withReferences(value: unknown, idFor: IdFor, field = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((each) => withReferences(each, idFor, field)).filter((each) => each !== undefined)
    return field in KIND_OF ? [...new Set(items)] : items
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, each]) => [
      name,
      withReferences(each, idFor, nameOf(value, name, field)),
    ])
    return Object.fromEntries(parts.filter(([, each]) => each !== undefined))
  }
  if (typeof value !== 'string') return value
  const kind = KIND_OF[field]
  if (kind !== undefined) return idFor(kind, field)
  // What has an id of its own is made by the caller, who may choose that.
  const isUnknown = field !== 'id' && /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(value)
  if (isUnknown) throw new Error(`The sweep does not know what the field ${field} names`)
  return value
}

/** Items of a list go by the list's name, and a device's id by the device's. */
const nameOf = (parent: object, name: string, field: string): string =>
  Array.isArray(parent) || (name === 'id' && field in KIND_OF) ? field : name
