/** The whole client, from its session to its local data, on a device whose access is taken away. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { SessionController } from '#renderer/app/session/session-controller.ts'
import type { OpenSession, SessionState } from '#renderer/app/session/session-state.ts'
import { bookLocally, editWordsLocally, type LocalWrite } from '#renderer/local-db/appointments-store.ts'
import type { Platform } from '#renderer/platform/types.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type FaultProxy, startFaultProxy } from '#tests/support/fault-proxy.ts'
import { FIXTURE_EMAILS } from '#tests/support/fixture-clinic.ts'
import { TEST_SEED } from '#tests/support/seeded.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { DESKTOP } from '#tests/support/sync-client.ts'

const wide = { windowMs: minutes(60), triesPerAddress: 10_000, triesPerAccount: 1_000 }

let server: ServerUnderTest
let proxy: FaultProxy
let controller: SessionController
let kept: Map<string, string>
let count = 0

class DesktopSocket extends WebSocket {
  constructor(url: string, subprotocol: string) {
    super(url, [subprotocol], { origin: DESKTOP })
  }
}
const asDesktop: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), origin: DESKTOP } })

/** A browser that keeps nothing: what is open is all there is. */
const platform = {
  kind: 'browser',
  session: { get: async () => null, set: async () => undefined, clear: async () => undefined },
  keys: {
    isOwnDevice: async () => false,
    setOwnDevice: async () => undefined,
    list: async () => [],
    enrol: async () => ({ ok: false, reason: 'not-own-device' }),
    forget: async () => undefined,
  },
} as unknown as Platform

beforeAll(async () => {
  server = await aServer('sqlite', { logInLimits: wide })
})
afterAll(() => server.stop())

beforeEach(async () => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  vi.stubGlobal('WebSocket', DesktopSocket)
  proxy = await startFaultProxy({ port: Number(new URL(server.url).port) }, seededRandom(TEST_SEED))
  const origin = `http://127.0.0.1:${proxy.port}`
  const api = createServerApi({ origin, transport: 'bearer', fetch: asDesktop, isOnline: () => true, timeoutMs: 3_000 })
  controller = new SessionController({ platform, api, silenceMs: 10_000, revokedRetryMs: 200 })
  await controller.start()
  await controller.signIn({ email: FIXTURE_EMAILS.receptionist, password: FIXTURE_PASSWORD, isOwnDevice: false })
})
afterEach(async () => {
  const state = controller.getState()
  if ('session' in state) {
    await state.session.sync.stop()
    await state.session.database.remove()
  }
  await proxy.close()
  vi.unstubAllGlobals()
})

function openOne(): OpenSession {
  const state = controller.getState()
  if (state.phase !== 'open') throw new Error(`not open but ${state.phase}`)
  return state.session
}
const level = ({ sync }: OpenSession) =>
  eventually('the client is level with the server', () => {
    const { connection, waiting, initialSync } = sync.getStatus()
    return (connection.phase === 'ready' && waiting === 0 && initialSync.done) || { connection, waiting, initialSync }
  })
const untilPhase = (phase: SessionState['phase']) =>
  eventually(`the session is ${phase}`, () => controller.getState().phase === phase || controller.getState().phase)
const revoke = async (query = ''): Promise<string> => {
  const id = kept.get('device-id') ?? ''
  const answer = await server.request('DELETE', `/api/v1/devices/${id}${query}`, { as: 'admin' })
  expect(answer.status).toBe(204)
  return id
}
const handedIn = async (deviceId: string) => {
  const { body } = await server.request('GET', '/api/v1/devices/handed-in', { as: 'admin' })
  return body.changes.filter((one: { deviceId: string }) => one.deviceId === deviceId)
}
const idOf = (write: LocalWrite): AppointmentId => {
  if (!write.ok) throw new Error(JSON.stringify(write))
  return write.appointment.id
}

/** Books a visit that the server takes, loses the line, changes the visit and books another one. */
async function workOffline(session: OpenSession) {
  count += 1
  const { database, user } = session
  const desk = { database, user, now: () => server.clock.now }
  const wish = (hour: number) => ({
    patientId: testId<'Patient'>('Patient', 2 * count + hour),
    doctorId: testId<'Doctor'>('Doctor', count),
    typeId: server.clinic.types.consultation.id,
    start: NINE_O_CLOCK + minutes(60 * hour),
  })
  await level(session)
  const sent = idOf(await bookLocally(desk, wish(0)))
  await level(session)
  proxy.setOffline(true)
  expect((await editWordsLocally(desk, sent, { note: 'needs the ground floor' })).ok).toBe(true)
  const fresh = idOf(await bookLocally(desk, wish(1)))
  await eventually('both wait', () => session.sync.getStatus().waiting === 2 || session.sync.getStatus())
  return { sent, fresh }
}

describe('a client whose device is revoked', () => {
  test('while it is online, is out at once and keeps nothing', async () => {
    const session = openOne()
    await level(session)
    const device = await revoke()
    await untilPhase('signed-out')
    expect(controller.getState()).toMatchObject({ farewell: { kind: 'handed-in', count: 0, left: 0 } })
    expect(session.database.closed).toBe(true)
    expect(await handedIn(device)).toEqual([])
  })

  test('while it is offline, hands in its unsent changes once at its next contact and keeps nothing', async () => {
    const session = openOne()
    const { sent, fresh } = await workOffline(session)
    const device = await revoke()
    proxy.setOffline(false)
    session.sync.kick()
    await untilPhase('signed-out')
    expect(controller.getState()).toMatchObject({ farewell: { kind: 'handed-in', count: 2, left: 0 } })
    expect(session.database.closed).toBe(true)
    const changes = await handedIn(device)
    expect(changes).toHaveLength(2)
    const edit = changes.find(({ documentId }: { documentId: string }) => documentId === sent)
    expect(edit.fields).toContainEqual({ name: 'note', wanted: 'needs the ground floor' })
    expect(changes.map(({ documentId }: { documentId: string }) => documentId)).toContain(fresh)
    // Nobody has applied them.
    const visit = await server.request('GET', `/api/v1/appointments/${sent}`, { as: 'admin' })
    expect(visit.body.appointment.note).toBe('')
    expect((await server.request('GET', `/api/v1/appointments/${fresh}`, { as: 'admin' })).status).toBe(404)
  })

  test('stays locked with its changes while the server cannot be reached, and hands them in when it can', async () => {
    const session = openOne()
    await workOffline(session)
    const device = await revoke()
    // The answer that says so gets through, and the line is gone again before anything is handed in.
    const stop = controller.subscribe(() => {
      if (controller.getState().phase === 'revoked') proxy.setOffline(true)
    })
    proxy.setOffline(false)
    session.sync.kick()
    await untilPhase('revoked')
    stop()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(controller.getState().phase).toBe('revoked')
    expect(await handedIn(device)).toEqual([])
    expect(await session.sync.unsentRows()).toHaveLength(2)
    proxy.setOffline(false)
    await untilPhase('signed-out')
    expect(controller.getState()).toMatchObject({ farewell: { kind: 'handed-in', count: 2 } })
    expect(await handedIn(device)).toHaveLength(2)
  })

  test('to be wiped at once, hands in nothing and keeps nothing', async () => {
    const session = openOne()
    await workOffline(session)
    const device = await revoke('?wipeNow=true')
    proxy.setOffline(false)
    session.sync.kick()
    await untilPhase('signed-out')
    expect(controller.getState()).toMatchObject({ farewell: { kind: 'erased' } })
    expect(session.database.closed).toBe(true)
    expect(await handedIn(device)).toEqual([])
  })
})
