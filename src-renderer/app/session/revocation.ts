/**
 * What is left to do on a device whose access was taken away: its unsent changes are handed in once, if the clinic wants them,
 * and the local data goes. Nothing is wiped before the server has answered.
 */
import type { UserId } from '#domain/ids.ts'
import type { SyncEngine } from '#renderer/local-db/sync-status.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { createHandInApi } from '#renderer/server-api/hand-in-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'

/** What the log-in screen says of it afterwards; each has its sentence in the catalogue under `log-in.farewell`. */
export type Farewell =
  /** `left` did not fit and went with the device. */
  | { readonly kind: 'handed-in'; readonly count: number; readonly left: number }
  /** The clinic wanted the data gone at once. */
  | { readonly kind: 'erased' }
  | { readonly kind: 'not-handed-in' }
  /** Another window of this device does the rest. */
  | { readonly kind: 'elsewhere' }
  /** Data is kept here that only its person's password opens. */
  | { readonly kind: 'waiting' }

export type RevocationDeps = {
  readonly api: ServerApi
  readonly sync: Pick<SyncEngine, 'unsentRows' | 'getStatus' | 'countWaiting' | 'kick'>
  readonly userId: UserId
  /** The pause before the server is asked again. */
  readonly pause: () => Promise<void>
}

/** A ticket that runs out on the way, or that another window has replaced, is asked for again so often. */
const MOST_REFUSALS = 10

/**
 * Resolves when the server has answered; while it cannot be reached it is asked again and again.
 * @returns what became of the changes, or `let-in` when the device may go on after all
 */
export async function settleRevocation(deps: RevocationDeps): Promise<Farewell | 'let-in'> {
  const { api, sync, userId, pause } = deps
  // Known for certain which window talks to the server, and what is unsent.
  await sync.countWaiting()
  if (!sync.getStatus().isLeader) return { kind: 'elsewhere' }
  for (let refusals = 0; refusals < MOST_REFUSALS; await pause()) {
    const me = await api.me()
    if (me.ok) {
      sync.kick()
      if (sync.getStatus().connection.phase === 'ready') return 'let-in'
      continue
    }
    if (!isAnswer(me)) continue
    const { revocation } = me
    if (!revocation) return { kind: 'not-handed-in' }
    const { ticket, handedIn } = revocation
    if (ticket === null && handedIn === null) return { kind: 'erased' }
    // The session kept here is somebody else's: what is unsent must not bear their name.
    if (revocation.userId !== userId) return { kind: 'not-handed-in' }
    if (ticket === null) return { kind: 'handed-in', count: handedIn ?? 0, left: 0 }
    const given = await createHandInApi(api).handIn(ticket, await sync.unsentRows())
    if (given.ok) return { kind: 'handed-in', ...given.value }
    if (isAnswer(given)) refusals += 1
  }
  return { kind: 'not-handed-in' }
}

/** The server itself has decided; whatever else comes is asked again later. */
const isAnswer = (failure: ApiFailure): failure is Extract<ApiFailure, { kind: 'refused' }> =>
  failure.kind === 'refused' && failure.status < 500 && failure.status !== 429 && failure.status !== 426
