/** The patient index kept up to date with the local database. */
import { getChangedDocumentsSince, type RxStorageDefaultCheckpoint } from 'rxdb'
import type { PatientId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import type { LocalDatabase } from './local-database.ts'
import { type PatientHit, PatientIndex } from './patient-index.ts'

export type PatientDirectory = {
  /** @param before whoever of these matches stands first */
  readonly search: (text: string, limit?: number, before?: readonly PatientId[]) => readonly PatientHit[]
  /** Everybody by surname; the same list until somebody changes. */
  readonly list: () => readonly PatientHit[]
  readonly get: (id: PatientId) => PatientHit | undefined
  /** True once every patient of the device is in it. */
  readonly isComplete: () => boolean
  readonly size: () => number
  /** Calls back after changes, at most once per turn of the event loop. For `useSyncExternalStore` with `version`. */
  readonly subscribe: (listener: () => void) => () => void
  readonly version: () => number
  /** Forgets every name. */
  readonly close: () => void
}

/** Documents read at once: a few milliseconds of work between two frames. */
const CHUNK = 500
const SORTED_AT_ONCE = 2_000

/** Builds the index in chunks, in the background, while changes already flow into it. */
export function openPatientDirectory(database: LocalDatabase): PatientDirectory {
  let index = new PatientIndex()
  let version = 0
  let isComplete = false
  let isClosed = false
  let isAnnounced = false
  let listed: { readonly version: number; readonly hits: readonly PatientHit[] } | undefined
  const listeners = new Set<() => void>()
  const announce = () => {
    version += 1
    if (isAnnounced) return
    isAnnounced = true
    setTimeout(() => {
      isAnnounced = false
      for (const listener of listeners) listener()
    })
  }
  const take = (patient: Patient & { readonly _deleted?: boolean }) => {
    if (patient._deleted) index.remove(patient.id)
    else index.put(patient)
  }
  const subscription = database.patients.$.subscribe(({ documentData }) => {
    take(documentData as Patient & { _deleted?: boolean })
    announce()
  })
  const close = () => {
    isClosed = true
    subscription.unsubscribe()
    index = new PatientIndex()
    listed = undefined
    announce()
  }
  void readAll(database, () => isClosed, take, announce).then(
    () => {
      isComplete = true
      announce()
      sortIdly(index)
    },
    (error: unknown) => {
      // The database was closed under the reading; with it goes the need for the index.
      if (!isClosed && !database.closed) throw error
    },
  )
  return {
    search: (text, limit, before) => index.search(text, limit, before),
    list: () => {
      if (listed?.version !== version) listed = { version, hits: index.list() }
      return listed.hits
    },
    get: (id) => index.get(id),
    isComplete: () => isComplete,
    size: () => index.size,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
    close,
  }
}

/** Sorts between other work, so that no keystroke has to. */
function sortIdly(index: PatientIndex): void {
  if (index.sortSome(SORTED_AT_ONCE)) setTimeout(() => sortIdly(index))
}

async function readAll(
  { patients }: LocalDatabase,
  isClosed: () => boolean,
  take: (patient: Patient & { readonly _deleted?: boolean }) => void,
  announce: () => void,
): Promise<void> {
  let checkpoint: RxStorageDefaultCheckpoint | undefined
  while (!isClosed()) {
    const page = await getChangedDocumentsSince(patients.storageInstance, CHUNK, checkpoint)
    if (isClosed() || page.documents.length === 0) return
    for (const patient of page.documents) take(patient)
    announce()
    checkpoint = page.checkpoint as RxStorageDefaultCheckpoint
    if (page.documents.length < CHUNK) return
  }
}
