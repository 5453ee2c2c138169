// `npm start` as a process: the real scripts in a folder of their own, around a tiny server.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { APP_INPUTS, hashOf, STAMP } from '#build/build-app.mjs'
import { freePort } from '#build/services.mjs'

const ROOT = join(import.meta.dirname, '../..')
let project = ''
const starters: ChildProcess[] = []

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'start-'))
  for (const path of ['build', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, path), join(project, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'))
  mkdirSync(join(project, 'sync-server'))
  cpSync(join(ROOT, 'tests/fixtures/tiny-server.ts'), join(project, 'sync-server/main.ts'))
  mkdirSync(join(project, 'out'))
  writeFileSync(join(project, STAMP), hashOf(project, APP_INPUTS)) // nothing to build here
})

afterEach(() => {
  for (const starter of starters.splice(0)) starter.kill('SIGTERM')
})

afterAll(() => rmSync(project, { recursive: true }))

/** Starts; resolves with its output once it greets or ends. */
function start(args: string[], env: Record<string, string> = {}) {
  const starter = spawn(process.execPath, ['build/start.mjs', '--web', ...args], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  starters.push(starter)
  let output = ''
  return new Promise<{ starter: ChildProcess; output: string }>((resolve) => {
    const add = (chunk: Buffer) => {
      output += chunk
      if (output.includes('Ctrl+C ends it.')) resolve({ starter, output })
    }
    starter.stdout.on('data', add)
    starter.stderr.on('data', add)
    starter.on('close', () => resolve({ starter, output }))
  })
}

const pidsIn = (output: string): number[] => (/pids (\d+) (\d+)/.exec(output) ?? []).slice(1).map(Number)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const ended = (pid: number) => expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false)

test('says where it is, with one login per role and the password', async () => {
  const port = await freePort()
  const { output } = await start(['--port', `${port}`])
  expect(output).toContain(`http://127.0.0.1:${port}`)
  expect(output).toMatch(/admin +admin@demo\.test/)
  expect(output).toContain('--web was asked for')
  const response = await fetch(`http://127.0.0.1:${port}`)
  expect(await response.json()).toEqual({ argv: ['--demo'] })
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`leaves no process behind after ${signal}`, async () => {
    const { starter, output } = await start(['--port', `${await freePort()}`])
    const pids = pidsIn(output)
    expect(pids.map(isAlive)).toEqual([true, true])
    starter.kill(signal)
    for (const pid of pids) await ended(pid)
  })
}

test('never takes another port than the one asked for', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  const address = blocker.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { output } = await start(['--port', `${port}`])
  expect(output).toContain(`Port ${port} is taken by another program; name a free one with --port N.`)
  blocker.close()
})

test('an unknown option is answered with the usage', async () => {
  const { output } = await start(['--prot', '1'])
  expect(output).toContain('Usage: npm start')
})

test('a server that ends before it listens ends the start with a sentence', async () => {
  const { starter, output } = await start(['--port', `${await freePort()}`], { FAIL_AT_ONCE: '1' })
  expect(output).toContain('The server ended with code 3 before it listened')
  expect(starter.exitCode).toBe(1)
})
