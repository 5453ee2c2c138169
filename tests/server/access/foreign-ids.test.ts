/** Two clinics, and somebody of each role who asks with the other clinic's ids, in every place an id can stand. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import { COLLECTION_NAMES, type CollectionName } from '#domain/sync/collections.ts'
import { NINE_O_CLOCK } from '#tests/support/builders.ts'
import {
  addForeignClinic,
  FOREIGN_CLINIC,
  FOREIGN_DOCUMENTS,
  FOREIGN_IDS,
  MARKER,
} from '#tests/support/foreign-clinic.ts'
import type { Description } from '#tests/support/openapi-cases.ts'
import { aValueOf } from '#tests/support/schema-values.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { openWire } from '#tests/support/wire-client.ts'

const SEED = 7_301
const APART = /^\/(sync|fhir|healthz|readyz)|\/(docs|openapi\.json|problems|auth|setup|registrations)/

let server: ServerUnderTest
let description: Description
/** Two people of each role. */
const people: { readonly role: ShippedRole; readonly token: string }[] = []

beforeAll(async () => {
  server = await aServer('sqlite', { limits: { perAddress: 1e9, perSession: 1e9 } })
  await addForeignClinic(server)
  description = (await server.request('GET', '/api/v1/openapi.json')).body
  for (const role of SHIPPED_ROLES) {
    people.push({ role, token: await server.logIn(role) })
    const email = await server.addAccount(role, `second-${role}@fixture.test`)
    const { body } = await server.request('POST', '/api/v1/auth/login', { body: { email, password: FIXTURE_PASSWORD } })
    people.push({ role, token: body.token })
  }
})
afterAll(() => server.stop())

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

test('no answer of any route holds a byte of the other clinic, and nothing there changes', {
  timeout: 300_000,
}, async () => {
  const before = await foreign()
  const complaints: string[] = []
  let asked = 0
  for (const [path, methods] of Object.entries(description.paths)) {
    if (APART.test(path)) continue
    for (const [method, operation] of Object.entries(methods)) {
      const schema = operation.requestBody?.content?.['application/json']?.schema
      const bodies = schema ? fc.sample(aValueOf(schema, pool), { numRuns: 6, seed: SEED }) : [undefined]
      const inQuery = (operation.parameters ?? []).filter(
        (each) => each.in === 'query' && each.schema.pattern !== undefined,
      )
      const query = inQuery.map(
        ({ name, schema: of }) => `${name}=${fc.sample(aValueOf(of, pool), { numRuns: 1, seed: SEED })[0]}`,
      )
      const targets = path.includes('{') ? FOREIGN_IDS : ['']
      for (const id of targets) {
        for (const [index, { role, token }] of people.entries()) {
          const body = withoutId(bodies[index % bodies.length])
          const url = `${path.replace(/\{\w+\}/g, id)}?${query.join('&')}`
          const answer = await server.request(method.toUpperCase(), url, {
            as: { token },
            body,
            headers: { 'if-match': '*' },
          })
          asked += 1
          const text = JSON.stringify(answer.body)
          const isRefused = answer.status >= 400 && answer.status < 500
          if (text.includes(MARKER) || answer.status >= 500 || (id !== '' && !isRefused)) {
            complaints.push(`${method} ${url} by ${role}: ${answer.status} ${text.slice(0, 200)}`)
          }
        }
      }
    }
  }
  expect(complaints.slice(0, 5)).toEqual([])
  expect(asked).toBeGreaterThan(1_000)
  expect(await foreign()).toBe(before)
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
