/** The open local database and its replication for the components below. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { DelayView } from '#domain/api/delay-api.ts'
import type { PatientId } from '#domain/ids.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Allotments } from './allotments.ts'
import type { Delays } from './delays.ts'
import type { Desk } from './desk.ts'
import type { HeldTime, HeldTimes } from './held-times.ts'
import type { LocalDatabase } from './local-database.ts'
import type { PatientDirectory } from './patient-directory.ts'
import type { PatientHit } from './patient-index.ts'
import type { SyncEngine, SyncStatus } from './sync-status.ts'

/** Everything that lives from unlock to lock. `patients` is null while the screen is locked. */
export type LocalDb = {
  readonly database: LocalDatabase
  readonly sync: SyncEngine
  readonly user: SignedInUser
  readonly patients: PatientDirectory | null
  readonly held: HeldTimes
  readonly leases: Allotments
  readonly delays: Delays
}

const LocalDbContext = createContext<LocalDb | null>(null)

export function LocalDbProvider({ value, children }: { readonly value: LocalDb; readonly children: ReactNode }) {
  return <LocalDbContext.Provider value={value}>{children}</LocalDbContext.Provider>
}

/** @throws Error outside of a LocalDbProvider: a mistake of the caller */
export function useLocalDb(): LocalDb {
  const value = useContext(LocalDbContext)
  if (!value) throw new Error('useLocalDb outside of LocalDbProvider')
  return value
}

/** Who acts here, for the local write verbs; its clock is the server's as far as known. */
export function useDesk(): Desk {
  const { database, user, sync, held, leases } = useLocalDb()
  return useMemo(
    () => ({ database, user, now: () => serverTime(sync), heldByOthers: held.list, ownLeases: leases.own }),
    [database, user, sync, held, leases],
  )
}

/** The present by the server's clock as far as it is known. */
export const serverTime = (sync: Pick<SyncEngine, 'getStatus'>): Instant =>
  Date.now() + (sync.getStatus().connection.serverTimeOffset ?? 0)

/** The times that others keep free at the moment; none without the server. */
export function useHeldTimes(): readonly HeldTime[] {
  const { held } = useLocalDb()
  return useSyncExternalStore(held.subscribe, held.list)
}

/** Whatever this device keeps, or kept until its start, and has not used. */
export function useOwnLeases(): readonly Allotment[] {
  const { leases } = useLocalDb()
  const all = useSyncExternalStore(leases.subscribe, leases.list)
  return useMemo(() => all.filter(leases.isOwn), [all, leases])
}

/** What doctors say of today's lateness; nothing without the server. */
export function useDelays(): readonly DelayView[] {
  const { delays } = useLocalDb()
  return useSyncExternalStore(delays.subscribe, delays.list)
}

export function useSyncStatus(): SyncStatus {
  const { sync } = useLocalDb()
  const subscribe = useCallback(
    (notify: () => void) => {
      const subscription = sync.status$.subscribe(notify)
      return () => subscription.unsubscribe()
    },
    [sync],
  )
  return useSyncExternalStore(subscribe, sync.getStatus)
}

/** The ids of a collection that still wait to be sent. */
export function useUnsent(collection: CollectionName): ReadonlySet<string> {
  const { sync } = useLocalDb()
  const subscribe = useCallback(
    (notify: () => void) => {
      const subscription = sync.unsent$(collection).subscribe(notify)
      return () => subscription.unsubscribe()
    },
    [sync, collection],
  )
  const read = useCallback(() => sync.getUnsent(collection), [sync, collection])
  return useSyncExternalStore(subscribe, read)
}

const NOBODY: readonly PatientHit[] = []
const NO_IDS: readonly PatientId[] = []
const never = () => () => {}
const zero = () => 0

/** Patients found by what was typed, searched again when patients change; those of `before` stand first. */
export function usePatientSearch(
  text: string,
  limit = 20,
  before: readonly PatientId[] = NO_IDS,
): readonly PatientHit[] {
  const { patients } = useLocalDb()
  const version = useSyncExternalStore(patients?.subscribe ?? never, patients?.version ?? zero)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content of `patients`.
  return useMemo(() => patients?.search(text, limit, before) ?? NOBODY, [patients, text, limit, before, version])
}

/** Everybody on this device by surname, read again when patients change. */
export function useAllPatients(): readonly PatientHit[] {
  const { patients } = useLocalDb()
  const version = useSyncExternalStore(patients?.subscribe ?? never, patients?.version ?? zero)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content of `patients`.
  return useMemo(() => patients?.list() ?? NOBODY, [patients, version])
}

/** Looks names up; the function changes when patients do, so that what depends on it is drawn again. */
export function usePatientLookup(): (id: PatientId) => PatientHit | undefined {
  const { patients } = useLocalDb()
  const version = useSyncExternalStore(patients?.subscribe ?? never, patients?.version ?? zero)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content of `patients`.
  return useMemo(() => (id: PatientId) => patients?.get(id), [patients, version])
}
