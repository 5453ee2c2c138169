import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

let server: ServerUnderTest
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twin-'))
  const root = join(folder, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>The twin</title>')
  writeFileSync(join(root, 'assets/index-AbCd1234.js'), 'export {}')
  writeFileSync(join(folder, 'beside.txt'), 'not for anybody')
  server = await aServer('sqlite', { twinRoot: root })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const asPage = { accept: 'text/html,application/xhtml+xml' }

test.each(['/', '/index.html', '/board/2026-10-14', '/set-up'])(
  '%s opens the app, never from a cache',
  async (path) => {
    const { status, headers, body } = await server.request('GET', path, { headers: asPage })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-cache'])
    expect(body).toContain('The twin')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'; script-src 'self'; ")
    expect(headers.get('content-type')).toContain('text/html')
  },
)

test('a file whose name carries its hash may be kept for ever', async () => {
  const { status, headers } = await server.request('GET', '/assets/index-AbCd1234.js')
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test.each(['/assets/index-Gone.js', '/api/v1/nothing', '/sync/nothing', '/picture.png'])(
  'what is not there is not found, even for a browser: %s',
  async (path) => {
    const { status, body } = await server.request('GET', path, { headers: asPage })
    expect([status, body.code]).toEqual([404, 'not-found'])
  },
)

test('a program that asks for a page that is none is told so', async () => {
  expect((await server.request('GET', '/board', { headers: { accept: 'application/json' } })).status).toBe(404)
  expect((await server.request('POST', '/board', { headers: asPage })).status).toBe(404)
})

test.each([
  '/../beside.txt',
  '/%2e%2e/beside.txt',
  '/assets/..%2f..%2f..%2fbeside.txt',
  '/..%5cbeside.txt',
  '//beside.txt',
])('nothing beside the folder is served: %s', async (path) => {
  // A client library would tidy the path up before it is sent.
  const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /)
  expect(answer).not.toContain('not for anybody')
})

function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}
