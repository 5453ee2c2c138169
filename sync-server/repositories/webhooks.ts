/** `webhooks`: where a clinic's events are sent. Secrets are sealed before they come here. */
import type { ClinicId, Id } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type WebhookRow = Tables['webhooks']
export type WebhookId = Id<'Webhook'>
type Own = { readonly clinicId: ClinicId; readonly id: WebhookId }

export const insertWebhook = async (tx: Tx, row: WebhookRow): Promise<void> => {
  await tx.insertInto('webhooks').values(row).execute()
}

export const listWebhookRows = (tx: Tx, clinicId: ClinicId): Promise<WebhookRow[]> =>
  tx.selectFrom('webhooks').selectAll().where('clinic_id', '=', clinicId).orderBy('id').execute()

/** The webhooks of some clinics that are switched on. */
export async function listActiveWebhooks(tx: Tx, clinicIds: readonly ClinicId[]): Promise<WebhookRow[]> {
  if (clinicIds.length === 0) return []
  return tx.selectFrom('webhooks').selectAll().where('clinic_id', 'in', clinicIds).where('is_active', '=', 1).execute()
}

/** A webhook of the clinic, or undefined when it has none of that id. */
export const findWebhookRow = (tx: Tx, { clinicId, id }: Own): Promise<WebhookRow | undefined> =>
  tx.selectFrom('webhooks').selectAll().where('id', '=', id).where('clinic_id', '=', clinicId).executeTakeFirst()

export const findWebhooksOfIds = async (tx: Tx, ids: readonly WebhookId[]): Promise<WebhookRow[]> =>
  ids.length === 0 ? [] : tx.selectFrom('webhooks').selectAll().where('id', 'in', ids).execute()

/** Changes a webhook if nobody else has since it was read; returns whether it did. */
export async function updateWebhook(tx: Tx, before: WebhookRow, change: Partial<WebhookRow>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhooks')
    .set({ ...change, revision: before.revision + 1 })
    .where('id', '=', before.id)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Removes a webhook with everything that was, or was to be, delivered to it. */
export async function deleteWebhookRow(tx: Tx, { clinicId, id }: Own): Promise<boolean> {
  const row = await findWebhookRow(tx, { clinicId, id })
  if (!row) return false
  await tx.deleteFrom('webhook_deliveries').where('webhook_id', '=', id).execute()
  await tx.deleteFrom('webhooks').where('id', '=', id).execute()
  return true
}
