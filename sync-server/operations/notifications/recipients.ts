/** Who is written to, where, and on which channels: what they chose, and what there is of them. */
import type { ClinicPolicies } from '#domain/clinic/policies.ts'
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import type { Channel } from '#domain/message/message-kinds.ts'
import type { Tx } from '#server/database/database.ts'
import { toE164 } from '#server/phone/to-e164.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { findPreference, isOptedOut } from '#server/repositories/notification-settings.ts'
import { findUser } from '#server/repositories/users.ts'

export type RecipientKey = `patient:${string}` | `user:${string}`
export const patientKey = (id: PatientId): RecipientKey => `patient:${id}`
export const userKey = (id: UserId): RecipientKey => `user:${id}`

export type Recipient = {
  readonly key: RecipientKey
  readonly patientId: PatientId | null
  /** Whose list in the app it is. */
  readonly userId: UserId | null
  readonly name: string
  readonly email: string
  /** E.164; empty where there is none. */
  readonly phone: string
  readonly language: string
  /** Channels that were not switched off. */
  readonly allowed: ReadonlySet<Channel>
  readonly wantsReminders: boolean
}

export async function findPatientRecipient(
  tx: Tx,
  clinicId: ClinicId,
  id: PatientId,
  policies: ClinicPolicies,
): Promise<Recipient | undefined> {
  const patient = await findDocument(tx, 'patients', id)
  if (!patient || patient._deleted || patient.clinicId !== clinicId) return undefined
  const wishes = await wishesOf(tx, clinicId, patientKey(id), policies)
  return {
    key: patientKey(id),
    patientId: id,
    userId: patient.userId,
    name: patient.name,
    email: patient.email.trim(),
    phone: toE164(patient.phone, policies.country) ?? '',
    ...wishes,
  }
}

export async function findUserRecipient(
  tx: Tx,
  clinicId: ClinicId,
  id: UserId,
  policies: ClinicPolicies,
): Promise<Recipient | undefined> {
  const user = await findUser(tx, id)
  if (!user?.isActive) return undefined
  const wishes = await wishesOf(tx, clinicId, userKey(id), policies)
  return { key: userKey(id), patientId: null, userId: id, name: user.name, email: user.email, phone: '', ...wishes }
}

async function wishesOf(tx: Tx, clinicId: ClinicId, key: RecipientKey, policies: ClinicPolicies) {
  const row = await findPreference(tx, clinicId, key)
  const isOn = (channel: Channel) => row === undefined || row[channel] === 1
  return {
    language: row?.language || policies.messageLanguage,
    allowed: new Set((['email', 'sms', 'app'] as const).filter(isOn)),
    wantsReminders: row === undefined || row.reminders === 1,
  }
}

/** Where a channel reaches them, or why it does not. */
export async function addressOn(
  tx: Tx,
  recipient: Recipient,
  channel: Channel,
): Promise<{ readonly address: string } | { readonly skip: 'no-address' | 'opted-out' }> {
  if (!recipient.allowed.has(channel)) return { skip: 'opted-out' }
  if (channel === 'app') return recipient.userId === null ? { skip: 'no-address' } : { address: '' }
  const address = channel === 'email' ? recipient.email : recipient.phone
  if (address === '') return { skip: 'no-address' }
  if (channel === 'sms' && (await isOptedOut(tx, address))) return { skip: 'opted-out' }
  return { address }
}
