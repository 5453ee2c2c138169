/** Two clinics, and somebody of each role who asks with the other clinic's ids, in every place an id can stand. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import { COLLECTION_NAMES, type CollectionName } from '#domain/sync/collections.ts'
import { NINE_O_CLOCK } from '#tests/support/builders.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { FOREIGN_CLINIC, FOREIGN_DOCUMENTS, FOREIGN_IDS, MARKER } from '#tests/support/foreign-clinic.ts'
import { addForeignLife, type ForeignLife } from '#tests/support/foreign-life.ts'
import type { Description } from '#tests/support/openapi-cases.ts'
import { aValueOf } from '#tests/support/schema-values.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { openWire } from '#tests/support/wire-client.ts'

const SEED = 7_301
/** Says nothing of any clinic, or all of it to whoever has the secret address. The socket has a test of its own below. */
const APART = /^\/(sync|ical|healthz|readyz)|\/(docs|openapi\.json|problems|metadata)/
/** Asked last: some of them end the session that asks. */
const OF_THE_ACCOUNT = /\/(auth|me|setup|registrations|tokens|invitations)\b/

let server: ServerUnderTest
let description: Description
/** Two people of each role. */
const people: { readonly role: ShippedRole; readonly email: string; token: string }[] = []
let life: ForeignLife

beforeAll(async () => {
  const wide = { windowMs: 60_000, triesPerAddress: 1e9, triesPerAccount: 1e9, triesPerAccountEverywhere: 1e9 }
  const accountLimits = { mails: wide, password: wide, linkCode: wide, secondFactor: wide }
  const limits = { perAddress: 1e9, perSession: 1e9 }
  server = await aServer('sqlite', { limits, logInLimits: wide, accountLimits })
  life = await addForeignLife(server)
  description = (await server.request('GET', '/api/v1/openapi.json')).body
  for (const role of SHIPPED_ROLES) {
    const second = await server.addAccount(role, `second-${role}@fixture.test`)
    for (const email of [FIXTURE_EMAILS[role], second]) people.push({ role, email, token: await logIn(email) })
  }
})
afterAll(() => server.stop())

async function logIn(email: string): Promise<string> {
  const { body } = await server.request('POST', '/api/v1/auth/login', { body: { email, password: FIXTURE_PASSWORD } })
  return body.token
}

const pool = { ids: FOREIGN_IDS, instants: [NINE_O_CLOCK], days: ['2026-10-14'] }
/** A client may choose the id of what it makes, also one that another clinic has: then it is simply its own. */
const withoutId = (body: unknown) =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'id'))
    : body

const foreign = async () =>
  server.database.read(async (tx) => {
    const rows = []
    for (const name of Object.keys(FOREIGN_DOCUMENTS) as CollectionName[]) {
      rows.push(
        await tx
          .selectFrom(name as 'doctors')
          .selectAll()
          .where('clinic_id', '=', FOREIGN_CLINIC)
          .execute(),
      )
    }
    return JSON.stringify(rows)
  })

