import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

let server: ServerUnderTest
beforeAll(async () => {
  server = await aServer('sqlite')
})
afterAll(() => server.stop())

type Operation = {
  security?: unknown[]
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>
  summary?: string
  tags?: string[]
}
const load = async () => {
  const { body } = await server.request('GET', '/api/v1/openapi.json')
  return body as { openapi: string; paths: Record<string, Record<string, Operation>> }
}

test('the description is a valid OpenAPI 3.1 document', async () => {
  const document = await load()
  expect(document.openapi).toBe('3.1.0')
  expect(await new Validator().validate(document)).toEqual({ valid: true })
})

test('every route of the API stands in it, and nothing else', async () => {
  const { paths } = await load()
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = server.server.routes
    .filter(({ method, url }) => method !== 'HEAD' && method !== 'OPTIONS' && !url.startsWith('/api/v1/docs'))
    .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
  expect(described.sort()).toEqual(served.sort())
})

test('every operation says what it is, who may call it and how it fails', async () => {
  const { paths } = await load()
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method} ${path}`
      const route = server.server.routes.find(
        (each) => each.url === path.replace(/\{(\w+)\}/g, ':$1') && each.method === method.toUpperCase(),
      )
      expect([name, operation.security]).toEqual([name, route?.permission === 'public' ? [] : [{ bearer: [] }]])
      expect(operation.summary, name).toBeTruthy()
      for (const status of ['4XX', '5XX']) {
        expect(
          operation.responses[status]?.content?.[
            path.startsWith('/fhir/') ? 'application/fhir+json' : 'application/problem+json'
          ]?.schema,
          name,
        ).toBeDefined()
      }
    }
  }
})

test('the page that shows it fetches nothing from elsewhere and runs no script but its own', async () => {
  const page = await server.request('GET', '/api/v1/docs/')
  expect(page.status).toBe(200)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/script-src 'self'( 'sha256-[^']+')+;/)
  expect(policy).not.toContain("'unsafe-eval'")
  expect(page.body).not.toMatch(/(src|href)="https?:/)
  const script = await server.request('GET', '/api/v1/docs/js/scalar.js')
  expect(script.status).toBe(200)
})

test('the page is not served to the network', async () => {
  const { buildServer } = await import('#server/build-server.ts')
  const { openDatabase } = await import('#server/database/database.ts')
  const { createLog } = await import('#server/http/create-log.ts')
  const open = await buildServer({
    settings: { publicUrl: null, port: 0, isLoopback: false },
    secretKey: 'x'.repeat(32),
    database: openDatabase({ url: server.databaseUrl }),
    log: createLog('silent'),
    version: '0.0.0',
    twinRoot: 'no-such-folder',
  })
  try {
    expect((await open.app.inject('/api/v1/docs/')).statusCode).toBe(404)
    expect((await open.app.inject('/api/v1/openapi.json')).statusCode).toBe(200)
  } finally {
    await open.close()
  }
})
