/** `parked_messages`: what a service could not act on, until it is tried again or somebody has looked. */
import type { ClinicId, Id } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, insertIgnore, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type ParkedRow = Tables['parked_messages']
export type ParkedMessageId = Id<'ParkedMessage'>

/** False when a row of this id is there. */
export const insertParked = (tx: Tx, row: ParkedRow): Promise<boolean> => insertIgnore(tx, 'parked_messages', row)

/** Takes messages that are due again, of some services; until `leaseEndsAt` nobody else does. */
export async function claimDueMessages(
  tx: Tx,
  claim: {
    readonly consumers: readonly string[]
    readonly now: Instant
    readonly leaseEndsAt: Instant
    readonly limit: number
  },
): Promise<ParkedRow[]> {
  const due = tx
    .selectFrom('parked_messages')
    .selectAll()
    .where('status', '=', 'waiting')
    .where('next_at', '<=', claim.now)
    .where('consumer', 'in', claim.consumers)
    .orderBy('next_at')
    .limit(claim.limit)
  const rows = await claimDue(tx, due).execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) {
    await tx.updateTable('parked_messages').set({ next_at: claim.leaseEndsAt }).where('id', 'in', ids).execute()
  }
  return rows
}

export async function changeParked(
  tx: Tx,
  id: ParkedMessageId,
  change: Partial<Pick<ParkedRow, 'status' | 'attempts' | 'next_at' | 'reason' | 'updated_at'>>,
): Promise<void> {
  await tx.updateTable('parked_messages').set(change).where('id', '=', id).execute()
}

export async function deleteParked(tx: Tx, id: ParkedMessageId): Promise<void> {
  await tx.deleteFrom('parked_messages').where('id', '=', id).execute()
}

/** What is put aside for a clinic, newest first; what names no clinic is shown to every clinic of the server. */
export async function listParked(
  tx: Tx,
  clinicId: ClinicId,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<Omit<ParkedRow, 'body'>[]> {
  let query = tx
    .selectFrom('parked_messages')
    .select(['id', 'consumer', 'event_id', 'clinic_id', 'type', 'reason', 'attempts', 'status', 'next_at'])
    .select(['created_at', 'updated_at'])
    .where((row) => row.or([row('clinic_id', '=', clinicId), row('clinic_id', 'is', null)]))
  if (page.before !== undefined) query = query.where('id', '<', page.before as ParkedMessageId)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

export const findParked = (tx: Tx, clinicId: ClinicId, id: ParkedMessageId): Promise<ParkedRow | undefined> =>
  tx
    .selectFrom('parked_messages')
    .selectAll()
    .where('id', '=', id)
    .where((row) => row.or([row('clinic_id', '=', clinicId), row('clinic_id', 'is', null)]))
    .executeTakeFirst()

/** How many messages are put aside, and how many wait to be tried again, by service. */
export async function countParked(
  tx: Tx,
): Promise<readonly { readonly consumer: string; readonly status: string; readonly count: number }[]> {
  const rows = await tx
    .selectFrom('parked_messages')
    .select(({ fn }) => ['consumer', 'status', fn.countAll().as('count')])
    .groupBy(['consumer', 'status'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}
