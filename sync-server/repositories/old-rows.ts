/** Rows whose time is over, found in small pages. */
import type { AppointmentId, ClinicId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { Tables } from '#server/database/tables.ts'

/** The first rows of a chain, as far as all of them are older. */
export async function listOldestAuditRows(
  tx: Tx,
  { clinicId, chain, before, limit }: { clinicId: ClinicId; chain: string; before: Instant; limit: number },
): Promise<Pick<Tables['audit_log'], 'seq' | 'at' | 'hash' | 'document_ids'>[]> {
  const rows = await tx
    .selectFrom('audit_log')
    .select(['seq', 'at', 'hash', 'document_ids'])
    .where('clinic_id', '=', clinicId)
    .where('chain', '=', chain)
    .orderBy('seq')
    .limit(limit)
    .execute()
  const firstYoung = rows.findIndex(({ at }) => at >= before)
  return firstYoung < 0 ? rows : rows.slice(0, firstYoung)
}

/** Removes the beginning of a chain with its index rows. */
export async function deleteAuditRows(
  tx: Tx,
  { clinicId, chain }: { readonly clinicId: ClinicId; readonly chain: string },
  rows: readonly Pick<Tables['audit_log'], 'seq' | 'at' | 'document_ids'>[],
): Promise<void> {
  for (const { seq, at, document_ids } of rows) {
    const named = JSON.parse(document_ids) as string[]
    if (named.length === 0) continue
    await tx
      .deleteFrom('audit_documents')
      .where('clinic_id', '=', clinicId)
      .where('document_id', 'in', named)
      .where('at', '=', at)
      .where('chain', '=', chain)
      .where('seq', '=', seq)
      .execute()
  }
  await tx
    .deleteFrom('audit_log')
    .where('clinic_id', '=', clinicId)
    .where('chain', '=', chain)
    .where('seq', '<=', rows.at(-1)?.seq ?? 0)
    .execute()
}

/** Visits before a day that still say something in words, but for patients under a legal hold. */
export async function listWordyVisits(
  tx: Tx,
  { clinicId, before, today, limit }: { clinicId: ClinicId; before: LocalDay; today: LocalDay; limit: number },
): Promise<AppointmentId[]> {
  const rows = await tx
    .selectFrom('appointments')
    .select('id')
    .where('clinic_id', '=', clinicId)
    .where('local_day', '<', before)
    .where((row) =>
      row.or([
        row('reason', '!=', ''),
        row('note', '!=', ''),
        row('cancel_reason', '!=', ''),
        row('overbook_reason', '!=', ''),
        row('age_at_visit', 'is not', null),
      ]),
    )
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('legal_holds')
            .select('legal_holds.id')
            .whereRef('legal_holds.clinic_id', '=', 'appointments.clinic_id')
            .whereRef('legal_holds.patient_id', '=', 'appointments.patient_id')
            .where('legal_holds.lifted_at', 'is', null)
            .where((hold) => hold.or([hold('until_day', 'is', null), hold('until_day', '>=', today)])),
        ),
      ),
    )
    .orderBy('local_day')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Sessions that ended before an instant, of a clinic, and tickets of theirs. @returns true when there may be more */
export async function deleteOldSessions(
  tx: Tx,
  { clinicId, before, limit }: { clinicId: ClinicId; before: Instant; limit: number },
): Promise<boolean> {
  const rows = await tx
    .selectFrom('sessions')
    .select('id')
    .where('clinic_id', '=', clinicId)
    .where('expires_at', '<', before)
    .limit(limit)
    .execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return false
  await tx.deleteFrom('one_time_tokens').where('session_id', 'in', ids).execute()
  await tx.deleteFrom('sessions').where('id', 'in', ids).execute()
  return ids.length === limit
}

/** One-time secrets whose time is over: nobody can use them any more. */
export async function deleteOldTokens(tx: Tx, before: Instant): Promise<void> {
  await tx.deleteFrom('one_time_tokens').where('expires_at', '<', before).execute()
  await tx.deleteFrom('account_tokens').where('expires_at', '<', before).execute()
}

/** Tables of what is remembered so that it is done once. */
export type OnceTable = 'idempotency_keys' | 'access_events' | 'inbox'

/** Deletes the oldest rows from before an instant, at most about so many at once; returns whether there may be more. */
export async function deleteOldOnceRows(tx: Tx, table: OnceTable, before: Instant, limit: number): Promise<boolean> {
  const oldest = await tx
    .selectFrom(table)
    .select('created_at')
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute()
  const last = oldest.at(-1)
  if (!last) return false
  await tx.deleteFrom(table).where('created_at', '<=', last.created_at).execute()
  return oldest.length === limit
}
