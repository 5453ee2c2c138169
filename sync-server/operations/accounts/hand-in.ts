/** The last right of a device whose access was taken away: it hands in its unsent changes once. Nobody applies them by itself. */
import { can, type Subject } from '#domain/access/can.ts'
import type { HandedInChange, HandInBody, Revocation } from '#domain/api/hand-in-api.ts'
import { type Id, isId, type PatientId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { type Instant, minutes } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import { isAboutErased } from '#server/operations/erased-patients.ts'
import { hashSecret, newSecret } from '#server/operations/secrets.ts'
import type { Outcome, WriteContext } from '#server/operations/write-context.ts'
import {
  findHandIn,
  findRevokedSession,
  type HandedInRow,
  insertHandedIn,
  type ListedHandIn,
  listHandedIn,
  markHandedIn,
  putHandInTicket,
  redeemHandIn,
} from '#server/repositories/hand-ins.ts'
import { findUser } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'

/** From the ticket to the end of the upload, over a slow line too. */
export const HAND_IN_MS = minutes(5)

type Reading = { readonly database: Database; readonly now: () => Instant }

/**
 * What a session that ended with its device is told, with a ticket where it may still hand in. Null for every other token.
 * @param transport how the token came; a cookie's token is none as a bearer, and the other way round
 */
export async function findRevocation(
  { database, now }: Reading,
  token: string,
  transport: 'token' | 'cookie',
): Promise<Revocation | null> {
  const tokenHash = hashSecret(token)
  const session = await database.read((tx) => findRevokedSession(tx, tokenHash))
  if (session?.transport !== transport) return null
  const { userId, sessionId, mayHandIn, handedInAt, changeCount } = session
  const none = { userId, ticket: null, expiresAt: null, handedIn: null }
  if (!mayHandIn) return none
  if (handedInAt !== null) return { ...none, handedIn: changeCount ?? 0 }
  const ticket = newSecret()
  const expiresAt = now() + HAND_IN_MS
  await database.write((tx) => putHandInTicket(tx, sessionId, hashSecret(ticket), expiresAt))
  return { ...none, ticket, expiresAt }
}

/** True while a ticket may still be used; said before the body of a hand-in is read. */
export async function isHandInTicket({ database, now }: Reading, ticket: string): Promise<boolean> {
  return (await database.read((tx) => findHandIn(tx, hashSecret(ticket), now()))) !== undefined
}

type HandInAnswer = { readonly ok: true; readonly handedIn: number } | Refused<'code-invalid' | 'invalid-document'>

/** Keeps what a revoked device has not sent, whole, with its author and its time. A ticket works once. */
export async function handIn(
  { database, writer, now }: Pick<AccountDeps, 'database' | 'writer' | 'now'>,
  { ticket, changes }: HandInBody,
): Promise<HandInAnswer> {
  const ticketHash = hashSecret(ticket)
  const bound = await database.read((tx) => findHandIn(tx, ticketHash, now()))
  if (!bound) return refuse('code-invalid')
  const texts = textsOf(changes)
  if (!texts) return refuse('invalid-document')
  const { clinic_id: clinicId, device_id: deviceId, user_id: userId, session_id: sessionId } = bound
  return writer.submit<HandInAnswer>(clinicId, 'interactive', {
    subject: null,
    door: 'rest',
    run: async (ctx): Promise<Outcome<HandInAnswer>> => {
      if (!(await redeemHandIn(ctx.tx, ticketHash, changes.length, ctx.now))) {
        return { ok: false, value: refuse('code-invalid') }
      }
      const rows: HandedInRow[] = []
      for (const [index, change] of changes.entries()) {
        const text = texts[index]
        // Of an erased patient nothing is kept, not even what was never sent.
        if (!text || (await isAboutErased(ctx, change.collection, change.row as PushRow))) continue
        rows.push({ ...rowOf(ctx, change), device_id: deviceId, user_id: userId, ...text })
      }
      await insertHandedIn(ctx.tx, rows)
      ctx.addAudit({
        userId,
        via: { door: 'rest', sessionId, deviceId },
        action: 'changes-handed-in',
        collection: 'devices',
        documentIds: [deviceId],
        detail: { count: changes.length, reason: 'device-revoked' },
      })
      return { ok: true, value: { ok: true, handedIn: changes.length } }
    },
  })
}

type Texts = Pick<HandedInRow, 'attempted' | 'base'>

/** Undefined where something is nested deeper than anything of ours ever is. */
function textsOf(changes: HandInBody['changes']): readonly Texts[] | undefined {
  try {
    return changes.map(({ row: { newDocumentState, assumedMasterState } }) => ({
      attempted: canonicalText(newDocumentState).toWellFormed(),
      base: assumedMasterState ? canonicalText(assumedMasterState).toWellFormed() : null,
    }))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function rowOf(ctx: WriteContext, { collection, row }: HandInBody['changes'][number]) {
  const { id } = row.newDocumentState
  const about = collection === 'patients' ? id : (patientOf(row.newDocumentState) ?? patientOf(row.assumedMasterState))
  return {
    id: ctx.newId<'HandedInChange'>(),
    clinic_id: ctx.clinicId,
    collection,
    document_id: id as string,
    patient_id: (about ?? null) as PatientId | null,
    at: ctx.now,
    done_at: null,
    done_by_name: '',
  }
}

function patientOf(document: object | null | undefined): string | undefined {
  const id = (document as { readonly patientId?: unknown } | null | undefined)?.patientId
  return typeof id === 'string' && isId(id) ? id : undefined
}

/** What devices have handed in to the clinic, on the audit log before it returns. */
export async function listHandIns(
  { database, audit }: Pick<AccountDeps, 'database' | 'audit'>,
  subject: Subject,
): Promise<{ readonly ok: true; readonly changes: HandedInChange[] } | Refused<'not-allowed'>> {
  const { clinicId } = subject
  if (!can(subject, 'manage-devices', { clinicId })) return refuse('not-allowed')
  const rows = await database.read((tx) => listHandedIn(tx, clinicId))
  const documentIds = [...new Set(rows.map((row) => row.patient_id ?? row.document_id))].slice(0, MOST_NAMED)
  if (rows.length > 0) await audit({ ...byWhom(subject), action: 'read', collection: 'handed_in_changes', documentIds })
  const maySee = can(subject, 'view-patients', { clinicId }) && can(subject, 'view-appointments', { clinicId })
  return { ok: true, changes: rows.map((row) => toView(row, maySee)) }
}

const MOST_NAMED = 500
const LONGEST_VALUE = 500

/** @param maySee whether the values may be shown, beside the names of the fields */
function toView(row: ListedHandIn, maySee: boolean): HandedInChange {
  const attempted = JSON.parse(row.attempted) as Record<string, unknown>
  const base = row.base === null ? {} : (JSON.parse(row.base) as Record<string, unknown>)
  const fields = Object.entries(attempted)
    .filter(([name]) => name !== 'id' && name !== '_deleted')
    .filter(([name, value]) => canonicalText({ value }) !== canonicalText({ value: base[name] }))
    .map(([name, value]) => ({ name, wanted: maySee ? wordsOf(value) : '' }))
  return {
    id: row.id,
    deviceId: row.device_id,
    deviceName: row.deviceName,
    authorName: row.authorName,
    at: row.at,
    reason: 'device-revoked',
    collection: row.collection,
    documentId: row.document_id,
    isDeletion: attempted._deleted === true,
    fields,
    doneAt: row.done_at,
    doneByName: row.done_by_name,
  }
}

const wordsOf = (value: unknown): string => {
  const words = typeof value === 'string' ? value : String(JSON.stringify(value))
  return words.length > LONGEST_VALUE ? `${words.slice(0, LONGEST_VALUE).toWellFormed()}…` : words
}

/** Marks a change as dealt with, or takes the mark back. */
export async function markHandIn(
  { database, audit, now }: Pick<AccountDeps, 'database' | 'audit' | 'now'>,
  subject: Subject,
  id: Id<'HandedInChange'>,
  isDone: boolean,
): Promise<{ readonly ok: true } | Refused<'not-allowed' | 'not-found'>> {
  const { clinicId, userId } = subject
  if (!can(subject, 'manage-devices', { clinicId })) return refuse('not-allowed')
  const isMarked = await database.write(async (tx) => {
    const byName = (await findUser(tx, userId))?.name ?? ''
    return markHandedIn(tx, clinicId, id, isDone ? { at: now(), byName } : null)
  })
  if (!isMarked) return refuse('not-found')
  const action = isDone ? 'handed-in-change-done' : 'handed-in-change-open'
  await audit({ ...byWhom(subject), action, collection: 'handed_in_changes', documentIds: [id] })
  return { ok: true }
}
