/**
 * `Idempotency-Key`: a request that was accepted once has its effect once, however often it is sent. The key is stored in the
 * effect's transaction, and only for accepted requests; repeats in flight wait behind the clinic's lock and then find it.
 */
import { createHash } from 'node:crypto'
import { can } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { findIdempotencyKey, insertIdempotencyKey } from '#server/repositories/idempotency-keys.ts'
import { accepted, asOutcome, type BookingAnswer, noteRead, refused } from './booking-answer.ts'
import type { Outcome, WriteContext } from './write-context.ts'

/** A request that carries a key. `route` is the pattern, not the address; the key counts for one user, method and route. */
export type KeyedRequest = {
  readonly method: string
  readonly route: string
  readonly key: string
  readonly body: unknown
  /** The HTTP status the accepted request was answered with. */
  readonly status: number
}

/** The same key came with another body: one of the two requests is not what its sender thinks. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused'
}

/**
 * Runs a booking once per key. A repeat asks for the permission again and answers with the appointment as it is now.
 * @throws IdempotencyKeyReused
 */
export async function onceByKey(
  ctx: WriteContext,
  request: KeyedRequest | undefined,
  permission: Permission,
  run: () => Promise<Outcome<BookingAnswer>>,
): Promise<Outcome<BookingAnswer>> {
  if (!request || !ctx.subject) return run()
  const { method, route, key, status } = request
  const { userId } = ctx.subject
  const bodyHash = createHash('sha256')
    .update(canonicalText({ body: request.body }))
    .digest('hex')
  const known = await findIdempotencyKey(ctx.tx, { userId, method, route, key })
  if (known) {
    if (known.bodyHash !== bodyHash) throw new IdempotencyKeyReused('This key was used with another body')
    return asOutcome(await repeat(ctx, known.documentId, permission))
  }
  const outcome = await run()
  if (outcome.value.ok) {
    await insertIdempotencyKey(ctx.tx, {
      user_id: userId,
      method,
      route,
      idempotency_key: key,
      clinic_id: ctx.clinicId,
      body_hash: bodyHash,
      status,
      collection: 'appointments',
      document_id: outcome.value.appointment.id,
      created_at: ctx.now,
    })
  }
  return outcome
}

async function repeat(ctx: WriteContext, id: string, permission: Permission): Promise<BookingAnswer> {
  const { tx, subject } = ctx
  const appointment = await findDocument(tx, 'appointments', id)
  if (!appointment || !subject || !can(subject, 'view-appointments', appointment))
    return refused({ reason: 'not-found' })
  if (!can(subject, permission, appointment)) return refused({ reason: 'not-allowed' })
  noteRead(ctx, appointment)
  return accepted(appointment)
}
