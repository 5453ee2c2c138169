/**
 * Everything this server holds about one patient, readable by machines (GDPR, articles 15 and 20): for the patient, and for
 * those who look after privacy. The export is itself in the audit, durable before it is handed out.
 */
import { can, type Subject } from '#domain/access/can.ts'
import type { PersonExport } from '#domain/api/privacy-api.ts'
import type { PatientId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { listAuditLog } from '#server/repositories/audit-log.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import {
  listPersonalRows,
  PERSONAL_TABLES,
  type Person,
  type PersonalTable,
} from '#server/repositories/personal-data.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { findPerson } from './find-person.ts'

export type ExportDeps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

/** Undefined when there is no such patient, or the subject may not have their data. */
export async function exportPerson(
  { database, now, audit }: ExportDeps,
  subject: Subject,
  patientId: PatientId,
): Promise<PersonExport | undefined> {
  const { clinicId } = subject
  const isOwn = subject.patientIds.includes(patientId)
  if (!isOwn && !can(subject, 'manage-privacy', { clinicId })) return undefined
  const exported = await database.read(async (tx) => {
    const person = await findPerson(tx, clinicId, patientId)
    if (!person) return undefined
    const { id, name, zone } = await getClinic(tx, clinicId)
    const tables: PersonExport['tables'] = {}
    for (const table of Object.keys(PERSONAL_TABLES) as PersonalTable[]) {
      tables[table] = (await listPersonalRows(tx, table, person)).map((row) => ({ ...row }))
    }
    const about = await auditAbout(tx, person, now())
    const body: PersonExport = {
      format: 1,
      exportedAt: now(),
      clinic: { id, name, zone },
      patientId,
      tables,
      audit: about,
    }
    return { body, documentIds: [...person.documentIds] }
  })
  if (!exported) return undefined
  await audit({ ...byWhom(subject), action: 'exported', collection: 'patients', documentIds: exported.documentIds })
  return exported.body
}

const ROWS_AT_ONCE = 500

/** Who did and saw what of this patient; whom else a row names is left out. */
async function auditAbout(tx: Tx, { clinicId, documentIds }: Person, now: Instant): Promise<PersonExport['audit']> {
  const own = new Set(documentIds)
  const entries: PersonExport['audit'] = []
  let after: { at: Instant; chain: string; seq: number } | undefined
  do {
    const rows = await listAuditLog(tx, { clinicId, from: 0, until: now + 1, documentIds, after, limit: ROWS_AT_ONCE })
    for (const { at, user_id: userId, action, collection, door, document_ids } of rows) {
      const named = (JSON.parse(document_ids) as string[]).filter((id) => own.has(id))
      entries.push({ at, userId, action, collection, door, documentIds: named })
    }
    after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1)
  } while (after)
  return entries
}
