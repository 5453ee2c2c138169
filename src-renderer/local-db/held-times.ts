/**
 * The times that others keep free at the moment, read from the server whenever it says that they have changed. They lie on no
 * device: without the server nothing is known of them, and nothing is shown. What other devices keep for when they lose their
 * connection (allotments.ts) is, and stands in the same list.
 *
 * What this window keeps for itself is left out; the same person at another desk is somebody else.
 */
import { BehaviorSubject, type Observable, type Subscription } from 'rxjs'
import type { HoldBody, ListedHold } from '#domain/api/hold-api.ts'
import type { HoldId } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import { windowOf } from '#domain/sync/window.ts'
import { addDays, localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { ApiResult } from '#renderer/server-api/api-call.ts'
import { createBookingCalls } from '#renderer/server-api/booking-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { Allotments } from './allotments.ts'
import { LiveList } from './live-list.ts'
import type { SyncEngine } from './sync-status.ts'

export type HeldTime = Pick<
  ListedHold,
  'id' | 'doctorId' | 'typeId' | 'start' | 'end' | 'expiresAt' | 'isOffer' | 'heldBy'
> & {
  /** The lease, where a device keeps the time for when it loses its connection. */
  readonly lease?: Allotment
}

/** What a window asks the server to keep: known before its answer is. */
type Asked = Pick<HoldBody, 'doctorId' | 'start'>

export type HeldTimesOptions = {
  readonly api: Pick<ServerApi, 'call'>
  readonly sync: Pick<SyncEngine, 'status$'>
  readonly zone: Zone
  /** What other devices keep: known offline too, as it lies in the replica. */
  readonly leases?: Pick<Allotments, 'ofOthers' | 'list$'>
  /** The server's clock as far as it is known. */
  readonly now: () => Instant
}

const NONE: readonly HeldTime[] = []
/** A clock that runs a little early must not bring a hold back that was just taken off. */
const MARGIN_MS = 50

export class HeldTimes {
  readonly #options: HeldTimesOptions
  readonly #shown = new BehaviorSubject<readonly HeldTime[]>(NONE)
  readonly #own = new Set<HoldId>()
  readonly #source: LiveList<ListedHold>
  #asked: Asked | null = null
  #known: readonly ListedHold[] = []
  #following: Subscription | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: HeldTimesOptions) {
    this.#options = options
    this.#source = new LiveList({
      name: 'holds',
      sync: options.sync,
      load: () => this.#load(),
      onRows: (rows) => {
        this.#known = rows
        this.#show()
      },
    })
  }

  /** The same list until it changes. */
  readonly list = (): readonly HeldTime[] => this.#shown.getValue()
  get list$(): Observable<readonly HeldTime[]> {
    return this.#shown
  }
  readonly subscribe = (notify: () => void): (() => void) => {
    const subscription = this.#shown.subscribe(notify)
    return () => subscription.unsubscribe()
  }

  start(): void {
    this.#source.start()
    this.#following = this.#options.leases?.list$.subscribe(() => this.#show())
  }

  stop(): void {
    this.#source.stop()
    this.#following?.unsubscribe()
  }

  /** Call before a time is asked for, and with null once the answer is there. */
  noteAsked(asked: Asked | null): void {
    this.#asked = asked
    this.#show()
  }

  noteOwn(id: HoldId): void {
    this.#own.add(id)
    this.#asked = null
    this.#show()
  }

  async #load(): Promise<ApiResult<readonly ListedHold[]>> {
    const { api, zone, now } = this.#options
    const today = localDayOf(now(), zone)
    const days = { from: today, to: addDays(windowOf(today).until, -1) }
    const answer = await createBookingCalls(api).holds({ ...days, withPatients: false })
    return answer.ok ? { ok: true, value: answer.value.holds } : answer
  }

  #show(): void {
    clearTimeout(this.#timer)
    const now = this.#options.now()
    const live = this.#known.filter((hold) => hold.expiresAt > now)
    const leases = this.#options.leases?.ofOthers().map(asHeld) ?? []
    const others = [...live.filter((hold) => !this.#isOwn(hold)), ...leases]
    if (!isSame(others, this.list())) this.#shown.next(others.length === 0 ? NONE : others)
    const ends = [...live, ...leases].map(({ expiresAt }) => expiresAt)
    if (ends.length > 0) this.#timer = setTimeout(() => this.#show(), Math.min(...ends) - now + MARGIN_MS)
  }

  #isOwn({ id, isOwn, isOffer, doctorId, start }: ListedHold): boolean {
    if (this.#own.has(id)) return true
    return isOwn && !isOffer && this.#asked?.doctorId === doctorId && this.#asked.start === start
  }
}

const asHeld = (lease: Allotment): HeldTime => ({
  id: lease.id as string as HoldId,
  doctorId: lease.doctorId,
  typeId: lease.typeId,
  start: lease.start,
  end: lease.end,
  expiresAt: lease.start,
  isOffer: false,
  heldBy: lease.heldByName,
  lease,
})

const isSame = (a: readonly HeldTime[], b: readonly HeldTime[]): boolean =>
  a.length === b.length && a.every((hold, index) => hold.id === b[index]?.id && hold.expiresAt === b[index].expiresAt)
