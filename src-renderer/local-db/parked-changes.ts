/**
 * Changes set aside: the server could not take them however often they were sent, so they no longer stand in the way of others.
 * Each is kept whole, as it was pushed, until its author sends it again with success or discards it. The document itself shows
 * the server's state meanwhile.
 *
 * They are one note in the database, encrypted as everything that names people, the same in every tab. RxDB's limit of
 * collections leaves no room for one of their own.
 */
import { distinctUntilChanged, type Observable } from 'rxjs'
import { contentText } from '#domain/sync/canonical.ts'
import { type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import { upgradedFrom } from '#domain/sync/schema-migrations.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import type { Instant } from '#domain/time/instant.ts'
import { liveNote$ } from './live-note.ts'
import type { LocalDatabase } from './local-database.ts'
import { prepareAgain } from './prepare-again.ts'

export type ParkReason =
  /** The server could not read it, or failed over it. */
  | 'refused-request'
  /** The answer made no sense. */
  | 'senseless-answer'
  /** Every answer asked for the same change again. */
  | 'no-progress'
  /** No message may be so long. */
  | 'too-large'
  /** It was found unsent in a local store that had to be built anew, and waits to be made again. */
  | 'rescued'

export type ParkedChange = {
  readonly id: string
  readonly collection: CollectionName
  /** Of the collection's schema when it was set aside. */
  readonly schemaVersion: number
  /** What was wanted, and what it was based on. */
  readonly row: PushRow
  readonly reason: ParkReason
  /** What the server said, for whoever looks into it. */
  readonly message: string
  readonly at: Instant
  /** True from "try again" until the server has answered. */
  readonly isAgain: boolean
}

const NOTE = 'parked-changes'
type Note = { readonly changes: readonly ParkedChange[] }
const NONE: readonly ParkedChange[] = []

export async function readParked(database: LocalDatabase): Promise<readonly ParkedChange[]> {
  return (await database.getLocal<Note>(NOTE))?.toJSON().data.changes.map(upToDate) ?? NONE
}

/** A change from before an update of the app, as the collections are now. */
function upToDate(change: ParkedChange): ParkedChange {
  const { collection, schemaVersion, row } = change
  const { version } = definitionOf(collection)
  if (schemaVersion === version) return change
  const upgraded = (document: PushRow['newDocumentState']) => upgradedFrom(collection, schemaVersion, document)
  const base = row.assumedMasterState
  const rowNow: PushRow = {
    newDocumentState: upgraded(row.newDocumentState),
    ...(base && { assumedMasterState: upgraded(base) }),
  }
  return { ...change, schemaVersion: version, row: rowNow }
}

/** What is set aside now and after every change of it, in whichever tab. */
export const parkedChanges$ = (database: LocalDatabase): Observable<readonly ParkedChange[]> =>
  liveNote$(database, NOTE, readParked).pipe(distinctUntilChanged())

/** Changes the note. What one tab writes while another one does is not lost: RxDB repeats the function on the newer note. */
export async function changeParked(
  database: LocalDatabase,
  change: (changes: readonly ParkedChange[]) => readonly ParkedChange[],
): Promise<void> {
  const note = (await database.getLocal<Note>(NOTE)) ?? (await database.upsertLocal<Note>(NOTE, { changes: NONE }))
  await note.incrementalModify(({ changes }) => ({ changes: change(changes.map(upToDate)) }))
}

/** The same document wanted on the same base. */
export const pushText = ({ newDocumentState, assumedMasterState }: PushRow): string =>
  `${contentText(newDocumentState)}\n${assumedMasterState ? contentText(assumedMasterState) : ''}`

/** Removes the only copy of a change; its author has been asked. */
export const discardParked = (database: LocalDatabase, id: string): Promise<void> =>
  changeParked(database, (changes) => changes.filter((change) => change.id !== id))

/**
 * Makes the change again, so that it is sent once more. It stays set aside until the server has taken it.
 * @returns `superseded` when nothing of the change would be left, because the document has changed since or is no longer on this
 * device: then it stays where it is
 */
export async function retryParked(database: LocalDatabase, id: string): Promise<'again' | 'superseded' | 'gone'> {
  const change = (await readParked(database)).find((one) => one.id === id)
  if (!change) return 'gone'
  const write = await prepareAgain(database, change.collection, change.row)
  if (!write) return 'superseded'
  // Marked first: the row that is pushed now must not be taken for the one that was set aside.
  await changeParked(database, (changes) => changes.map((one) => (one.id === id ? { ...one, isAgain: true } : one)))
  await write()
  return 'again'
}
