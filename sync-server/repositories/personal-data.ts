/**
 * Every table that holds something about a person, and how its rows are found: the register behind the export of all data about
 * one patient. A table with a reference to a person that stands in neither list fails a test.
 */
import type { Kysely } from 'kysely'
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { TableName } from '#server/database/tables.ts'

export type Person = {
  readonly clinicId: ClinicId
  readonly patientId: PatientId
  /** The account that is linked to the patient. */
  readonly userId: UserId | null
  /** The patient and every document about them. */
  readonly documentIds: readonly string[]
  /** Changes that were refused, of these documents or about this patient. */
  readonly rejectedIds: readonly string[]
}

type Source = {
  /** The column that leads to the person, and whose value it holds. */
  readonly column: string
  readonly holds: keyof Pick<Person, 'patientId' | 'userId' | 'documentIds' | 'rejectedIds'>
  /** Global tables know no clinic. */
  readonly isGlobal?: true
  /** Secrets and their hashes: nothing about the person, and of use to a thief. */
  readonly without?: readonly string[]
}

const ofPatient = (column = 'patient_id'): Source => ({ column, holds: 'patientId' })
const ofDocument = (column: string): Source => ({ column, holds: 'documentIds' })
const ofUser = (more: Partial<Source> = {}): Source => ({ column: 'user_id', holds: 'userId', ...more })

export const PERSONAL_TABLES = {
  patients: ofPatient('id'),
  appointments: ofPatient(),
  appointment_revisions: ofDocument('appointment_id'),
  appointment_resources: ofDocument('appointment_id'),
  waitlist_entries: ofPatient(),
  waitlist_offers: ofPatient(),
  holds: ofPatient(),
  notifications: ofPatient(),
  reminders: ofPatient(),
  delay_notices: ofDocument('appointment_id'),
  likely_duplicates: ofPatient(),
  legal_holds: ofPatient(),
  rejected_changes: { column: 'id', holds: 'rejectedIds' },
  kept_changes: { column: 'rejected_change_id', holds: 'rejectedIds' },
  handed_in_changes: ofPatient(),
  idempotency_keys: { ...ofDocument('document_id'), without: ['body_hash'] },
  account_tokens: { ...ofPatient(), without: ['token_hash', 'sealed'] },
  users: { column: 'id', holds: 'userId', isGlobal: true, without: ['password_hash'] },
  doctors: ofUser(),
  clinic_users: ofUser(),
  sessions: ofUser({ without: ['token_hash'] }),
  devices: { column: 'last_user_id', holds: 'userId' },
  access_tokens: ofUser({ without: ['token_hash'] }),
  calendar_feeds: ofUser({ without: ['secret_hash'] }),
  reports: ofUser({ without: ['link_hash'] }),
} as const satisfies { readonly [Name in TableName]?: Source }
export type PersonalTable = keyof typeof PERSONAL_TABLES

/** Tables with a reference to a person or a document that the export leaves out, and why. */
export const LEFT_OUT: { readonly [Name in TableName]?: string } = {
  audit_log: 'its rows stand in the export under their own heading',
  call_tasks: 'who was called about a change that the appointment itself shows',
  audit_documents: 'the index of the audit, without content of its own',
  device_hand_ins: 'says whether a device may still hand in, and holds the hash of a secret',
  day_notes: 'what the clinic writes about its own days, by no patient and under no patient',
  allotments: 'the times that devices keep for bookings to come, of nobody yet',
  document_views: 'says who sees a document, as its content does',
  user_audiences: 'says what devices have read, as the rights do',
  outbox: 'ids of documents that are there, for the services',
  notification_preferences: 'channels switched on and off, shown where they are chosen',
  inbound_messages: 'go by number, which several people may share',
  sms_opt_outs: 'a number alone',
  one_time_tokens: 'hashes of secrets that are used up in seconds',
  second_factors: 'a sealed secret and the time of its use',
  recovery_codes: 'hashes of secrets',
  webhooks: 'the settings of a clinic',
  report_schedules: 'the settings of a clinic',
  webhook_deliveries: 'ids of documents that are there, for other systems',
  erasures: 'names a person only when nothing else does',
}

const JSON_COLUMNS: ReadonlySet<string> = new Set([
  'content',
  'attempted',
  'base',
  'alerts',
  'unplaced',
  'doctor_ids',
  'equipment_ids',
  'weekdays',
  'abilities',
])

export type PersonalRow = Readonly<Record<string, unknown>>

/** The rows of one table about a person, as they are stored but for secrets; JSON is opened. */
export async function listPersonalRows(tx: Tx, table: PersonalTable, person: Person): Promise<readonly PersonalRow[]> {
  const { column, holds, isGlobal, without = [] }: Source = PERSONAL_TABLES[table]
  const values = [person[holds]].flat().filter((value) => value !== null)
  const rows: PersonalRow[] = []
  for (let start = 0; start < values.length; start += VALUES_AT_ONCE) {
    let query = (tx as unknown as Kysely<{ personal: Record<string, unknown> }>)
      .selectFrom(table as unknown as 'personal')
      .selectAll()
      .where(column, 'in', values.slice(start, start + VALUES_AT_ONCE))
    if (!isGlobal) query = query.where('clinic_id', '=', person.clinicId)
    rows.push(...(await query.execute()))
  }
  return rows.map((row) => opened(row, new Set(without)))
}

const VALUES_AT_ONCE = 500

function opened(row: PersonalRow, without: ReadonlySet<string>): PersonalRow {
  const kept = Object.entries(row).filter(([name]) => !without.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, JSON_COLUMNS.has(name) ? parsed(value) : value]))
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** Refused changes of the documents, and of whatever else that names the patient. */
export async function listRejectedAbout(
  tx: Tx,
  clinicId: ClinicId,
  patientId: PatientId,
  documentIds: readonly string[],
): Promise<{ readonly id: string; readonly isDeleted: boolean }[]> {
  const mentions = `%${patientId}%`
  const rows = await tx
    .selectFrom('rejected_changes')
    .leftJoin('kept_changes as kept', 'kept.rejected_change_id', 'rejected_changes.id')
    .select(['rejected_changes.id', 'rejected_changes.is_deleted'])
    .where('rejected_changes.clinic_id', '=', clinicId)
    .where((row) =>
      row.or([
        row('rejected_changes.document_id', 'in', documentIds),
        row('rejected_changes.attempted', 'like', mentions),
        row('rejected_changes.base', 'like', mentions),
        row('kept.attempted', 'like', mentions),
        row('kept.base', 'like', mentions),
      ]),
    )
    .execute()
  return rows.map(({ id, is_deleted }) => ({ id, isDeleted: is_deleted === 1 }))
}
