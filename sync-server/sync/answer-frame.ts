/** One request of an authenticated socket, answered. */
import { audiencesFor } from '#domain/access/audiences.ts'
import { type CollectionName, isCollectionName } from '#domain/sync/collections.ts'
import { isPokedName, type PokedName } from '#domain/sync/live-names.ts'
import type { ClientFrame } from '#domain/sync/wire-messages.ts'
import type { FirstDownloads } from './first-downloads.ts'
import type { Request } from './parse-frame.ts'
import type { Pokes, PokeTarget } from './pokes.ts'
import { servePull, servePush } from './serve-request.ts'
import type { SyncDeps, SyncSession } from './sync-session.ts'
import type { Voice } from './voice.ts'

export type Conversation = {
  readonly deps: SyncDeps
  readonly pokes: Pokes
  readonly downloads: FirstDownloads
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
  const answer = await servePush({ deps, session }, collection, schemas[collection], frame.params[0])
  if (answer.ok) voice.answer(frame, answer.result)
  else voice.fail(frame, 'BAD_REQUEST', answer.message, { field: 'params' })
}

async function listen({ pokes, target, session }: Conversation, name: PokedName): Promise<void> {
  pokes.subscribe(target, name, audiencesFor(await session.subject(), name))
}

async function pull(
  { deps, pokes, downloads, voice, target, session }: Conversation,
  collection: CollectionName,
  frame: Extract<ClientFrame, { method: 'masterChangesSince' }>,
): Promise<void> {
  const [checkpoint, wanted] = frame.params
  const asker = { deps, session, pokes, targets: [target], ...(voice.hearsErrors && { downloads }) }
  const answer = await servePull(asker, collection, checkpoint, wanted)
  if (answer.ok === 'busy') {
    return voice.fail(frame, 'BUSY', 'Too many devices download at once.', { retryAfter: answer.retryAfter })
  }
  if (!answer.ok) return voice.fail(frame, 'BAD_REQUEST', answer.message, { field: answer.field })
  voice.answer(frame, answer.result)
}
