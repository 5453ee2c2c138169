/** How a device tells how much it has not sent: seldom, never twice the same, and again when the server was away. Time is scripted. */
import { BehaviorSubject } from 'rxjs'
import { beforeEach, describe, expect, it } from 'vitest'
import { initialConnection } from '#domain/sync/connection-state.ts'
import { DeviceReport } from '#renderer/local-db/device-report.ts'
import { NO_LIVE_VERSIONS, type SyncStatus } from '#renderer/local-db/sync-status.ts'

const READY = { ...initialConnection(0), phase: 'ready' as const }
const AWAY = { ...initialConnection(0), phase: 'offline' as const }

let status: BehaviorSubject<SyncStatus>
let told: string[]
let answers: () => Promise<Response>
let timers: Map<number, { readonly action: () => void; readonly milliseconds: number }>
let report: DeviceReport

beforeEach(() => {
  let handles = 0
  timers = new Map()
  told = []
  answers = async () => new Response(null, { status: 204 })
  status = new BehaviorSubject<SyncStatus>({
    connection: AWAY,
    isLeader: true,
    waiting: 0,
    parked: 0,
    initialSync: { done: true, received: 0, total: null },
    lastSyncAt: null,
    personVersion: 0,
    liveVersions: NO_LIVE_VERSIONS,
    problem: null,
  })
  report = new DeviceReport({
    status$: status,
    fetch: async (path, { method, body }) => {
      told.push(`${method} ${path} ${body}`)
      return answers()
    },
    clock: {
      now: () => 0,
      setTimeout: (action, milliseconds) => {
        handles += 1
        timers.set(handles, { action, milliseconds })
        return handles
      },
      clearTimeout: (handle) => timers.delete(handle as number),
    },
  })
})

const become = (part: Partial<SyncStatus>) => status.next({ ...status.getValue(), ...part })
const waits = () => [...timers.values()].map(({ milliseconds }) => milliseconds / 1_000)
/** Lets what is due ring, and its request be answered. */
async function ring() {
  const due = [...timers.values()]
  timers.clear()
  for (const { action } of due) action()
  await new Promise((resolve) => setTimeout(resolve))
}
const tells = (count: number) => `PUT /api/v1/me/device {"unsentCount":${count}}`

describe('what a device has not sent', () => {
  it('is told when the server is there, and then every ten minutes, for the last contact', async () => {
    expect(waits()).toEqual([])
    become({ connection: READY })
    expect(waits()).toEqual([3])
    await ring()
    expect(told).toEqual([tells(0)])
    expect(waits()).toEqual([600])
    await ring()
    expect(told).toEqual([tells(0), tells(0)])
  })

  it('is told once for many changes, with what is set aside, and not at all when it was sent meanwhile', async () => {
    become({ connection: READY })
    await ring()
    for (const waiting of [1, 2, 3, 4]) become({ waiting })
    become({ parked: 1 })
    expect(waits()).toEqual([3])
    await ring()
    expect(told).toEqual([tells(0), tells(5)])
    become({ waiting: 5 })
    become({ waiting: 4 })
    await ring()
    expect(told).toHaveLength(2)
  })

  it('is told again when no answer came, and after the server was away', async () => {
    answers = async () => Promise.reject(new TypeError('no network'))
    become({ connection: READY, waiting: 2 })
    await ring()
    answers = async () => new Response(null, { status: 204 })
    expect(waits()).toEqual([3])
    await ring()
    expect(told).toEqual([tells(2), tells(2)])
    become({ connection: AWAY })
    expect(waits()).toEqual([])
    become({ connection: READY })
    await ring()
    expect(told).toHaveLength(3)
  })

  it('is told by the leading tab alone, and by nobody after the end', async () => {
    become({ connection: READY, isLeader: false, waiting: 1 })
    expect(waits()).toEqual([])
    become({ isLeader: true })
    expect(waits()).toEqual([3])
    report.stop()
    expect(waits()).toEqual([])
    become({ waiting: 9 })
    expect(waits()).toEqual([])
  })
})
