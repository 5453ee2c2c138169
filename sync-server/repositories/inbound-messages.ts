/** `inbound_messages`: what people wrote back, each once. */
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type InboundRow = Tables['inbound_messages']

/** False when the gateway has brought it before. */
export const insertInbound = (tx: Tx, row: InboundRow): Promise<boolean> => insertIgnore(tx, 'inbound_messages', row)

export async function setInbound(
  tx: Tx,
  id: string,
  change: Partial<Pick<InboundRow, 'result' | 'is_open'>>,
): Promise<void> {
  await tx.updateTable('inbound_messages').set(change).where('id', '=', id).execute()
}

/** Wrong codes from a number since an instant. */
export async function countWrongTries(tx: Tx, number: string, since: Instant): Promise<number> {
  const { count } = await tx
    .selectFrom('inbound_messages')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('number', '=', number)
    .where('received_at', '>', since)
    .where('is_wrong_try', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(count)
}

const MOST_OPEN = 200

/** Answers that wait for a person, oldest first. */
export const listOpenInbound = (tx: Tx, clinicId: ClinicId): Promise<InboundRow[]> =>
  tx
    .selectFrom('inbound_messages')
    .selectAll()
    .where('is_open', '=', 1)
    .where('clinic_id', '=', clinicId)
    .orderBy('received_at')
    .limit(MOST_OPEN)
    .execute()

export async function settleInbound(
  tx: Tx,
  key: { readonly clinicId: ClinicId; readonly id: string; readonly userId: UserId; readonly now: Instant },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('inbound_messages')
    .set({ is_open: 0, settled_at: key.now, settled_by: key.userId })
    .where('id', '=', key.id)
    .where('clinic_id', '=', key.clinicId)
    .where('is_open', '=', 1)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Deletes answers from before an instant that wait for nobody. */
export async function deleteOldInbound(tx: Tx, before: Instant): Promise<void> {
  await tx.deleteFrom('inbound_messages').where('received_at', '<', before).where('is_open', '=', 0).execute()
}
