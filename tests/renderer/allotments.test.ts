/** What a device knows of the times that it keeps and others keep, what it books into them, and when it asks for more. */
import { BehaviorSubject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AllotmentId } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import { minutes } from '#domain/time/instant.ts'
import { Allotments, ASK_EVERY_MS, handBackAll, isKeptHere } from '#renderer/local-db/allotments.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { freeStartsLocally } from '#renderer/local-db/free-times-local.ts'
import { HeldTimes } from '#renderer/local-db/held-times.ts'
import { findObstacle } from '#renderer/local-db/place-check.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import {
  anAllotment,
  anAppointment,
  anAppointmentType,
  NINE_O_CLOCK,
  TEST_ZONE,
  testId,
} from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aLocalDesk } from '#tests/support/local-desk.ts'

const HOLDER = { deviceId: testId('Device', 1), userId: testId('User', 1) }
const NOW = NINE_O_CLOCK - minutes(60)
const lease = (number: number, part: Partial<Allotment> = {}): Allotment => {
  const start = NINE_O_CLOCK + minutes(15 * number)
  return anAllotment({ ...HOLDER, id: testId('Allotment', number), start, end: start + minutes(15), ...part })
}
const others = { deviceId: testId('Device', 2) }
const aStatus = (phase: 'ready' | 'offline') =>
  ({ connection: { phase }, isLeader: true, liveVersions: { holds: 0 } }) as unknown as SyncStatus

describe('the times that devices keep', () => {
  const status$ = new BehaviorSubject(aStatus('offline'))
  let desk: Desk
  let leases: Allotments
  let held: HeldTimes
  let asked: { readonly path: string; readonly body?: unknown }[]
  const call = (async (request: { path: string; body?: unknown }) => {
    asked.push(request)
    return { ok: true, value: { allotments: [], holds: [] } }
  }) as unknown as ServerApi['call']
  const leaseCalls = () => asked.filter(({ path }) => path === '/allotments').length

  beforeEach(async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['setInterval', 'clearInterval'] })
    asked = []
    status$.next(aStatus('offline'))
    const plain = await aLocalDesk()
    const now = () => NOW
    leases = new Allotments({
      database: plain.database,
      api: { call },
      sync: { status$ },
      holder: HOLDER,
      isAsking: true,
      now,
    })
    held = new HeldTimes({ api: { call }, sync: { status$ }, zone: TEST_ZONE, leases, now })
    desk = { ...plain, now, heldByOthers: held.list, ownLeases: leases.own }
    leases.start()
    held.start()
  })
  afterEach(async () => {
    held.stop()
    leases.stop()
    vi.useRealTimers()
    await desk.database.close()
  })
  const know = async (...rows: Allotment[]): Promise<void> => {
    for (const row of rows) await desk.database.allotments.insert(row)
    const count = rows.filter(({ status }) => status === 'open').length
    await eventually('the leases are read', async () => leases.list().length === count)
  }
  const obstacleAt = async (number: number) => {
    const { start, end, doctorId } = lease(number)
    const place = { id: testId('Appointment'), patientId: testId('Patient'), current: null, doctorId, start, end }
    return (await findObstacle(desk, { ...place, type: anAppointmentType() }))?.reason
  }

  it('are known without the server: those of others are taken, its own are free, and what is over is nobody’s', async () => {
    await know(lease(1), lease(2, others), lease(3, { ...others, status: 'returned' }), lease(-5, others))
    expect(leases.own().map(({ id }) => id)).toEqual([testId('Allotment', 1)])
    expect(held.list().map(({ start }) => start)).toEqual([lease(2).start])
    expect(await Promise.all([obstacleAt(1), obstacleAt(2), obstacleAt(3)])).toEqual([undefined, 'held', undefined])
    const wanted = { doctorId: testId('Doctor'), typeId: anAppointmentType().id, day: '2026-10-14' }
    const starts = await freeStartsLocally(desk, wanted)
    expect([starts.includes(lease(1).start), starts.includes(lease(2).start)]).toEqual([true, false])
  })

  it('make certain what is booked into them here, and nothing that is longer', () => {
    const typeOf = () => anAppointmentType()
    const { start, end } = lease(1)
    expect(isKeptHere(anAppointment({ start, end }), [lease(1)], typeOf)).toBe(true)
    expect(isKeptHere(anAppointment({ start, end: end + minutes(1) }), [lease(1)], typeOf)).toBe(false)
    expect(isKeptHere(anAppointment({ start, end }), [lease(1)], () => undefined)).toBe(false)
  })

  it('are asked for when the server is there again, and now and then while it is', async () => {
    await vi.advanceTimersByTimeAsync(ASK_EVERY_MS)
    expect(leaseCalls()).toBe(0)
    status$.next(aStatus('ready'))
    expect(leaseCalls()).toBe(1)
    status$.next(aStatus('ready'))
    expect(leaseCalls()).toBe(1)
    await vi.advanceTimersByTimeAsync(ASK_EVERY_MS)
    expect(leaseCalls()).toBe(2)
    status$.next(aStatus('offline'))
    status$.next(aStatus('ready'))
    expect(leaseCalls()).toBe(3)
  })

  it('are given back when its person signs out, and those of others are not', async () => {
    await know(lease(1), lease(2, others), lease(-5))
    await handBackAll(desk.database, { call }, HOLDER, NOW)
    const ids: AllotmentId[] = [testId('Allotment', 1)]
    expect(asked.at(-1)).toMatchObject({ path: '/allotments/hand-back', body: { allotmentIds: ids } })
  })
})
