/** The process itself, from an empty folder to the first log-in. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

type Ready = {
  readonly url: string
  readonly firstRun: boolean
  readonly logins: readonly { role: string; email: string }[]
  readonly password?: string
  readonly setUpUrl?: string
  readonly dataDir: string
}
type Running = {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ready: Promise<Ready>
  readonly ended: Promise<number>
}

const folders: string[] = []
const started: Running[] = []
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'first-run-'))
  folders.push(folder)
  return join(folder, 'data')
}

function start(dataDir: string, args: readonly string[] = [], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['sync-server/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', PORT: '0', DATA_DIR: dataDir, START_READY_FD: '3', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)))
  const ready = new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdio[3] as Readable }).once('line', (line) => resolve(JSON.parse(line)))
    void ended.then((code) => reject(new Error(`ended with ${code}: ${output}`)))
  })
  ready.catch(() => undefined)
  const running = { child, output: () => output, ready, ended }
  started.push(running)
  return running
}

async function end({ child, ended }: Running): Promise<number> {
  child.kill('SIGTERM')
  return ended
}

const logIn = (url: string, email: string, password: string) =>
  fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('the demo clinic', () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'demo-clinic-')), 'data')
  afterAll(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }))

  test('is made at the first start, with four log-ins and one password, and found again at the second', async () => {
    const first = start(dataDir)
    const ready = await first.ready
    expect(ready).toMatchObject({ firstRun: true, dataDir })
    expect(ready.logins.map(({ email }) => email)).toEqual([
      'admin@demo.test',
      'reception@demo.test',
      'doctor@demo.test',
      'patient@demo.test',
    ])
    const password = ready.password ?? ''
    expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    for (const { email, role } of ready.logins) {
      const { user } = (await (await logIn(ready.url, email, password)).json()) as { user: Record<string, unknown> }
      expect(user.roles).toEqual([role])
      expect(user.doctorId !== null).toBe(role === 'doctor')
      expect((user.patientIds as string[]).length).toBe(role === 'patient' ? 1 : 0)
    }
    expect(await end(first)).toBe(0)
    expect(first.output()).toBe('')
    expect(readFileSync(join(dataDir, 'server.log'), 'utf8')).not.toContain(password)

    const second = start(dataDir)
    expect(await second.ready).toMatchObject({ firstRun: false, password })
    await end(second)
  })

  test('and its secrets can be read by their owner alone', () => {
    expect(mode(dataDir)).toBe('700')
    for (const file of ['demo-password', 'secret.key', 'clinic.sqlite', 'server.log']) {
      expect([file, mode(join(dataDir, file))]).toEqual([file, '600'])
    }
  })

  test('takes its password from the environment, and shows it to the terminal, not to the log', async () => {
    const before = readFileSync(join(dataDir, 'demo-password'), 'utf8').trim()
    const running = start(dataDir, [], { START_READY_FD: '', DEMO_PASSWORD: 'a password of my own' })
    await expect.poll(running.output, { timeout: 40_000 }).toContain('a password of my own')
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? ''
    expect((await logIn(url, 'admin@demo.test', before)).status).toBe(401)
    expect((await logIn(url, 'admin@demo.test', 'a password of my own')).status).toBe(200)
    await end(running)
    const logged = running
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.join()).not.toContain('a password of my own')
  })

  test('is not shown to the network, unless the flag says so', async () => {
    const refused = start(aFolder(), [], { HOST: '0.0.0.0' })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toContain('--allow-demo-on-network')
    const again = start(dataDir, [], { HOST: '0.0.0.0' })
    expect(await again.ended).toBe(1)
    const allowed = start(dataDir, ['--allow-demo-on-network'], { HOST: '0.0.0.0' })
    const { url } = await allowed.ready
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await end(allowed)
  })

  test('is whole after a first start that was killed half-way', async () => {
    const folder = aFolder()
    const first = start(folder)
    await expect.poll(() => exists(join(folder, 'clinic.sqlite-wal')), { timeout: 20_000 }).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    first.child.kill('SIGKILL')
    await first.ended
    const second = start(folder)
    const ready = await second.ready
    const answer = await logIn(ready.url, 'reception@demo.test', ready.password ?? '')
    expect(answer.status).toBe(200)
    const { token } = (await answer.json()) as { token: string }
    const today = new Date().toISOString().slice(0, 10)
    const days = `from=${addDays(today, -14)}&to=${addDays(today, 21)}&limit=500`
    const pages: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const list = await fetch(`${ready.url}/api/v1/appointments?${days}${cursor && `&cursor=${cursor}`}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const page = (await list.json()) as { appointments: unknown[]; nextCursor: string | null }
      pages.push(page.appointments.length)
      cursor = page.nextCursor
    }
    expect(pages.reduce((sum, size) => sum + size)).toBeGreaterThan(1_000)
    await end(second)
  })
})

describe('a start with --empty', () => {
  test('makes no account, and one link that sets the clinic up once', async () => {
    const dataDir = aFolder()
    const running = start(dataDir, ['--empty'])
    const { url, setUpUrl = '', logins, password } = await running.ready
    expect([logins, password]).toEqual([[], undefined])
    expect(setUpUrl).toMatch(new RegExp(`^${url}/set-up#[A-Za-z0-9_-]{43}$`))
    const token = setUpUrl.split('#')[1]
    const body = {
      token,
      clinic: { name: 'New Clinic', zone: 'Europe/Warsaw' },
      admin: { name: 'Ada', email: 'ada@clinic.example', password: 'seven green umbrellas' },
    }
    const setUp = (part: object) =>
      fetch(`${url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, ...part }),
      })
    const errorOf = async (answer: Response) => {
      const { code, field } = (await answer.json()) as { code: string; field: string }
      return [answer.status, code, field]
    }
    expect(await errorOf(await setUp({ token: 'x'.repeat(43) }))).toEqual([403, 'setup-link-invalid', 'token'])
    expect(await errorOf(await setUp({ clinic: { name: 'New', zone: 'Mars/Base' } }))).toEqual([
      400,
      'unknown-zone',
      'clinic.zone',
    ])
    expect(await errorOf(await setUp({ admin: { ...body.admin, password: 'passwordpassword' } }))).toEqual([
      400,
      'weak-password',
      'admin.password',
    ])

    const answers = await Promise.all([setUp({}), setUp({}), setUp({})])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403])
    const login = await logIn(url, 'ada@clinic.example', 'seven green umbrellas')
    expect(((await login.json()) as { user: { roles: string[] } }).user.roles).toEqual(['admin'])
    await end(running)
    expect(readFileSync(join(dataDir, 'server.log'), 'utf8')).not.toContain(token)

    const again = start(dataDir, ['--empty'])
    expect((await again.ready).setUpUrl).toBeUndefined()
    await end(again)
  })

  test('may be reached by others', async () => {
    const running = start(aFolder(), ['--empty'], { HOST: '0.0.0.0' })
    expect((await running.ready).logins).toEqual([])
    await end(running)
  })

  test('replaces a link that was never used', async () => {
    const dataDir = aFolder()
    const first = start(dataDir, ['--empty'])
    const { setUpUrl: old = '' } = await first.ready
    await end(first)
    const second = start(dataDir, ['--empty'])
    const { url, setUpUrl = '' } = await second.ready
    expect(setUpUrl.split('#')[1]).not.toBe(old.split('#')[1])
    const answer = await fetch(`${url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: old.split('#')[1],
        clinic: { name: 'New Clinic', zone: 'Europe/Warsaw' },
        admin: { name: 'Ada', email: 'ada@clinic.example', password: 'seven green umbrellas' },
      }),
    })
    expect(answer.status).toBe(403)
    await end(second)
  })
})

describe('a start that cannot go on', () => {
  test('says every wrong setting in a sentence and ends with 1', async () => {
    const running = start(aFolder(), ['--foo'], { PORT: '99999', SECRET_KEY: 'short' })
    expect(await running.ended).toBe(1)
    expect(running.output().trim().split('\n')).toEqual([
      'The server takes the flags --demo (the default), --empty, --allow-demo-on-network and --role=NAME only.',
      'SECRET_KEY must have at least 32 characters.',
    ])
  })

  test('names a database it cannot read, and leaves it alone', async () => {
    const dataDir = aFolder()
    const file = `${dataDir}.sqlite`
    writeFileSync(file, 'this is no database, and long enough to look like one '.repeat(20))
    const running = start(dataDir, [], { DATABASE_URL: `sqlite:${file}` })
    expect(await running.ended).toBe(1)
    expect(running.output()).toMatch(/not a database/)
    expect(readFileSync(file, 'utf8')).toContain('this is no database')
  })
})

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined
const addDays = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10)
