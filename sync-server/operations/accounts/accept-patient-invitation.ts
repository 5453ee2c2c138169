import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { redeemAccountToken } from '#server/repositories/account-tokens.ts'
import { type AccountDeps, type Refused, refuse } from './account-deps.ts'
import { createPatientUser } from './patient-account.ts'

/** What the desk has written down for the invitation. */
export type InvitedPatient = { readonly name: string; readonly email: string }

type Invitation = InvitedPatient & {
  readonly tokenHash: string
  readonly clinicId: ClinicId
  readonly patientId: PatientId
  readonly passwordHash: string
}

/** Makes the account of a patient whom the desk has invited, and links it to the patient's record. */
export async function acceptPatientInvitation(
  deps: Pick<AccountDeps, 'writer' | 'onRightsChanged'>,
  invitation: Invitation,
): Promise<{ readonly ok: true } | Refused<'link-invalid'>> {
  const { tokenHash, clinicId, patientId, name, email, passwordHash } = invitation
  const refused = { ok: false, value: refuse('link-invalid', 'token') } as const
  type Answer = { readonly ok: true; readonly userId: UserId } | Refused<'link-invalid'>
  const answer = await deps.writer.submit<Answer>(clinicId, 'interactive', {
    subject: null,
    door: 'rest',
    run: async (ctx) => {
      if (!(await redeemAccountToken(ctx.tx, ['invitation'], tokenHash, ctx.now))) return refused
      const patient = await lockDocument(ctx, 'patients', patientId)
      if (!patient || patient._deleted || patient.clinicId !== clinicId || patient.userId !== null) return refused
      const userId = await createPatientUser(ctx, { name, email, passwordHash })
      if (userId === null) return refused
      await saveDocument(ctx, 'patients', patient, { ...patient, userId })
      ctx.addAudit({ userId, action: 'invitation-accepted', collection: 'patients', documentIds: [patientId] })
      return { ok: true, value: { ok: true, userId } }
    },
  })
  if (answer.ok) deps.onRightsChanged(clinicId, [answer.userId])
  return answer.ok ? { ok: true } : answer
}
