/** The open local database and its replication for the components below. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Desk } from './desk.ts'
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
  const { database, user, sync } = useLocalDb()
  return useMemo(
    () => ({ database, user, now: () => Date.now() + (sync.getStatus().connection.serverTimeOffset ?? 0) }),
    [database, user, sync],
  )
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
const never = () => () => {}
const zero = () => 0

/** Patients found by what was typed, searched again when patients change. */
export function usePatientSearch(text: string, limit = 20): readonly PatientHit[] {
  const { patients } = useLocalDb()
  const version = useSyncExternalStore(patients?.subscribe ?? never, patients?.version ?? zero)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content of `patients`.
  return useMemo(() => patients?.search(text, limit) ?? NOBODY, [patients, text, limit, version])
}

/** Looks names up; the function changes when patients do, so that what depends on it is drawn again. */
export function usePatientLookup(): (id: PatientId) => PatientHit | undefined {
  const { patients } = useLocalDb()
  const version = useSyncExternalStore(patients?.subscribe ?? never, patients?.version ?? zero)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content of `patients`.
  return useMemo(() => (id: PatientId) => patients?.get(id), [patients, version])
}
