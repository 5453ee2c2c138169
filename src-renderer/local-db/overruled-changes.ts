/**
 * Edits made here that gave way to somebody else's edit of the same field. The merge is right to keep what reached the server first,
 * but its author has to know: the edit is kept until they apply it again or let it go (P7: nothing is discarded silently).
 *
 * They are one note in the local database, encrypted, the same in every tab.
 */
import type { Observable } from 'rxjs'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Conflict } from '#domain/sync/conflict.ts'
import { lostFields } from '#domain/sync/lost-fields.ts'
import { asRepeatedInsert } from '#domain/sync/repeated-insert.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import type { Instant } from '#domain/time/instant.ts'
import { changeList, liveNote$, type NoteDatabase, readList } from './live-note.ts'

export type OverruledChange = {
  readonly id: string
  readonly collection: CollectionName
  readonly documentId: string
  /** What was wanted and did not come to stand. */
  readonly fields: readonly string[]
  /** The edit with its base; the base holds what its author saw. */
  readonly row: PushRow
  /** By this device's clock. */
  readonly at: Instant
}

const NOTE = 'overruled-changes'

export const overruledChanges$ = (database: NoteDatabase): Observable<readonly OverruledChange[]> =>
  liveNote$(database, NOTE, () => readList<OverruledChange>(database, NOTE))

/** Keeps an edit where the merge of a conflict leaves part of it out. The same edit is kept once. */
export async function noteOverruled<Name extends CollectionName>(
  database: NoteDatabase,
  name: Name,
  conflict: Conflict<Name>,
): Promise<void> {
  const fields = lostFields(name, conflict)
  await noteOverruledFields(database, name, { wanted: conflict.newDocumentState, base: baseOf(name, conflict), fields })
}

/** Keeps what stands otherwise now: the state that was wanted, what to apply it to, and the fields; nothing where there are none. */
export async function noteOverruledFields<Name extends CollectionName>(
  database: NoteDatabase,
  name: Name,
  overruled: {
    readonly wanted: WireDocument<Name>
    readonly base: WireDocument<Name>
    readonly fields: readonly string[]
  },
): Promise<void> {
  const { wanted, base, fields } = overruled
  if (fields.length === 0) return
  const documentId = wanted.id as string
  const change: OverruledChange = {
    id: `overruled ${name} ${documentId} ${fields.join()}`,
    collection: name,
    documentId,
    fields,
    row: { newDocumentState: wanted, assumedMasterState: base } as unknown as PushRow,
    at: Date.now(),
  }
  await changeList<OverruledChange>(database, NOTE, (changes) => [
    ...changes.filter(({ id }) => id !== change.id),
    change,
  ])
}

/** What the edit was made on; of a booking that was repeated without its answer, what was sent first, or what stands there now. */
function baseOf<Name extends CollectionName>(name: Name, conflict: Conflict<Name>): WireDocument<Name> {
  const { assumedMasterState, newDocumentState, realMasterState, firstSent } = conflict
  if (assumedMasterState) return assumedMasterState
  return firstSent ? asRepeatedInsert(name, newDocumentState, realMasterState, firstSent).base : realMasterState
}

/** Its author has dealt with it. */
export const dismissOverruled = (database: NoteDatabase, id: string): Promise<void> =>
  changeList<OverruledChange>(database, NOTE, (changes) => changes.filter((one) => one.id !== id))
