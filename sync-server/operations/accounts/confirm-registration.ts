import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import { areSimilarNames } from '#domain/people/similar-names.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { hashSecret } from '#server/operations/secrets.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { findAccountToken, redeemAccountToken } from '#server/repositories/account-tokens.ts'
import { insertLikelyDuplicate, listPatientsBornOn } from '#server/repositories/likely-duplicates.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { carriedBy } from './account-links.ts'
import { createPatientUser } from './patient-account.ts'
import type { PendingRegistration } from './request-registration.ts'

type Answer = { readonly ok: true; readonly clinicId: ClinicId; readonly userId: UserId } | Refused<'link-invalid'>

/**
 * Makes the account that a registration asked for, with a new patient, always: whoever may be the same person stands in a list
 * for the desk, and nothing is merged by itself.
 */
export async function confirmRegistration(deps: AccountDeps, token: string): Promise<Answer> {
  const tokenHash = hashSecret(token)
  const row = await deps.database.read((tx) => findAccountToken(tx, ['registration'], tokenHash, deps.now()))
  if (!row?.clinic_id) return refuse('link-invalid', 'token')
  const clinicId = row.clinic_id
  const pending = carriedBy<PendingRegistration>(deps, row)
  const answer = await deps.writer.submit<Answer>(clinicId, 'interactive', {
    subject: null,
    door: 'rest',
    run: async (ctx) => {
      const redeemed = await redeemAccountToken(ctx.tx, ['registration'], tokenHash, ctx.now)
      const userId = redeemed ? await createPatientUser(ctx, pending) : null
      if (userId === null) return { ok: false, value: refuse('link-invalid', 'token') }
      const patientId = await addPatient(ctx, pending, userId)
      ctx.addAudit({ userId, action: 'registered', collection: 'patients', documentIds: [patientId] })
      return { ok: true, value: { ok: true, clinicId, userId } }
    },
  })
  if (answer.ok) deps.onRightsChanged(clinicId, [answer.userId])
  return answer
}

async function addPatient(ctx: WriteContext, pending: PendingRegistration, userId: UserId): Promise<PatientId> {
  const { clinicId } = ctx
  const { name, birthDate, email } = pending
  const id = ctx.newId<'Patient'>()
  const born = await listPatientsBornOn(ctx.tx, clinicId, birthDate)
  await saveDocument(ctx, 'patients', null, {
    id,
    clinicId,
    userId,
    name,
    birthDate,
    gender: 'unknown',
    phone: '',
    email,
    alerts: [],
    note: '',
    revision: 0,
    _deleted: false,
  })
  for (const other of born.filter((each) => areSimilarNames(each.name, name))) {
    await insertLikelyDuplicate(ctx.tx, { clinicId, patientId: id, otherId: other.id }, ctx.now)
  }
  return id
}
