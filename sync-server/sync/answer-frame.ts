/** One request of an authenticated socket, answered. */
import { type Audience, audiencesFor } from '#domain/access/audiences.ts'
import { type CollectionName, definitionOf, isCollectionName } from '#domain/sync/collections.ts'
import { isPokedName, LIVE_NAMES, type PokedName } from '#domain/sync/live-names.ts'
import { upgradedFrom } from '#domain/sync/schema-migrations.ts'
import { type ClientFrame, MAX_PULL_DOCUMENTS, type PushRow } from '#domain/sync/wire-messages.ts'
import { RowFailed } from '#server/operations/push-changes.ts'
import type { Request } from './parse-frame.ts'
import type { Pokes, PokeTarget } from './pokes.ts'
import type { SyncDeps, SyncSession } from './sync-session.ts'
import type { Voice } from './voice.ts'

export type Conversation = {
  readonly deps: SyncDeps
  readonly pokes: Pokes
  readonly voice: Voice
  readonly target: PokeTarget
  readonly session: SyncSession
  /** The version of each collection that the peer holds; the newest where it says nothing. */
  readonly schemas: Readonly<Record<string, number>>
}

/** Answers one frame; rejects only when the server itself is in trouble, not when one row of a push is. */
export async function answerFrame(talk: Conversation, request: Request): Promise<void> {
  const { voice, deps } = talk
  if (request.kind === 'bad-request') {
    return voice.fail(request.asked, 'BAD_REQUEST', request.message, { field: request.field })
  }
  const { frame } = request
  if (frame.method === 'auth') {
    return voice.fail(frame, 'BAD_REQUEST', 'This socket has signed in already.', { field: 'method' })
  }
  if (frame.method === 'ping') return voice.answer(frame, { serverTime: deps.now() })
  const { collection } = frame
  if (frame.method === 'masterChangeStream$' && isPokedName(collection)) return listen(talk, collection)
  if (frame.method === 'masterChangeStream$' || !isCollectionName(collection)) {
    return voice.fail(frame, 'BAD_REQUEST', 'There is no such collection.', { field: 'collection' })
  }
  if (frame.method === 'masterChangesSince') return pull(talk, collection, frame)
  return push(talk, collection, frame)
}

async function push(
  { deps, voice, session, schemas }: Conversation,
  collection: CollectionName,
  frame: Extract<ClientFrame, { method: 'masterWrite' }>,
): Promise<void> {
  const subject = await session.subject()
  const rows = frame.params[0].map((row) => upgradedRow(collection, schemas[collection], row))
  try {
    voice.answer(frame, await deps.push(subject, collection, rows))
  } catch (error) {
    if (!(error instanceof RowFailed)) throw error
    deps.log.error({ err: error.cause, collection }, 'a pushed row made the server fail')
    voice.fail(frame, 'BAD_REQUEST', 'The server failed over a row of this push.', { field: 'params' })
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

async function listen({ pokes, target, session }: Conversation, name: PokedName): Promise<void> {
  pokes.subscribe(target, name, audiencesFor(await session.subject(), name))
}

async function pull(
  { deps, pokes, voice, target, session }: Conversation,
  collection: CollectionName,
  frame: Extract<ClientFrame, { method: 'masterChangesSince' }>,
): Promise<void> {
  const [checkpoint, wanted] = frame.params
  const subject = await session.subject()
  const audiences: readonly Audience[] = audiencesFor(subject, collection)
  pokes.resubscribe(target, collection, audiences)
  // Nothing of these is pulled: what the person may hear of follows their rights from here.
  for (const name of LIVE_NAMES) pokes.resubscribe(target, name, audiencesFor(subject, name))
  const answer = await deps.pull(subject, collection, checkpoint, Math.min(wanted, MAX_PULL_DOCUMENTS))
  if (!answer.ok) return voice.fail(frame, 'BAD_REQUEST', answer.message, { field: answer.field })
  voice.answer(frame, answer.result)
  // RxDB takes a page shorter than it asked for as the last one; this one was cut by a limit of ours.
  if (answer.hasMore && answer.result.documents.length < wanted) pokes.poke(target, collection)
}
