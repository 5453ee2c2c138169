/** What the sync sockets need, made of the server's parts: the one place where transport and operations meet. */
import type { Logger } from 'pino'
import type { ClinicId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import { readBearer } from './http/authenticate.ts'
import type { OriginRule } from './http/origins.ts'
import type { NoteAccess } from './operations/access-audit.ts'
import { createAudienceHeads } from './operations/audience-heads.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import { countReplica } from './operations/count-replica.ts'
import { findEndedSessions } from './operations/find-ended-sessions.ts'
import { type FindSessionDeps, findSession } from './operations/find-session.ts'
import type { SubjectLoader } from './operations/load-subject.ts'
import { pullChanges } from './operations/pull-changes.ts'
import { pushChanges } from './operations/push-changes.ts'
import { redeemSocketTicket } from './operations/redeem-socket-ticket.ts'
import { type Session, throughDoor } from './operations/session.ts'
import { sumReplica } from './operations/sum-replica.ts'
import type { Committed } from './operations/write-context.ts'
import { findCounter } from './repositories/change-counters.ts'
import { createPullGate } from './sync/pull-gate.ts'
import type { SyncDeps } from './sync/sync-session.ts'

export type SyncParts = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly noteAccess: NoteAccess
  readonly loadSubject: SubjectLoader
  readonly originRule: OriginRule
  readonly now: () => Instant
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Told after every commit of this process. */
  readonly listeners: Set<(committed: Committed) => void>
}

export function createSyncDeps({ listeners, originRule, ...parts }: SyncParts): SyncDeps {
  const { database, writer, noteAccess, now, log } = parts
  const sessions: FindSessionDeps = parts
  const heads = createAudienceHeads(database)
  const gate = createPullGate()
  const differed = new Map<string, number>()
  return {
    authenticateBearer: async (header) => asReplica(await findTokenSession(sessions, header)),
    redeemTicket: async (ticket, { origin }) => asReplica(await redeemSocketTicket(sessions, ticket, origin)),
    findEndedSessions: (ids) => findEndedSessions({ database, now }, ids),
    isOriginAllowed: (origin, localPort) => originRule(origin, localPort) !== 'foreign',
    pull: (...request) => gate.run(() => pullChanges({ database, now, noteAccess, heads }, ...request)),
    total: (...request) => countReplica({ database }, ...request),
    sum: (...request) => sumReplica({ database }, ...request),
    push: (...request) => pushChanges({ writer, noteAccess }, ...request),
    findEpoch: (clinicId) => findEpoch(database, clinicId),
    onCommitted: (listener) => {
      const told = ({ touched }: Committed) => listener(touched)
      listeners.add(told)
      return () => void listeners.delete(told)
    },
    now,
    log,
    differed,
    onDiffered: (collection) => void differed.set(collection, (differed.get(collection) ?? 0) + 1),
  }
}

const asReplica = (session: Session | null): Session | null => session && throughDoor(session, 'sync')

/** A cookie's token is never taken from a frame: it is the browser's to send. */
async function findTokenSession(deps: FindSessionDeps, header: string): Promise<Session | null> {
  const session = await findSession(deps, readBearer(header) ?? '')
  return session?.transport === 'token' ? session : null
}

async function findEpoch(database: Database, clinicId: ClinicId): Promise<string> {
  const counter = await database.read((tx) => findCounter(tx, clinicId))
  if (!counter) throw new Error('The clinic has no counter row')
  return counter.epoch
}
