/** Notes of our own in the local database: encrypted as everything that names people, the same in every tab, and live. */
import { filter, map, type Observable, startWith, switchMap } from 'rxjs'

/** As much of the local database as a note needs. */
export type NoteDatabase = {
  readonly eventBulks$: Observable<{
    readonly isLocal?: boolean
    readonly events: readonly { readonly documentId: string }[]
  }>
  readonly getLocal: (name: string) => Promise<StoredNote | null>
  readonly upsertLocal: (name: string, note: object) => Promise<StoredNote>
}

type StoredNote = {
  readonly get: (field: string) => unknown
  // biome-ignore lint/suspicious/noExplicitAny: RxDB types a note as anything.
  readonly incrementalModify: (change: (note: any) => any) => Promise<unknown>
}

/** What a note says now and after every change of it, in whichever tab. */
export const liveNote$ = <Database extends Pick<NoteDatabase, 'eventBulks$'>, Value>(
  database: Database,
  name: string,
  read: (database: Database) => Promise<Value>,
): Observable<Value> =>
  database.eventBulks$.pipe(
    filter(({ isLocal, events }) => isLocal === true && events.some(({ documentId }) => documentId === name)),
    map(() => undefined),
    startWith(undefined),
    switchMap(() => read(database)),
  )

const LIST = 'list'

/** A list that is kept as a note; empty before the first entry. */
export async function readList<Entry>(database: NoteDatabase, name: string): Promise<readonly Entry[]> {
  return ((await database.getLocal(name))?.get(LIST) as readonly Entry[] | undefined) ?? []
}

/** Changes the list. What one tab writes while another one does is not lost: RxDB repeats the function on the newer note. */
export async function changeList<Entry>(
  database: NoteDatabase,
  name: string,
  change: (entries: readonly Entry[]) => readonly Entry[],
): Promise<void> {
  const note = (await database.getLocal(name)) ?? (await database.upsertLocal(name, { [LIST]: [] }))
  await note.incrementalModify((stored: Readonly<Record<string, readonly Entry[]>>) => ({
    [LIST]: change(stored[LIST] ?? []),
  }))
}