/** The foreign thing that an address names, and some others in its place; none for a kind that nobody has made there. */
function targetsOf(path: string): readonly string[] {
  const words = [...path.matchAll(/([\w-]+)\/\{/g)].map((match) => match[1] ?? '')
  if (words.length === 0) return [path]
  const fill = (ids: readonly string[]) =>
    words.reduce((filled, _, index) => filled.replace(/\{\w+\}/, ids[index] ?? ''), path)
  const own = words.map((word) => life.ids[word] ?? `no ${word} in the foreign clinic`)
  const others = [FOREIGN_CLINIC, life.ids.patients ?? '', life.ids.appointments ?? '', life.ids.doctors ?? '']
  return [fill(own), ...others.map((id) => fill([...own.slice(0, -1), id]))]
}

test('no answer of any route holds a byte of the other clinic, and nothing there changes', {
  timeout: 300_000,
}, async () => {
  const before = await foreign()
  const complaints: string[] = []
  let asked = 0
  const paths = Object.entries(description.paths).filter(([path]) => !APART.test(path))
  paths.sort(([a], [b]) => Number(OF_THE_ACCOUNT.test(a)) - Number(OF_THE_ACCOUNT.test(b)))
  for (const [path, methods] of paths) {
    for (const [method, operation] of Object.entries(methods)) {
      const schema = operation.requestBody?.content?.['application/json']?.schema
      const bodies = schema ? fc.sample(aValueOf(schema, pool), { numRuns: 6, seed: SEED }) : [undefined]
      const inQuery = (operation.parameters ?? []).filter(
        (each) => each.in === 'query' && each.schema.pattern !== undefined,
      )
      const query = inQuery.map(
        ({ name, schema: of }) => `${name}=${fc.sample(aValueOf(of, pool), { numRuns: 1, seed: SEED })[0]}`,
      )
      for (const target of targetsOf(path)) {
        for (const [index, person] of people.entries()) {
          const body = withoutId(bodies[index % bodies.length])
          const url = `${target}?${query.join('&')}`
          const answer = await server.request(method.toUpperCase(), url, {
            as: { token: person.token },
            body,
            headers: { 'if-match': '*' },
          })
          asked += 1
          const text = JSON.stringify(answer.body)
          const isRefused = answer.status >= 400 && answer.status < 500
          const names = target !== path
          if (text.includes(MARKER) || target.includes(' ') || answer.status >= 500 || (names && !isRefused)) {
            complaints.push(`${method} ${url} by ${person.role}: ${answer.status} ${text.slice(0, 200)}`)
          }
          if (answer.status === 401) person.token = await logIn(person.email)
        }
      }
    }
  }
  expect(complaints.slice(0, 5)).toEqual([])
  expect(asked).toBeGreaterThan(1_000)
  expect(await foreign()).toBe(before)
})

test('FHIR searches and bookings with foreign references find and make nothing', async () => {
  const { doctors, patients, appointments } = life.ids
  const of = {
    practitioner: `Practitioner/${doctors}`,
    patient: `Patient/${patients}`,
    schedule: `Schedule/${doctors}`,
  }
  const searches = [
    `Patient?_id=${patients}`,
    `Practitioner?_id=${doctors}`,
    `Schedule?actor=${of.practitioner}`,
    `Slot?schedule=${of.schedule}&start=2026-10-21`,
    `Appointment?_id=${appointments}`,
    ...['actor', 'patient', 'practitioner'].map((name) => `Appointment?${name}=${of[name as 'patient'] ?? of.patient}`),
  ]
  const end = new Date(NINE_O_CLOCK + 900_000).toISOString()
  const participant = [of.practitioner, of.patient].map((reference) => ({ actor: { reference }, status: 'accepted' }))
  const resource = { resourceType: 'Appointment', status: 'pending', start: new Date(NINE_O_CLOCK).toISOString(), end }
  for (const { role, token } of people) {
    for (const search of searches) {
      const { status, body } = await server.request('GET', `/fhir/r4/${search}`, { as: { token } })
      const found = status === 200 ? (body.total ?? body.entry?.length ?? 0) : 0
      expect([role, search, found, JSON.stringify(body).includes(MARKER)]).toEqual([role, search, 0, false])
    }
    const headers = { 'content-type': 'application/fhir+json' }
    const body = JSON.stringify({ ...resource, participant })
    const answer = await server.request('POST', '/fhir/r4/Appointment', { as: { token }, headers, body })
    expect([role, answer.status >= 400, JSON.stringify(answer.body).includes(MARKER)]).toEqual([role, true, false])
  }
})

test('a foreign account, link or code opens nothing here, and is answered like one that does not exist', async () => {
  const patient = people.find(({ role }) => role === 'patient')?.token ?? ''
  const ask = (path: string, body: object, token?: string) =>
    server.request('POST', `/api/v1${path}`, { body, ...(token !== undefined && { as: { token } }) })
  const plain = ({ status, body }: { status: number; body: unknown }) => [
    status,
    { ...(body as object), requestId: '' },
  ]
  const wrong = { password: 'not the password at all' }
  const known = await ask('/auth/login', { email: life.email, ...wrong })
  expect(plain(known)).toEqual(plain(await ask('/auth/login', { email: 'nobody@nowhere.test', ...wrong })))
  const reset = await ask('/auth/password-reset', { email: life.email })
  expect(plain(reset)).toEqual(plain(await ask('/auth/password-reset', { email: 'nobody@nowhere.test' })))
  const code = await ask('/me/patients', { code: life.linkCode }, patient)
  expect(plain(code)).toEqual(plain(await ask('/me/patients', { code: 'ABCD-EFGH-JKLM' }, patient)))
  expect(code.status).toBeGreaterThanOrEqual(400)
})

test('no pull and no push over the socket answers with the other clinic', { timeout: 120_000 }, async () => {
  const before = await foreign()
  for (const { role, token } of people) {
    const wire = await openWire(`${server.url.replace('http', 'ws')}/sync/v1`, { isStock: true })
    wire.send({ id: 'auth', collection: '', method: 'auth', params: [{ authorization: `Bearer ${token}` }] })
    for (const name of COLLECTION_NAMES) {
      await wire.ask(name, 'masterChangesSince', [null, 500])
      const document = (FOREIGN_DOCUMENTS as Partial<Record<CollectionName, object>>)[name]
      if (!document) continue
      const { id } = document as { readonly id: string }
      for (const part of [{}, { clinicId: server.clinic.clinicId }]) {
        // The text is the author's own guess: an answer that repeats it from the server would show it with the marker.
        const guess = JSON.parse(JSON.stringify({ ...document, ...part }).replaceAll(MARKER, 'Guess'))
        await wire.ask(name, 'masterWrite', [[{ newDocumentState: { ...guess, id, _deleted: false } }]])
      }
    }
    expect([role, JSON.stringify(wire.received).includes(MARKER)]).toEqual([role, false])
    expect(wire.received.length).toBeGreaterThan(COLLECTION_NAMES.length)
    wire.close()
  }
  expect(await foreign()).toBe(before)
})
