/** The parts of the server as processes of their own: a booking through the API is told by another process, each says how it is. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '#build/services.mjs'
import { AMQP_URL } from '#tests/support/event-line.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aMailServer, type MailServer } from '#tests/support/mail-server.ts'
import { SECRET_KEY } from '#tests/support/server-under-test.ts'
import { anEmptyDatabase, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'

const ROLES = ['api', 'notifications', 'scheduler', 'reports'] as const
const PASSWORD = 'four words in a row'

type Part = { readonly child: ChildProcess; readonly metricsPort: number }
let throwAway: ThrowAwayDatabase
let mailServer: MailServer
const dataDir = mkdtempSync(join(tmpdir(), 'parts-'))
const parts = new Map<string, Part>()
let port = 0

beforeAll(async () => {
  throwAway = await anEmptyDatabase('mysql')
  mailServer = await aMailServer()
  port = await freePort()
  for (const role of ROLES) {
    parts.set(role, await start(role))
    // The API makes the tables and the demo clinic first.
    if (role === 'api') await eventually('the API answers', () => isOk(`http://127.0.0.1:${port}/readyz`), 120_000)
  }
}, 180_000)
afterAll(async () => {
  for (const { child } of parts.values()) child.kill('SIGKILL')
  await mailServer.stop()
  await throwAway.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const isOk = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

async function start(role: (typeof ROLES)[number]): Promise<Part> {
  const metricsPort = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../sync-server/main.ts'), `--role=${role}`], {
    env: {
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: throwAway.url,
      AMQP_URL,
      SMTP_URL: mailServer.url,
      SECRET_KEY,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      METRICS_PORT: String(metricsPort),
      DEMO_PASSWORD: PASSWORD,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { child, metricsPort }
}

async function ask(token: string, method: string, path: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: response.status === 204 ? null : await response.json() }
}

test('every part says that it is ready, and what it counts, on its own port of this machine', async () => {
  for (const [role, { metricsPort }] of parts) {
    await eventually(`${role} is ready`, () => isOk(`http://127.0.0.1:${metricsPort}/readyz`), 45_000)
    const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    await eventually(
      `${role} has found the broker`,
      async () => (await metrics()).includes(`appointments_bus_up{role="${role}"} 1`),
      45_000,
    )
    expect(await metrics()).toMatch(/process_resident_memory_bytes/)
  }
})

test('what happens at the API is told by the process of notifications, and a report is made by that of reports', async () => {
  const logIn = (device: string) =>
    ask('', 'POST', '/api/v1/auth/login', {
      email: 'admin@demo.test',
      password: PASSWORD,
      device: { id: device, name: 'A laptop' },
    })
  const first = await logIn('019f0000-0000-7000-8000-000000000001')
  expect(first.status).toBe(200)
  // Signing in on a second device is news at once, day and night.
  const { body } = await logIn('019f0000-0000-7000-8000-000000000002')
  await eventually('the mail has come', () => mailServer.received.length > 0, 45_000)
  expect(JSON.stringify(mailServer.received[0]?.to)).toContain('admin@demo.test')

  const asked = await ask(body.token, 'POST', '/api/v1/reports', {
    definition: 'appointments-by-status',
    filter: { from: '2026-01-01', until: '2026-12-31' },
    type: 'csv',
  })
  expect(asked.status).toBeLessThan(300)
  await eventually(
    'the report is there',
    async () => {
      const { reports } = (await ask(body.token, 'GET', '/api/v1/reports')).body
      return reports[0]?.status === 'done' || reports[0]
    },
    60_000,
  )
  const { state, alerts } = (await ask(body.token, 'GET', '/api/v1/monitor')).body
  expect(state.bus).toMatchObject({ kind: 'rabbitmq', isUp: true })
  expect(new Set(state.services.map(({ service }: { service: string }) => service))).toEqual(
    new Set(['notifications', 'scheduler']),
  )
  expect(alerts).toEqual([])
})

test('a part that is told to end ends in order', async () => {
  for (const [role, { child }] of parts) {
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    expect(await ended, role).toBe(0)
  }
})
