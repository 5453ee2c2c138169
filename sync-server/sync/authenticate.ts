/** Who is on the other end of a line, decided by its first `auth` frame; over HTTP by the same message. */
import { COLLECTIONS, type CollectionName, isCollectionName } from '#domain/sync/collections.ts'
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '#domain/sync/protocol-version.ts'
import type { Hello, Welcome } from '#domain/sync/wire-messages.ts'
import type { Request } from './parse-frame.ts'
import type { SyncDeps, SyncSession } from './sync-session.ts'

export type Peer = {
  /** It opened with our subprotocol: our own client. */
  readonly isOurs: boolean
  readonly origin: string | undefined
}
export type Refusal = {
  readonly ok: false
  readonly code: 'UNAUTHENTICATED' | 'UPGRADE_REQUIRED'
  readonly field: string
  readonly message: string
}
export type Authentication = { readonly ok: true; readonly session: SyncSession; readonly spoken: Spoken } | Refusal
/** What the peer speaks: the protocol, and the version of each collection's schema where it is not the newest. */
export type Spoken = { readonly protocol: number; readonly schemas: Hello['schemas'] }

/** Judges a sign-in. Our client brings a ticket, RxDB's stock client the header of its bearer token. */
export async function authenticate(deps: SyncDeps, peer: Peer, request: Request): Promise<Authentication> {
  const { asked } = request
  const [hello] = (Array.isArray(asked.params) ? asked.params : []) as readonly unknown[]
  if (request.kind === 'bad-request') return judgeUnreadable(hello, request)
  const { ticket, authorization } = hello as { ticket?: unknown; authorization?: unknown }
  if (peer.isOurs && ticket !== undefined) return judgeHello(deps, hello as Hello, peer.origin)
  if (!peer.isOurs && typeof authorization === 'string') return judgeBearer(deps, authorization)
  return refused('params.0', 'The sign-in does not fit the subprotocol.')
}

/** The versions come before the ticket, so that an outdated client does not use its ticket up. */
export async function judgeHello(deps: SyncDeps, hello: Hello, origin: string | undefined): Promise<Authentication> {
  const outdated = outdatedPart(hello)
  if (outdated) return outdatedIn(outdated)
  if (origin === undefined) return refused('ticket', 'A ticket is taken only from the page it was given to.')
  const session = await deps.redeemTicket(hello.ticket, { origin })
  if (!session) return refused('ticket', 'The ticket is unknown, used or too old.')
  const isOtherDevice = session.deviceId !== null && session.deviceId !== hello.deviceId
  return isOtherDevice
    ? refused('deviceId', 'The ticket belongs to another device.')
    : { ok: true, session, spoken: { protocol: hello.protocol, schemas: hello.schemas } }
}

/** A stock client builds its replica from what is served now. */
async function judgeBearer(deps: SyncDeps, header: string): Promise<Authentication> {
  const session = await deps.authenticateBearer(header)
  return session
    ? { ok: true, session, spoken: { protocol: PROTOCOL_VERSION, schemas: {} } }
    : refused('authorization', 'The token is unknown or its session is over.')
}

/** A hello of another version may have another shape; its version number is all that can be read of it. */
function judgeUnreadable(hello: unknown, { field, message }: { field: string; message: string }): Refusal {
  const protocol = (hello as { protocol?: unknown } | null | undefined)?.protocol
  return typeof protocol === 'number' && protocol !== PROTOCOL_VERSION
    ? outdatedIn('protocol')
    : refused(field, message)
}

/** The first thing in the hello that this server does not speak: it serves the current versions and those before. */
function outdatedPart({ protocol, schemas }: Hello): string | undefined {
  if (protocol < OLDEST_SERVED_VERSION || protocol > PROTOCOL_VERSION) return 'protocol'
  const unserved = Object.entries(schemas).find(
    ([name, version]) => !isCollectionName(name) || !isServedVersion(name, version),
  )
  return unserved && `schemas.${unserved[0]}`
}

/** Whether this server speaks a collection's schema of that version: it serves the current one and the one before. */
export const isServedVersion = (name: CollectionName, version: number): boolean =>
  version <= COLLECTIONS[name].version && version >= COLLECTIONS[name].version - 1

/** What somebody hears who has signed in. */
export async function welcomeOf(deps: SyncDeps, session: SyncSession, protocol: number): Promise<Welcome> {
  const { userId, clinicId } = session
  return { protocol, epoch: await deps.findEpoch(clinicId), userId, clinicId, serverTime: deps.now() }
}

const outdatedIn = (field: string): Refusal => ({
  ok: false,
  code: 'UPGRADE_REQUIRED',
  field,
  message: 'This version is not served.',
})

const refused = (field: string, message: string): Refusal => ({ ok: false, code: 'UNAUTHENTICATED', field, message })
