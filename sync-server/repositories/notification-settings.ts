/** What people and clinics have chosen about messages: channels, words, and numbers that want no texts. */
import type { ClinicId } from '#domain/ids.ts'
import type { MessageKind } from '#domain/message/message-kinds.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx, upsert } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

export type PreferenceRow = Tables['notification_preferences']
export type TemplateRow = Tables['message_templates']

export const findPreference = (tx: Tx, clinicId: ClinicId, ownerKey: string): Promise<PreferenceRow | undefined> =>
  tx
    .selectFrom('notification_preferences')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('owner_key', '=', ownerKey)
    .executeTakeFirst()

export const setPreference = (tx: Tx, row: PreferenceRow): Promise<void> =>
  upsert(tx, 'notification_preferences', [row], {
    key: ['clinic_id', 'owner_key'],
    set: ['email', 'sms', 'app', 'reminders', 'language', 'updated_at', 'revision'],
  })

export type TemplateKey = {
  readonly clinicId: ClinicId
  readonly kind: MessageKind
  readonly channel: string
  readonly language: string
}

const whereKey = ({ clinicId, kind, channel, language }: TemplateKey) => ({
  clinic_id: clinicId,
  kind,
  channel,
  language,
})

export async function findTemplate(tx: Tx, key: TemplateKey): Promise<TemplateRow | undefined> {
  const wanted = whereKey(key)
  return tx
    .selectFrom('message_templates')
    .selectAll()
    .where('clinic_id', '=', wanted.clinic_id)
    .where('kind', '=', wanted.kind)
    .where('channel', '=', wanted.channel)
    .where('language', '=', wanted.language)
    .executeTakeFirst()
}

export const listTemplates = (tx: Tx, clinicId: ClinicId): Promise<TemplateRow[]> =>
  tx.selectFrom('message_templates').selectAll().where('clinic_id', '=', clinicId).execute()

export const setTemplate = (tx: Tx, row: TemplateRow): Promise<void> =>
  upsert(tx, 'message_templates', [row], {
    key: ['clinic_id', 'kind', 'channel', 'language'],
    set: ['subject', 'body', 'updated_at', 'updated_by', 'revision'],
  })

export async function deleteTemplate(tx: Tx, key: TemplateKey): Promise<boolean> {
  const wanted = whereKey(key)
  const { numDeletedRows } = await tx
    .deleteFrom('message_templates')
    .where('clinic_id', '=', wanted.clinic_id)
    .where('kind', '=', wanted.kind)
    .where('channel', '=', wanted.channel)
    .where('language', '=', wanted.language)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function isOptedOut(tx: Tx, number: string): Promise<boolean> {
  const row = await tx.selectFrom('sms_opt_outs').select('number').where('number', '=', number).executeTakeFirst()
  return row !== undefined
}

export const optOut = (tx: Tx, number: string, since: Instant): Promise<boolean> =>
  insertIgnore(tx, 'sms_opt_outs', { number, since })

export async function optIn(tx: Tx, number: string): Promise<void> {
  await tx.deleteFrom('sms_opt_outs').where('number', '=', number).execute()
}
