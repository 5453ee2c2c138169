/** Every operation that changes something, asked in ways that must be refused: nothing is left of it but its audit row. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import type { Description, Operation } from '#tests/support/openapi-cases.ts'
import { aValueOf } from '#tests/support/schema-values.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

/** The audit says what was refused; a session, when it was last used; a service, that it runs. */
const MAY_CHANGE = new Set([
  'audit_log',
  'audit_documents',
  'audit_chains',
  'sessions',
  'change_batches',
  'service_runs',
])
const SEED = 4_211
const pool = { ids: [testId('Appointment', 998)], instants: [NINE_O_CLOCK], days: ['2026-10-14'] }

describe.each(engines)('a request that is refused on %s', (engine) => {
  let server: ServerUnderTest
  let description: Description
  let tables: string[] = []
  beforeAll(async () => {
    server = await aServer(engine, { limits: { perAddress: 1e9, perSession: 1e9 } })
    description = (await server.request('GET', '/api/v1/openapi.json')).body
    const list =
      engine === 'sqlite'
        ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
        : sql<{
            name: string
          }>`select table_name as name from information_schema.tables where table_schema = database()`
    const { rows } = await server.database.read((tx) => list.execute(tx))
    tables = rows.map(({ name }) => name).filter((name) => !MAY_CHANGE.has(name) && !name.startsWith('sqlite_'))
    expect(tables.length).toBeGreaterThan(40)
  })
  afterAll(() => server.stop())

  /** How many rows each table has, and where the clinic's counter stands. */
  const written = () =>
    server.database.read(async (tx) => {
      const counts = tables
        .map((name) => `select '${name}' as name, count(*) as count from ${name}`)
        .join(' union all ')
      const { rows } = await sql.raw<{ name: string; count: number }>(counts).execute(tx)
      const counter = await tx.selectFrom('change_counters').select('value').execute()
      return [Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)])), counter]
    })

  const bodiesOf = ({ requestBody }: Operation): readonly unknown[] => {
    const schema = requestBody?.content?.['application/json']?.schema
    if (!schema) return [undefined]
    const [valid] = fc.sample(aValueOf(schema, pool), { numRuns: 1, seed: SEED })
    return [{ ...(valid as object), colour: 'red' }, [], 'text', null, '{"half": ', valid]
  }

  test('leaves no row and no number behind, whatever the operation', { timeout: 240_000 }, async () => {
    let before = JSON.stringify(await written())
    const left: string[] = []
    let refused = 0
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (method === 'get' || /\/auth\/(login|logout|second-factor)|\/setup/.test(path)) continue
        const url = path.replace(/\{\w+\}/g, testId('Appointment', 998))
        for (const body of bodiesOf(operation)) {
          // A valid body from somebody who may not, or about what is not there.
          const answer = await server.request(method.toUpperCase(), url, {
            as: 'patient',
            body,
            headers: { 'if-match': '"99999"' },
          })
          // What was taken on may send an e-mail, which goes on its own.
          if (answer.status < 400) await server.server.mails.drain()
          const after = JSON.stringify(await written())
          if (answer.status >= 400) refused += 1
          if (answer.status >= 400 && after !== before) left.push(`${method} ${url} ${answer.status}`)
          before = after
        }
      }
    }
    expect(left).toEqual([])
    expect(refused).toBeGreaterThan(300)
  })
})
