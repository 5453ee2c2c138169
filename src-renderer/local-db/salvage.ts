/**
 * What can still be read of a damaged local store, above all what nobody but this device has: unsent changes and the notes.
 *
 * It reads below RxDB, row by row, so that one that is damaged takes no other along. A row that does not open is named by its
 * collection, its id and the time it bears. A document is unsent when it differs from the server's state the replication remembers of
 * it; where that state is gone or damaged, when it was written after the last push.
 */
import { COLLECTION_NAMES, type CollectionName, definitionOf } from '#domain/sync/collections.ts'
import { isSameDocument } from '#domain/sync/conflict.ts'
import { upgradedFrom } from '#domain/sync/schema-migrations.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import type { UnsentRow } from '#renderer/server-api/hand-in-api.ts'
import { metaCollectionOf, NOTES, newestPart, type RawPart, RawRows, rawParts } from './raw-store.ts'
import { type Damage, DamagedRowError, damageOf, openRow, type Row, SEALED_FIELD } from './sealed-row.ts'

export type Note = { readonly id: string; readonly data: object }

export type Salvage = {
  readonly unsent: readonly UnsentRow[]
  readonly notes: readonly Note[]
  /** Rows that do not open; they may hold changes that were never sent. Without an id it is a whole collection. */
  readonly unreadable: readonly Damage[]
}

type State = PushRow['newDocumentState']
const PAGE = 200
/** What a note of progress says holds for the store that is given up. */
const NOT_CARRIED = new Set(['sync-progress'])

/** Never rejects for a damaged row; rejects where IndexedDB itself gives nothing. */
export async function salvageStore(storeName: string, key: CryptoKey): Promise<Salvage> {
  const parts = await rawParts(storeName)
  const unsent: UnsentRow[] = []
  const unreadable: Damage[] = []
  for (const name of COLLECTION_NAMES) {
    if (definitionOf(name).push === 'none') continue
    const part = newestPart(parts, name)
    if (!part) continue
    const collecting = salvageCollection({ name, part, parts, key, unsent, unreadable })
    await collecting.catch(() => unreadable.push(damageOf(name, '', undefined)))
  }
  const notes = await salvageNotes(parts, key, unreadable).catch(() => {
    unreadable.push(damageOf('notes', '', undefined))
    return []
  })
  return { unsent, notes, unreadable }
}

type Collecting = {
  readonly name: CollectionName
  readonly part: RawPart
  readonly parts: readonly RawPart[]
  readonly key: CryptoKey
  readonly unsent: UnsentRow[]
  readonly unreadable: Damage[]
}

async function salvageCollection({ name, part, parts, key, unsent, unreadable }: Collecting): Promise<void> {
  const metaName = await metaCollectionOf(name)
  const metaPart = newestPart(parts, metaName)
  const documents = await RawRows.open(part)
  const metas = metaPart ? await RawRows.open(metaPart) : null
  const openMeta = (id: string, row: Row | undefined) => tryOpen({ key, collection: metaName, id }, row)
  const [upRow] = (await metas?.get([UPSTREAM])) ?? []
  const up = await openMeta(UPSTREAM, upRow)
  const pushedUpTo = lwtOf(up?.row?.checkpointData)
  const upgraded = (state: unknown) => upgradedFrom(name, part.version, state as State)
  if (!documents.isWhole) unreadable.push(damageOf(name, '', undefined))
  try {
    for await (const { ids, rows } of pagesOf(documents)) {
      const metaRows = (await metas?.get(ids.map((id) => `${id}|0`))) ?? []
      for (const [index, id] of ids.entries()) {
        const found = await tryOpen({ key, collection: name, id }, rows[index])
        if (!found?.row) {
          unreadable.push(found?.damage ?? damageOf(name, id, rows[index]))
          continue
        }
        const { _meta, _rev, _attachments, [SEALED_FIELD]: __, ...document } = found.row
        const meta = await openMeta(`${id}|0`, metaRows[index])
        const base = meta?.row?.docData
        const newDocumentState = { ...document, _deleted: isTrue(document._deleted) } as unknown as State
        const writtenAt = (_meta as { readonly lwt?: number } | undefined)?.lwt ?? Number.POSITIVE_INFINITY
        const isUnsent = base
          ? !isSameDocument(base as never, newDocumentState as never)
          : pushedUpTo === null || writtenAt > pushedUpTo
        if (!isUnsent) continue
        const row = {
          newDocumentState: upgraded(newDocumentState),
          ...(base !== undefined && { assumedMasterState: upgraded(base) }),
        }
        unsent.push({ collection: name, row: row as PushRow })
      }
    }
  } finally {
    documents.close()
    metas?.close()
  }
}

const UPSTREAM = 'up|1'
const isTrue = (value: unknown): boolean => value === true || value === '1'

/** Where RxDB's upstream has got through to; null where that is not known. */
function lwtOf(checkpoint: unknown): number | null {
  const lwt = (checkpoint as { readonly lwt?: unknown } | undefined)?.lwt
  return typeof lwt === 'number' ? lwt : null
}

async function salvageNotes(parts: readonly RawPart[], key: CryptoKey, unreadable: Damage[]): Promise<Note[]> {
  const part = newestPart(parts, NOTES)
  if (!part) return []
  const notes: Note[] = []
  const kept = await RawRows.open(part)
  try {
    for await (const { ids, rows } of pagesOf(kept)) {
      for (const [index, id] of ids.entries()) {
        const row = rows[index]
        // A note that an earlier version left in plain.
        const found = row && row[SEALED_FIELD] === undefined && row.data ? { row } : await openNote(key, id, row)
        if (!found?.row) unreadable.push(found?.damage ?? damageOf('notes', id, row))
        else if (!isTrue(found.row._deleted) && !NOT_CARRIED.has(id)) notes.push({ id, data: found.row.data as object })
      }
    }
  } finally {
    kept.close()
  }
  return notes
}

async function openNote(key: CryptoKey, id: string, row: Row | undefined): Promise<Found | null> {
  const found = await tryOpen({ key, collection: NOTES, id }, row)
  return found?.damage ? { damage: { ...found.damage, collection: 'notes' } } : found
}

type Found = { readonly row: Row; readonly damage?: undefined } | { readonly row?: undefined; readonly damage: Damage }

async function tryOpen(place: Parameters<typeof openRow>[0], row: Row | undefined): Promise<Found | null> {
  if (!row) return null
  try {
    return { row: await openRow(place, row) }
  } catch (error) {
    if (error instanceof DamagedRowError) return { damage: error.damage }
    throw error
  }
}

/** All rows of a database, a page at a time. */
export async function* pagesOf(rows: RawRows): AsyncGenerator<{ ids: string[]; rows: Row[] }> {
  let after: IDBValidKey | undefined
  for (;;) {
    const page = await rows.page(after, PAGE)
    yield { ids: page.keys.map(String), rows: page.rows }
    if (page.keys.length < PAGE) return
    after = page.keys.at(-1)
  }
}
