/** One request of an authenticated socket, answered. */
import { type Audience, audiencesFor } from '#domain/access/audiences.ts'
import { type CollectionName, isCollectionName } from '#domain/sync/collections.ts'
import { type ClientFrame, MAX_PULL_DOCUMENTS } from '#domain/sync/wire-messages.ts'
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
}

/** Answers one frame; rejects only when the server itself is in trouble. */
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
  if (!isCollectionName(collection)) {
    return voice.fail(frame, 'BAD_REQUEST', 'There is no such collection.', { field: 'collection' })
  }
  if (frame.method === 'masterChangeStream$') return listen(talk, collection)
  if (frame.method === 'masterChangesSince') return pull(talk, collection, frame)
  const subject = await talk.session.subject()
  voice.answer(frame, await deps.push(subject, collection, frame.params[0]))
}

async function listen({ pokes, target, session }: Conversation, collection: CollectionName): Promise<void> {
  pokes.subscribe(target, collection, audiencesFor(await session.subject(), collection))
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
  const answer = await deps.pull(subject, collection, checkpoint, Math.min(wanted, MAX_PULL_DOCUMENTS))
  if (!answer.ok) return voice.fail(frame, 'BAD_REQUEST', answer.message, { field: answer.field })
  voice.answer(frame, answer.result)
  // RxDB takes a page shorter than it asked for as the last one; this one was cut by a limit of ours.
  if (answer.hasMore && answer.result.documents.length < wanted) pokes.poke(target, collection)
}
