import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServerUnderTest } from '#tests/support/server-under-test.ts'
import { aServerWithCallers, CALLERS, type Caller } from './callers.ts'
import { ROUTE_TABLE } from './route-table.ts'

let server: ServerUnderTest
let tokenOf: (caller: Caller) => Promise<string | undefined>

beforeAll(async () => {
  ;({ server, tokenOf } = await aServerWithCallers())
})
afterAll(() => server.stop())

test('every route has a row, and every row a route', () => {
  const routes = server.server.routes
    .filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
    .map(({ method, url }) => `${method} ${url}`)
  expect([...routes].sort()).toEqual(ROUTE_TABLE.map(({ route }) => route).sort())
})

test('what answers HEAD answers GET to the same people', () => {
  const heads = server.server.routes.filter(({ method }) => method === 'HEAD')
  for (const { url, permission } of heads) {
    const get = server.server.routes.find((route) => route.method === 'GET' && route.url === url)
    expect([url, permission]).toEqual([url, get?.permission])
  }
})

describe.each(ROUTE_TABLE)('$route', ({ route, cells, path, body }) => {
  const [method = '', pattern = ''] = route.split(' ')
  test.each(CALLERS)('by %s', async (caller) => {
    const token = await tokenOf(caller)
    const answer = await server.request(method, path ?? pattern, {
      ...(token !== undefined && { as: { token } }),
      ...(body !== undefined && { body }),
    })
    const cell = answer.status === 401 || answer.status === 403 ? answer.status : 'in'
    expect(cell).toBe(cells[caller])
    expect(answer.status).toBeLessThan(500)
    if (cell === 403) expect(answer.body.code ?? answer.body.issue[0].code).toMatch(/^(not-allowed|forbidden)$/)
  })
})
