/** The open streams of HTTP: who listens, how many of each session, and a sign of life on every quiet one. */
import type { FastifyReply } from 'fastify'
import { audiencesFor } from '#domain/access/audiences.ts'
import type { PokedName } from '#domain/sync/live-names.ts'
import { ApiError } from '#server/http/api-error.ts'
import { PokeStream } from './poke-stream.ts'
import type { PokeTarget } from './pokes.ts'
import type { SyncHub } from './sync-hub.ts'
import type { SyncSession } from './sync-session.ts'

export type Streams = {
  /** Answers with a stream that hears of these names until it ends. */
  readonly open: (
    session: SyncSession,
    reply: FastifyReply,
    names: readonly PokedName[],
    options: { readonly endsWithPoke: boolean },
  ) => Promise<FastifyReply>
  /** What a session listens with. */
  readonly targetsOf: (sessionId: string) => Iterable<PokeTarget>
}

/** The stock client forgets to close streams; a page of ours has one. */
const MOST_PER_SESSION = 32
const FULL_RETRY_SECONDS = 5

export function createStreams(hub: SyncHub): Streams {
  const bySession = new Map<string, Set<PokeStream>>()

  function enter(stream: PokeStream): void {
    const { sessionId } = stream.session
    const own = bySession.get(sessionId) ?? new Set()
    bySession.set(sessionId, own.add(stream))
    hub.add(stream)
  }

  function leave(stream: PokeStream): void {
    const { sessionId } = stream.session
    const own = bySession.get(sessionId)
    own?.delete(stream)
    if (own?.size === 0) bySession.delete(sessionId)
    hub.pokes.unsubscribe(stream.target)
    hub.remove(stream)
  }

  return {
    targetsOf: (sessionId) => [...(bySession.get(sessionId) ?? [])].map(({ target }) => target),
    async open(session, reply, names, options) {
      if (hub.isClosing()) throw new ApiError('shutting-down', { retryAfterSeconds: FULL_RETRY_SECONDS })
      if ((bySession.get(session.sessionId)?.size ?? 0) >= MOST_PER_SESSION) {
        throw new ApiError('busy', { retryAfterSeconds: FULL_RETRY_SECONDS })
      }
      const subject = await session.subject()
      const stream = new PokeStream(session, options)
      // Listening begins before the first byte: what the peer pulls when it has seen that one leaves no gap.
      enter(stream)
      for (const name of names) hub.pokes.subscribe(stream.target, name, audiencesFor(subject, name))
      reply.raw.once('close', () => leave(stream))
      return reply
        .type('text/event-stream; charset=utf-8')
        .headers({
          // A proxy that collects or packs the answer would hold every poke back.
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
          connection: 'close',
        })
        .send(stream.output)
    },
  }
}
