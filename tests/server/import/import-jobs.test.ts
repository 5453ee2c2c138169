/** `/api/v1/imports`: a file planned, run, stopped and brought again over REST. */

import { Check } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ImportJob, importAnswerSchema } from '#domain/api/import-api.ts'
import { VITORIA_COLUMNS } from '#domain/import/vitoria-row.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const MAPPING = 'vitoria-no-show'
const row = (index: number, age = '40', place = 'JARDIM DA PENHA'): string =>
  [
    String(1000 + index),
    String(9000 + index),
    index % 2 === 0 ? 'F' : 'M',
    '2016-04-29T18:38:08Z',
    '2016-05-03T00:00:00Z',
    age,
    place,
    index % 5 === 0 ? 'Yes' : 'No',
  ].join(',')
const fileOf = (...rows: readonly string[]): string => [VITORIA_COLUMNS.join(','), ...rows, ''].join('\n')

describe.each(engines)('an import on %s', (engine) => {
  let server: ServerUnderTest
  let token = ''
  beforeAll(async () => {
    server = await aServer(engine)
    token = await server.logIn('admin')
  })
  afterAll(() => server.stop())

  const bring = async (content: string, as = token, type = 'text/csv', mapping = MAPPING) => {
    const answer = await fetch(`${server.url}/api/v1/imports?mapping=${mapping}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${as}`, 'content-type': type },
      body: content,
    })
    return { status: answer.status, body: await answer.json() }
  }
  const countVisits = async (): Promise<number> =>
    Number(
      (
        await server.database.read((tx) =>
          tx
            .selectFrom('appointments')
            .select((row) => row.fn.countAll().as('count'))
            .where('origin', '=', 'import')
            .executeTakeFirstOrThrow(),
        )
      ).count,
    )
  const ended = async (id: string): Promise<ImportJob> => {
    let job: ImportJob | undefined
    await eventually(
      'the end of the import',
      async () => {
        job = (await server.request('GET', `/api/v1/imports/${id}`, { as: 'admin' })).body.import
        return job?.state !== 'running'
      },
      60_000,
    )
    return job as ImportJob
  }

  test('says what the file comes to and which rows stay out, and writes nothing', async () => {
    const { status, body } = await bring(fileOf(row(1), row(2), row(3, 'forty'), row(5)))
    expect(status).toBe(201)
    expect(Check(importAnswerSchema, body)).toBe(true)
    expect(body.import).toMatchObject({
      state: 'planned',
      counts: { visits: 3, missed: 1, patients: 3, doctors: 1, locations: 1 },
      problems: [{ line: 4, field: 'Age', reason: 'not-a-whole-number' }],
      outcome: null,
    })
    expect(await countVisits()).toBe(0)
  })

  test('is written when it is run, and a second run of the same file adds nothing', async () => {
    const file = fileOf(row(1), row(2), row(5))
    const first = (await bring(file)).body.import.id
    await server.request('POST', `/api/v1/imports/${first}/run`, { as: 'admin', body: {} })
    expect((await ended(first)).outcome).toEqual({ added: 3, present: 0, refused: [] })
    expect(await countVisits()).toBe(3)
    const second = (await bring(file)).body.import.id
    await server.request('POST', `/api/v1/imports/${second}/run`, { as: 'admin', body: {} })
    expect(await ended(second)).toMatchObject({ state: 'done', outcome: { added: 0, present: 3, refused: [] } })
    expect(await countVisits()).toBe(3)
  })

  test('that is stopped leaves whole visits, and the same file continues it', async () => {
    // At a place of their own: nobody of the tests before is in their way.
    const file = fileOf(...Array.from({ length: 400 }, (_, index) => row(100 + index, '40', 'CENTRO')))
    const before = await countVisits()
    const { id } = (await bring(file)).body.import
    await server.request('POST', `/api/v1/imports/${id}/run`, { as: 'admin', body: {} })
    const stopped = (await server.request('DELETE', `/api/v1/imports/${id}`, { as: 'admin' })).body.import as ImportJob
    const added = stopped.outcome?.added ?? 0
    expect(await countVisits()).toBe(before + added)
    const again = (await bring(file)).body.import.id
    await server.request('POST', `/api/v1/imports/${again}/run`, { as: 'admin', body: {} })
    expect((await ended(again)).outcome).toMatchObject({ present: added, added: 400 - added })
  })

  test('is refused to reception, of another kind of body, of an unknown mapping, and of a file that is none', async () => {
    expect((await bring(fileOf(row(1)), await server.logIn('receptionist'))).status).toBe(403)
    expect(await bring('{}', token, 'application/json')).toMatchObject({ status: 415 })
    expect(await bring(fileOf(row(1)), token, 'text/csv', 'none')).toMatchObject({ status: 422 })
    expect((await bring('a,b\n1,2')).body.code).toBe('not-csv')
  })

  test('of an hour ago is forgotten', async () => {
    const { id } = (await bring(fileOf(row(1)))).body.import
    server.clock.now += 2 * 3_600_000
    expect((await server.request('GET', `/api/v1/imports/${id}`, { as: 'admin' })).status).toBe(404)
  })
})
