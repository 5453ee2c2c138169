/**
 * Watches one client for what nobody may ever see at a screen: own words that vanish or stand twice, own bookings that vanish, and
 * a document that falls back behind a state already seen. Each desk numbers its words in the `reason` of visits it booked itself (`desk-deeds.ts`),
 * where nobody else writes: so what stands there can be compared with what was written.
 */
import type { RxCollection } from 'rxdb'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import type { SyncClient } from './sync-client.ts'

export type CausalWatch = {
  /** In words; empty when all is well. Asked when everything has been sent and pulled, and the inbox is there. */
  readonly violations: () => Promise<readonly string[]>
  /** How many own words were seen acknowledged: a run without any has proved nothing. */
  readonly acknowledged: () => number
}

type Watched = Pick<SyncClient, 'database' | 'sync' | 'user'>
type Change = { readonly documentId: string; readonly operation: string; readonly documentData: unknown }
type Seen = { readonly revision: number; readonly words: number; readonly isGone: boolean }
type Setback = { readonly id: string; readonly what: string; readonly wasAcknowledged: boolean }

/** The number of the newest words in a reason; a merge may have joined older ones to them. */
export const wordsIn = (reason: string): number => Math.max(0, ...reason.split('\n').map(Number))

/** @param keepsAll false for somebody whose visits may be moved out of their sight */
export function watchCausality({ database, sync, user }: Watched, keepsAll: boolean): CausalWatch {
  const [seen, written, acknowledged] = [new Map<string, Seen>(), new Map<string, number>(), new Map<string, number>()]
  const setbacks: Setback[] = []
  const unexplainable: string[] = []

  const look = (name: string, { documentId: id, documentData, operation }: Change): void => {
    const document = documentData as Appointment & { readonly _deleted?: boolean }
    const isGone = operation === 'DELETE' || document._deleted === true
    const before = seen.get(id)
    const isMine = name === 'appointments' && (written.has(id) || document.createdBy === user.id)
    const words = isMine && !isGone ? wordsIn(document.reason) : 0
    seen.set(id, { revision: isGone ? 0 : document.revision, words, isGone })
    if (before && !before.isGone && !isGone && document.revision < before.revision)
      unexplainable.push(`${name} ${id} fell back from revision ${before.revision} to ${document.revision}`)
    if (!isMine) return
    if (!isGone && document.reason.includes('\n'))
      unexplainable.push(`own visit ${id} shows its own words twice: ${JSON.stringify(document.reason)}`)
    const least = acknowledged.get(id)
    if (isGone ? keepsAll : words < (written.get(id) ?? 0)) {
      const what = isGone ? 'vanished' : `showed words ${words} after ${written.get(id)}, of which ${least} were stored`
      setbacks.push({ id, what, wasAcknowledged: least !== undefined && (isGone || words < least) })
    }
    if (!isGone) written.set(id, Math.max(words, written.get(id) ?? 0))
  }

  for (const name of ['appointments', 'patients'] as const) {
    const collection = database[name] as unknown as RxCollection
    collection.eventBulks$.subscribe(({ events, isLocal }) => {
      if (!isLocal) for (const event of events) look(name, event)
    })
  }
  let unsent: ReadonlySet<string> = new Set()
  sync.unsent$('appointments').subscribe((now) => {
    for (const id of unsent) {
      const shown = seen.get(id)
      if (!now.has(id) && written.has(id) && shown && !shown.isGone) acknowledged.set(id, shown.words)
    }
    unsent = now
  })

  return {
    acknowledged: () => acknowledged.size,
    violations: async () => {
      const inbox = (await database.rejected_changes.find().exec()) as unknown as readonly RejectedChange[]
      const told = new Set<string>(inbox.map(({ documentId }) => documentId))
      const unexplained = setbacks.filter(({ id, wasAcknowledged }) => wasAcknowledged || !told.has(id))
      return [...unexplainable, ...unexplained.map(({ id, what }) => `own visit ${id} ${what}`)]
    },
  }
}
