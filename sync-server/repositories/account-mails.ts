/** `account_mails`: e-mails about accounts that wait to be sent. */
import type { Instant } from '#domain/time/instant.ts'
import { lockRow, type Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type AccountMailRow = Tables['account_mails']

export async function insertAccountMail(tx: Tx, row: AccountMailRow): Promise<void> {
  await tx.insertInto('account_mails').values(row).execute()
}

/** Takes the mails that are due; until `leaseEndsAt` nobody else takes them. */
export async function claimDueMails(
  tx: Tx,
  { now, leaseEndsAt, limit }: { readonly now: Instant; readonly leaseEndsAt: Instant; readonly limit: number },
): Promise<AccountMailRow[]> {
  const due = tx.selectFrom('account_mails').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(limit)
  const rows = await lockRow(tx, due).execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0)
    await tx.updateTable('account_mails').set({ next_at: leaseEndsAt }).where('id', 'in', ids).execute()
  return rows
}

export async function deleteAccountMail(tx: Tx, id: AccountMailRow['id']): Promise<void> {
  await tx.deleteFrom('account_mails').where('id', '=', id).execute()
}

export async function postponeAccountMail(
  tx: Tx,
  id: AccountMailRow['id'],
  { attempts, nextAt }: { readonly attempts: number; readonly nextAt: Instant },
): Promise<void> {
  await tx.updateTable('account_mails').set({ attempts, next_at: nextAt }).where('id', '=', id).execute()
}
