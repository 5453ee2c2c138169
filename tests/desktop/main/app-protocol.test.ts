import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerAppRequest, findFile } from '#main/windows/app-protocol.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

const folder = temporaryFolder('app-protocol')
const root = join(folder, 'renderer')
mkdirSync(join(root, 'assets'), { recursive: true })
writeFileSync(join(root, 'index.html'), '<!doctype html>')
writeFileSync(join(root, 'assets/index-1.js'), 'run()')
writeFileSync(join(folder, 'secret.txt'), 'secret')
mkdirSync(join(folder, 'renderer-backup'))
writeFileSync(join(folder, 'renderer-backup/old.js'), 'old')

const ask = (url: string, method = 'GET'): Promise<Response> =>
  answerAppRequest({ url, method }, { root, serverOrigin: () => 'http://127.0.0.1:4180' })

test('a file of the page is answered with its type, the policy and no sniffing', async () => {
  const response = await ask('app://clinic/assets/index-1.js')
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('run()')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('content-security-policy')).toContain(
    "connect-src 'self' http://127.0.0.1:4180 ws://127.0.0.1:4180",
  )
})

test.each(['app://clinic/', 'app://clinic/board/2026-11-23', 'app://clinic/inbox?x=1#y'])(
  '%s is a route, answered by the page itself',
  async (url) => {
    expect(await (await ask(url)).text()).toBe('<!doctype html>')
  },
)

test.each([
  'app://clinic/assets/absent.js',
  'app://clinic/%2e%2e/secret.txt',
  'app://clinic/..%2fsecret.txt',
  'app://clinic/assets/..%2f..%2fsecret.txt',
  'app://clinic/..%5csecret.txt',
  'app://clinic/%00.js',
  'app://clinic/%ff.js',
  'app://other/index.html',
  'app://clinic.evil/index.html',
  'app://user@clinic/index.html',
])('%s is not found', async (url) => {
  expect((await ask(url)).status).toBe(404)
})

test('a folder whose name begins like ours is outside', () => {
  expect(findFile(root, '/../renderer-backup/old.js')).toBeUndefined()
  expect(findFile(root, '/assets/index-1.js')).toBe(join(root, 'assets/index-1.js'))
})

test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('%s is refused', async (method) => {
  expect((await ask('app://clinic/', method)).status).toBe(405)
})
