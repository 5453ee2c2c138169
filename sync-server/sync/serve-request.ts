/** A pull and a push of somebody who is signed in, whatever line they came by: a socket's frame or a request of HTTP. */
import { audiencesFor } from '#domain/access/audiences.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { LIVE_NAMES } from '#domain/sync/live-names.ts'
import { upgradedFrom } from '#domain/sync/schema-migrations.ts'
import { MAX_PULL_DOCUMENTS, type PushRow } from '#domain/sync/wire-messages.ts'
import { RowFailed } from '#server/operations/push-changes.ts'
import type { FirstDownloads } from './first-downloads.ts'
import type { Pokes, PokeTarget } from './pokes.ts'
import type { PullAnswer, SyncDeps, SyncSession } from './sync-session.ts'

export type Asker = {
  readonly deps: SyncDeps
  readonly session: SyncSession
  readonly pokes: Pokes
  /** What this asker hears pokes on. */
  readonly targets: Iterable<PokeTarget>
  /** Absent for an asker that cannot be told to come back. */
  readonly downloads?: FirstDownloads
}

/** `retryAfter`: too many devices begin a download; milliseconds. */
export type PullService = PullAnswer | { readonly ok: 'busy'; readonly retryAfter: number }

export type PushAnswer =
  | { readonly ok: true; readonly result: readonly WireDocument[] }
  | { readonly ok: false; readonly message: string }

/**
 * The next page. What the asker is poked about follows their rights from here.
 * @param wanted documents the asker has room for
 */
export async function servePull(
  { deps, session, pokes, targets, downloads }: Asker,
  collection: CollectionName,
  checkpoint: WireCheckpoint | null,
  wanted: number,
): Promise<PullService> {
  const subject = await session.subject()
  for (const target of targets) {
    pokes.resubscribe(target, collection, audiencesFor(subject, collection))
    // Nothing of these is pulled: what the person may hear of follows their rights from here.
    for (const name of LIVE_NAMES) pokes.resubscribe(target, name, audiencesFor(subject, name))
  }
  const seat = `${session.sessionId} ${collection}`
  if (downloads && (checkpoint === null || downloads.isSeated(seat))) {
    const retryAfter = downloads.enter(seat)
    if (retryAfter > 0) return { ok: 'busy', retryAfter }
  }
  const answer = await deps.pull(subject, collection, checkpoint, Math.min(wanted, MAX_PULL_DOCUMENTS))
  if (!answer.ok || !answer.hasMore) downloads?.leave(seat)
  // RxDB takes a page shorter than it asked for as the last one; this one was cut by a limit of ours.
  if (answer.ok && answer.hasMore && answer.result.documents.length < wanted) {
    for (const target of targets) pokes.poke(target, collection)
  }
  return answer
}

/**
 * The current states of the rows that were not taken as sent; `ok: false` when one row made the server fail and all others are
 * decided.
 * @param version of the schema the asker holds; the newest where it says nothing
 */
export async function servePush(
  { deps, session }: Pick<Asker, 'deps' | 'session'>,
  collection: CollectionName,
  version: number | undefined,
  rows: readonly PushRow[],
): Promise<PushAnswer> {
  const subject = await session.subject()
  try {
    const upgraded = rows.map((row) => upgradedRow(collection, version, row))
    return { ok: true, result: await deps.push(subject, collection, upgraded) }
  } catch (error) {
    if (!(error instanceof RowFailed)) throw error
    deps.log.error({ err: error.cause, collection }, 'a pushed row made the server fail')
    return { ok: false, message: 'The server failed over a row of this push.' }
  }
}

/** What an older client pushes, as if it had been migrated there; the base too, or it would differ from what it was read from. */
function upgradedRow(collection: CollectionName, version: number | undefined, row: PushRow): PushRow {
  if (version === undefined || version === definitionOf(collection).version) return row
  const { newDocumentState, assumedMasterState } = row
  return {
    newDocumentState: upgradedFrom(collection, version, newDocumentState),
    ...(assumedMasterState && { assumedMasterState: upgradedFrom(collection, version, assumedMasterState) }),
  }
}
