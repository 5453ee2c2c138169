/** Taking a person out of rows that have to stay, and removing those that need not. */
import type { AppointmentId, ClinicId, PatientId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/dialect.ts'

const IDS_AT_ONCE = 500

async function inPieces<Value>(
  ids: readonly Value[],
  work: (some: readonly Value[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) await work(ids.slice(start, start + IDS_AT_ONCE))
}

/** Rewrites what every version of these appointments says. */
export async function rewriteRevisions(
  tx: Tx,
  ids: readonly AppointmentId[],
  rewrite: (content: string) => string,
): Promise<void> {
  await inPieces(ids, async (some) => {
    const rows = await tx
      .selectFrom('appointment_revisions')
      .select(['appointment_id', 'revision', 'content'])
      .where('appointment_id', 'in', some)
      .execute()
    for (const { appointment_id, revision, content } of rows) {
      await tx
        .updateTable('appointment_revisions')
        .set({ content: rewrite(content) })
        .where('appointment_id', '=', appointment_id)
        .where('revision', '=', revision)
        .execute()
    }
  })
}

export async function countRevisions(tx: Tx, ids: readonly string[]): Promise<number> {
  let count = 0
  await inPieces(ids, async (some) => {
    const row = await tx
      .selectFrom('appointment_revisions')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('appointment_id', 'in', some as AppointmentId[])
      .executeTakeFirst()
    count += Number(row?.count ?? 0)
  })
  return count
}

export async function deleteKeptChanges(tx: Tx, ids: readonly string[]): Promise<void> {
  await inPieces(ids, (some) =>
    tx
      .deleteFrom('kept_changes')
      .where('rejected_change_id', 'in', some as never)
      .execute(),
  )
}

/** What points at a patient: keys, holds, codes, notes of likeness, and the reminders to come. */
export async function deleteTracesOfPatient(
  tx: Tx,
  { clinicId, patientId, documentIds }: { clinicId: ClinicId; patientId: PatientId; documentIds: readonly string[] },
): Promise<void> {
  await inPieces(documentIds, (some) => tx.deleteFrom('idempotency_keys').where('document_id', 'in', some).execute())
  await inPieces(documentIds, (some) =>
    tx
      .deleteFrom('call_tasks')
      .where('clinic_id', '=', clinicId)
      .where('appointment_id', 'in', some as AppointmentId[])
      .execute(),
  )
  await tx.deleteFrom('holds').where('clinic_id', '=', clinicId).where('patient_id', '=', patientId).execute()
  await tx.deleteFrom('account_tokens').where('clinic_id', '=', clinicId).where('patient_id', '=', patientId).execute()
  await inPieces(documentIds, (some) =>
    tx.deleteFrom('handed_in_changes').where('clinic_id', '=', clinicId).where('document_id', 'in', some).execute(),
  )
  for (const table of ['reminders', 'handed_in_changes'] as const) {
    await tx.deleteFrom(table).where('clinic_id', '=', clinicId).where('patient_id', '=', patientId).execute()
  }
  const preferences = tx.deleteFrom('notification_preferences').where('clinic_id', '=', clinicId)
  await preferences.where('owner_key', '=', `patient:${patientId}`).execute()
  await tx
    .deleteFrom('likely_duplicates')
    .where('clinic_id', '=', clinicId)
    .where((row) => row.or([row('patient_id', '=', patientId), row('other_id', '=', patientId)]))
    .execute()
}

/** True when an account is more than a patient's: a doctor, another patient, a role or a right beside `patient`, another clinic. */
export async function hasOtherUse(
  tx: Tx,
  userId: UserId,
  { clinicId, patientId }: { readonly clinicId: ClinicId; readonly patientId: PatientId },
): Promise<boolean> {
  const doctor = await tx.selectFrom('doctors').select('id').where('user_id', '=', userId).limit(1).executeTakeFirst()
  const otherPatient = await tx
    .selectFrom('patients')
    .select('id')
    .where('user_id', '=', userId)
    .where('id', '!=', patientId)
    .where('is_deleted', '=', 0)
    .limit(1)
    .executeTakeFirst()
  const role = await tx
    .selectFrom('model_has_roles as held')
    .innerJoin('roles', 'roles.id', 'held.role_id')
    .select('held.role_id')
    .where('held.model_type', '=', 'user')
    .where('held.model_id', '=', userId)
    .where((row) => row.or([row('roles.name', '!=', 'patient'), row('held.clinic_id', '!=', clinicId)]))
    .limit(1)
    .executeTakeFirst()
  const right = await tx
    .selectFrom('model_has_permissions')
    .select('permission')
    .where('model_type', '=', 'user')
    .where('model_id', '=', userId)
    .limit(1)
    .executeTakeFirst()
  return [doctor, otherPatient, role, right].some((found) => found !== undefined)
}

/**
 * Leaves of an account its id, which the audit names: no name, address, password, second factor, role, token or session. The row
 * stays, because sessions of old devices and refused changes point at it.
 */
export async function blankAccount(tx: Tx, userId: UserId, now: Instant): Promise<void> {
  const gone = `erased-${userId}@invalid`
  await tx
    .updateTable('users')
    .set((row) => ({
      name: '',
      email: gone,
      email_normalised: gone,
      password_hash: null,
      is_active: 0,
      access_version: row('access_version', '+', 1),
      updated_at: now,
    }))
    .where('id', '=', userId)
    .execute()
  await tx
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .execute()
  await tx.updateTable('sessions').set({ device_name: '' }).where('user_id', '=', userId).execute()
  await tx.updateTable('devices').set({ name: '' }).where('last_user_id', '=', userId).execute()
  await tx.deleteFrom('model_has_roles').where('model_type', '=', 'user').where('model_id', '=', userId).execute()
  for (const table of [
    'account_tokens',
    'second_factors',
    'recovery_codes',
    'access_tokens',
    'clinic_users',
  ] as const) {
    await tx.deleteFrom(table).where('user_id', '=', userId).execute()
  }
}
