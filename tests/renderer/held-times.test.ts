/** What a desk knows of the times that others keep: read when the server says so, nothing without it, and never one's own. */
import { BehaviorSubject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ListedHold } from '#domain/api/hold-api.ts'
import { seconds } from '#domain/time/instant.ts'
import { HeldTimes } from '#renderer/local-db/held-times.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { NINE_O_CLOCK, TEST_ZONE, testId } from '#tests/support/builders.ts'

const aHold = (number: number, part: Partial<ListedHold> = {}): ListedHold => ({
  id: testId('Hold', number),
  doctorId: testId('Doctor'),
  typeId: testId('AppointmentType'),
  roomId: null,
  patientId: null,
  start: NINE_O_CLOCK + number * 900_000,
  end: NINE_O_CLOCK + (number + 1) * 900_000,
  expiresAt: NINE_O_CLOCK + seconds(120),
  isOwn: false,
  isOffer: false,
  heldBy: 'Robin Reception',
  ...part,
})

const aStatus = (phase: 'ready' | 'offline', holds: number) =>
  ({ connection: { phase }, liveVersions: { holds } }) as unknown as SyncStatus

describe('the times that others keep', () => {
  const status$ = new BehaviorSubject(aStatus('ready', 0))
  let answers: ListedHold[] | null
  let paths: string[]
  let held: HeldTimes
  const call = (async ({ path }: { path: string }) => {
    paths.push(path)
    return answers === null
      ? { ok: false, kind: 'offline', reason: 'server-unreachable' }
      : { ok: true, value: { holds: answers } }
  }) as unknown as ServerApi['call']
  const ids = () => held.list().map(({ id }) => id)
  /** Another desk keeps or lets go: the server says so, and the list is read. */
  const poke = async (now: ListedHold[] | null): Promise<void> => {
    answers = now
    status$.next(aStatus('ready', status$.getValue().liveVersions.holds + 1))
    await vi.advanceTimersByTimeAsync(0)
  }
  beforeEach(() => {
    vi.useFakeTimers({ now: NINE_O_CLOCK })
    status$.next(aStatus('ready', 0))
    answers = []
    paths = []
    held = new HeldTimes({
      api: { call },
      sync: { status$ },
      zone: TEST_ZONE,
      now: () => Date.now(),
    })
    held.start()
  })
  afterEach(() => {
    held.stop()
    vi.useRealTimers()
  })

  it('are read once at the start and once for each word of the server, without patients', async () => {
    await vi.advanceTimersByTimeAsync(0)
    await poke([aHold(1)])
    status$.next(aStatus('ready', 1))
    await vi.advanceTimersByTimeAsync(0)
    expect(paths).toHaveLength(2)
    expect(paths[1]).toMatch(/^\/holds\?from=2026-10-14&to=2027-04-12&withPatients=false$/)
    expect(ids()).toEqual([testId('Hold', 1)])
  })

  it('go when they are let go, and when they run out without a word', async () => {
    await poke([aHold(1), aHold(2, { expiresAt: NINE_O_CLOCK + seconds(30) })])
    await vi.advanceTimersByTimeAsync(seconds(29))
    expect(ids()).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(seconds(2))
    expect(ids()).toEqual([testId('Hold', 1)])
    await poke([])
    expect(ids()).toEqual([])
  })

  it('are unknown without the server, and read again with it', async () => {
    await poke([aHold(1)])
    status$.next(aStatus('offline', 1))
    expect(ids()).toEqual([])
    status$.next(aStatus('ready', 1))
    await vi.advanceTimersByTimeAsync(0)
    expect(ids()).toEqual([testId('Hold', 1)])
  })

  it('are asked for again a little later when no answer came', async () => {
    await poke(null)
    answers = [aHold(1)]
    await vi.advanceTimersByTimeAsync(seconds(5))
    expect(ids()).toEqual([testId('Hold', 1)])
  })

  it('leave out what this window keeps, before and after the answer, but not what the same person keeps elsewhere', async () => {
    const [mine, elsewhere] = [aHold(1, { isOwn: true }), aHold(2, { isOwn: true })]
    held.noteAsked(mine)
    await poke([mine, elsewhere])
    expect(ids()).toEqual([elsewhere.id])
    held.noteOwn(mine.id)
    expect(ids()).toEqual([elsewhere.id])
    held.noteAsked(elsewhere)
    held.noteAsked(null)
    expect(ids()).toEqual([elsewhere.id])
  })

  it('show what was offered to the waitlist to everybody, whoever offered it', async () => {
    const offer = aHold(1, { isOwn: true, isOffer: true })
    held.noteAsked(offer)
    await poke([offer])
    expect(ids()).toEqual([offer.id])
  })

  it('are the same list while nothing of it changes', async () => {
    await poke([aHold(1)])
    const before = held.list()
    await poke([aHold(1)])
    expect(held.list()).toBe(before)
  })
})
