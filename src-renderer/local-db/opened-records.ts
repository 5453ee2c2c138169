/**
 * Which patient records were opened here, from the data on this device, until the server has been told (decision 0018).
 *
 * They are one note in the database, encrypted as everything that names people, the same in every tab; told when there is a
 * connection, by whichever tab holds it. An answer that is lost only means that they are told again: each has an id.
 */
import { filter, map, merge } from 'rxjs'
import { type AccessEvent, MOST_ACCESS_EVENTS } from '#domain/api/access-event-api.ts'
import { minutes } from '#domain/time/instant.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { type Desk, newId } from './desk.ts'
import type { LocalDatabase } from './local-database.ts'
import type { SyncEngine } from './sync-status.ts'

const NOTE = 'opened-records'
type Note = { readonly events: readonly AccessEvent[] }

/** A record looked at again within so long, with none in between, is one opening. */
const ONE_OPENING_MS = minutes(1)

export async function readOpened(database: LocalDatabase): Promise<readonly AccessEvent[]> {
  // RxDB's read-only type takes an id for an object.
  return ((await database.getLocal<Note>(NOTE))?.toJSON().data.events ?? []) as unknown as readonly AccessEvent[]
}

/** Notes that a record was opened. */
export async function noteOpened(
  { database, now }: Pick<Desk, 'database' | 'now'>,
  collection: AccessEvent['collection'],
  documentId: AccessEvent['documentId'],
): Promise<void> {
  const at = now()
  const isSame = (last: AccessEvent | undefined): boolean =>
    last?.documentId === documentId && last.collection === collection && at - last.at < ONE_OPENING_MS
  await change(database, (events) =>
    isSame(events.at(-1)) ? events : [...events, { id: newId<'AccessEvent'>(at), at, collection, documentId }],
  )
}

/** Tells the server what waits, a page after the other. Resolves when nothing is left, or the server did not take a page. */
export async function tellOpened(database: LocalDatabase, api: Pick<ServerApi, 'tellOpened'>): Promise<void> {
  for (;;) {
    const page = (await readOpened(database)).slice(0, MOST_ACCESS_EVENTS)
    if (page.length === 0 || !(await api.tellOpened(page)).ok) return
    const told = new Set(page.map(({ id }) => id))
    await change(database, (events) => events.filter(({ id }) => !told.has(id)))
  }
}

/** From now on tells what waits whenever there is a connection and something to tell. Returns how to stop. */
export function startTelling(
  database: LocalDatabase,
  sync: Pick<SyncEngine, 'status$' | 'getStatus'>,
  api: Pick<ServerApi, 'tellOpened'>,
): () => void {
  let telling: Promise<void> | undefined
  let isStopped = false
  const canTell = (): boolean => {
    const { connection, isLeader } = sync.getStatus()
    return !isStopped && isLeader && connection.phase === 'ready' && !database.closed
  }
  const tell = (): void => {
    if (telling || !canTell()) return
    telling = tellOpened(database, api)
      .catch((error: unknown) => {
        // A database closed under it is the normal end of a session.
        if (!database.closed) throw error
      })
      .finally(() => {
        telling = undefined
      })
  }
  const noted = database.eventBulks$.pipe(
    filter(({ isLocal, events }) => isLocal === true && events.some(({ documentId }) => documentId === NOTE)),
    map(() => undefined),
  )
  const subscription = merge(noted, sync.status$).subscribe(tell)
  return () => {
    isStopped = true
    subscription.unsubscribe()
  }
}

/** What one tab writes while another one does is not lost: RxDB repeats the function on the newer note. */
async function change(
  database: LocalDatabase,
  to: (events: readonly AccessEvent[]) => readonly AccessEvent[],
): Promise<void> {
  const note = (await database.getLocal<Note>(NOTE)) ?? (await database.upsertLocal<Note>(NOTE, { events: [] }))
  await note.incrementalModify(({ events }) => ({ events: to(events) }))
}
