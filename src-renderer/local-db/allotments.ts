/**
 * The times that devices keep: read from the replica, so that they are known offline too, and asked for on behalf of this device
 * while the server can be reached. What this device keeps is its own to book; what others keep is taken.
 */
import { BehaviorSubject, type Observable, type Subscription } from 'rxjs'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AllotmentId } from '#domain/ids.ts'
import { type Allotment, isInside, isKeptBy, isLive, type Leaseholder } from '#domain/schedule/allotment.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { type AllotmentCalls, createAllotmentCalls } from '#renderer/server-api/allotment-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { LocalDatabase } from './local-database.ts'
import { openAllotments } from './queries.ts'
import type { SyncEngine } from './sync-status.ts'

export type AllotmentsOptions = {
  readonly database: LocalDatabase
  readonly api: Pick<ServerApi, 'call'>
  readonly sync: Pick<SyncEngine, 'status$'>
  readonly holder: Leaseholder
  /** False where nothing is booked offline: then nothing is asked for. */
  readonly isAsking: boolean
  /** The server's clock as far as it is known. */
  readonly now: () => Instant
}

/** How often is looked whether something is missing: a used one, one that is over, the next day. */
export const ASK_EVERY_MS = minutes(10)
const NONE: readonly Allotment[] = []

export class Allotments {
  readonly #options: AllotmentsOptions
  readonly #calls: AllotmentCalls
  readonly #open = new BehaviorSubject<readonly Allotment[]>(NONE)
  #subscriptions: Subscription[] = []
  #timer: ReturnType<typeof setInterval> | undefined
  #isReady = false

  constructor(options: AllotmentsOptions) {
    this.#options = options
    this.#calls = createAllotmentCalls(options.api)
  }

  /** Whatever nobody has used, handed back or taken back, those that are over included; the same list until it changes. */
  readonly list = (): readonly Allotment[] => this.#open.getValue()
  get list$(): Observable<readonly Allotment[]> {
    return this.#open
  }
  readonly subscribe = (notify: () => void): (() => void) => {
    const subscription = this.#open.subscribe(notify)
    return () => subscription.unsubscribe()
  }

  /** What this device keeps, and what it kept until its start. */
  readonly own = (): readonly Allotment[] => this.list().filter((one) => this.isOwn(one))
  readonly isOwn = (one: Allotment): boolean => isKeptBy(one, this.#options.holder)
  /** What other devices keep at the moment. */
  readonly ofOthers = (): readonly Allotment[] =>
    this.list().filter((one) => !this.isOwn(one) && isLive(one, this.#options.now()))

  start(): void {
    const { database, sync, isAsking } = this.#options
    this.#subscriptions.push(
      openAllotments(database).$.subscribe((found) => this.#open.next(found.map((one) => one.toJSON() as Allotment))),
    )
    if (!isAsking) return
    this.#subscriptions.push(
      sync.status$.subscribe(({ connection: { phase }, isLeader }) => {
        const isReady = phase === 'ready' && isLeader
        const hasComeBack = isReady && !this.#isReady
        this.#isReady = isReady
        if (hasComeBack) void this.ask()
      }),
    )
    this.#timer = setInterval(() => void this.ask(), ASK_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    this.#subscriptions = []
    this.#isReady = false
  }

  /** Has what is missing made up. The answer is not looked at: what is leased comes with the replica, to every window. */
  async ask(): Promise<void> {
    if (this.#isReady) await this.#calls.lease()
  }
}

/** Gives back all that a device keeps, where the server can be reached; what cannot be given back ends at its start. */
export async function handBackAll(
  database: LocalDatabase,
  api: Pick<ServerApi, 'call'>,
  holder: Leaseholder,
  now: Instant,
): Promise<void> {
  const open = (await openAllotments(database).exec()).map((one) => one.toJSON() as Allotment)
  const ids: AllotmentId[] = open.filter((one) => isKeptBy(one, holder) && isLive(one, now)).map(({ id }) => id)
  if (ids.length > 0) await createAllotmentCalls(api).handBack(ids)
}

/** True when a visit that was booked here lies in a time that this device keeps: then it stands, whatever came meanwhile. */
export function isKeptHere(
  visit: Pick<Appointment, 'doctorId' | 'typeId' | 'roomId' | 'start' | 'end'>,
  own: readonly Allotment[],
  typeOf: (id: AppointmentType['id']) => AppointmentType | undefined,
): boolean {
  const type = typeOf(visit.typeId)
  return type !== undefined && own.some((lease) => isInside(visit, type, lease, typeOf(lease.typeId)))
}
