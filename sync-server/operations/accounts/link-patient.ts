/** How a record gets its account: a code from the desk, typed in by whoever is signed in; or an invitation by e-mail. */
import { can, type Subject } from '#domain/access/can.ts'
import type { PatientId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { newCode } from '#server/operations/secrets.ts'
import type { Outcome, WriteContext } from '#server/operations/write-context.ts'
import { deleteTokensOfPatient, redeemAccountToken } from '#server/repositories/account-tokens.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findUserByEmail } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'
import { issueAccountToken, LIFETIME_MS, linkWith } from './account-links.ts'
import { makePatientOf } from './patient-account.ts'

type DeskRefusal = Refused<'not-found' | 'not-allowed' | 'already-linked'>
export type LinkCode = { readonly ok: true; readonly code: string; readonly expiresAt: number }

/** A one-use code, for the desk to hand to the patient in person; codes made before stop working. */
export function createLinkCode(
  deps: AccountDeps,
  subject: Subject,
  patientId: PatientId,
): Promise<LinkCode | DeskRefusal> {
  return atDesk<LinkCode>(deps, subject, patientId, async (ctx) => {
    ctx.addAudit({
      userId: subject.userId,
      action: 'link-code-issued',
      collection: 'patients',
      documentIds: [patientId],
    })
    return { ok: true, code: await issueCode(deps, ctx, patientId), expiresAt: deps.now() + LIFETIME_MS['link-code'] }
  })
}

/**
 * Invites a patient by e-mail. An address without an account gets a link that makes one; an address that has one gets a code to
 * type in when signed in: an e-mail address alone never decides whose record it is. The desk's answer is the same.
 */
export async function invitePatient(
  deps: AccountDeps,
  subject: Subject,
  patientId: PatientId,
  email: string,
): Promise<{ readonly ok: true } | DeskRefusal> {
  const answer = await atDesk<{ readonly ok: true }>(deps, subject, patientId, async (ctx, patient) => {
    const { clinicId, tx, now } = ctx
    const known = await findUserByEmail(tx, email)
    const clinic = await getClinic(tx, clinicId)
    const lifetimeMs = LIFETIME_MS.invitation
    const about = { clinic: clinic.name, hours: lifetimeMs / 3_600_000 }
    const common = {
      to: { name: known?.name ?? patient.name, address: email.trim() },
      now,
      expiresAt: now + lifetimeMs,
    }
    if (known) {
      const code = await issueCode(deps, ctx, patientId)
      await queueMail(deps, tx, { kind: 'link-code', ...common, values: { ...about, link: deps.linkTo('/'), code } })
    } else {
      await deleteTokensOfPatient(tx, patientId, ['invitation'])
      const carries = { name: patient.name, email: email.trim() }
      const secret = await issueAccountToken(deps, tx, { kind: 'invitation', clinicId, patientId, carries })
      const link = linkWith(deps, 'password', secret)
      await queueMail(deps, tx, { kind: 'invitation', ...common, values: { ...about, link } })
    }
    ctx.addAudit({
      userId: subject.userId,
      action: 'patient-invited',
      collection: 'patients',
      documentIds: [patientId],
    })
    return { ok: true }
  })
  deps.mails.kick()
  return answer
}

type Redeemed = { readonly ok: true; readonly patientId: PatientId } | Refused<'code-invalid'>

/** Links the record of a code to whoever is signed in, as one more of their patients. */
export async function redeemLinkCode(
  deps: AccountDeps,
  subject: Subject,
  { code, address }: { readonly code: string; readonly address: string },
): Promise<Redeemed | TooMany> {
  const { clinicId, userId } = subject
  const wait = await deps.limits.linkCode.begin(address, userId, deps.now())
  if (wait > 0) return tooMany(wait)
  const answer = await deps.writer.submit<Redeemed>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const row = await redeemAccountToken(ctx.tx, ['link-code'], deps.hashCode(code, 'link-code'), ctx.now)
      const patient = row?.patient_id ? await lockDocument(ctx, 'patients', row.patient_id) : undefined
      const isOpen = patient && !patient._deleted && patient.clinicId === clinicId && patient.userId === null
      if (!isOpen) return { ok: false, value: refuse('code-invalid', 'code') }
      await saveDocument(ctx, 'patients', patient, { ...patient, userId })
      await makePatientOf(ctx, clinicId, userId)
      ctx.addAudit({ userId, action: 'patient-linked', collection: 'patients', documentIds: [patient.id] })
      return { ok: true, value: { ok: true, patientId: patient.id } }
    },
  })
  if (!answer.ok) return answer
  await deps.limits.linkCode.succeed(address, userId, deps.now())
  deps.onRightsChanged(clinicId, [userId])
  return answer
}

/** Runs what a desk does for a patient of its clinic who has no account yet. */
function atDesk<Value extends { readonly ok: true }>(
  deps: AccountDeps,
  subject: Subject,
  patientId: PatientId,
  run: (ctx: WriteContext, patient: WireDocument<'patients'>) => Promise<Value>,
): Promise<Value | DeskRefusal> {
  const { clinicId } = subject
  return deps.writer.submit<Value | DeskRefusal>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx): Promise<Outcome<Value | DeskRefusal>> => {
      const patient = await lockDocument(ctx, 'patients', patientId)
      const isVisible =
        patient && !patient._deleted && can(subject, 'view-patients', { clinicId: patient.clinicId, patientId })
      if (!isVisible) return { ok: false, value: refuse('not-found') }
      if (!can(subject, 'manage-patients', { clinicId, patientId })) return { ok: false, value: refuse('not-allowed') }
      if (patient.userId !== null) return { ok: false, value: refuse('already-linked') }
      return { ok: true, value: await run(ctx, patient) }
    },
  })
}

async function issueCode(deps: AccountDeps, { tx, clinicId }: WriteContext, patientId: PatientId): Promise<string> {
  await deleteTokensOfPatient(tx, patientId, ['link-code'])
  const secret = newCode(2, 5)
  const code = { secret, hash: deps.hashCode(secret, 'link-code') }
  return issueAccountToken(deps, tx, { kind: 'link-code', clinicId, patientId, code })
}
