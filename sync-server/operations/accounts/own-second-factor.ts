/** The second factor of somebody who is signed in. Setting it up and taking it away asks for the password again. */
import type { Subject } from '#domain/access/can.ts'
import { coversGrants } from '#domain/access/covers.ts'
import type { FactorState } from '#domain/api/factor-schemas.ts'
import type { Id, UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/database.ts'
import { queueMail } from '#server/operations/queue-mail.ts'
import type { Session } from '#server/operations/session.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findClinicUser } from '#server/repositories/clinic-users.ts'
import { countRecoveryCodes, deleteFactor, findSecondFactor } from '#server/repositories/second-factors.ts'
import { endSessionsOfUser } from '#server/repositories/sessions.ts'
import { findUser } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'
import { type AdminRefusal, administer } from './administer.ts'
import { isFactorDemanded } from './challenge.ts'
import { reauthenticate } from './reauthenticate.ts'
import { beginFactor, finishFactor, renewRecoveryCodes, takeCode } from './second-factor.ts'
import { NOTICE_MS } from './set-password.ts'
import type { Enrolment } from './totp.ts'

type Proof = { readonly password: string; readonly address: string }
type ProofRefused = TooMany | Refused<'wrong-password'>

/** Whether the person has a factor, whether the clinic asks for one, and how many recovery codes are left. */
export function showOwnFactor({ database }: Pick<AccountDeps, 'database'>, session: Session): Promise<FactorState> {
  const { userId, clinicId } = session
  return database.read(async (tx) => {
    const isOn = Boolean((await findSecondFactor(tx, userId))?.confirmed_at)
    return {
      isOn,
      isDemanded: await isFactorDemanded(tx, clinicId, userId),
      codesLeft: isOn ? await countRecoveryCodes(tx, userId) : 0,
    }
  })
}

/** A secret for the authenticator app; nothing is asked for before a first code confirms it. */
export async function beginOwnFactor(
  deps: AccountDeps,
  session: Session,
  { password, address }: Proof,
): Promise<{ readonly ok: true; readonly enrolment: Enrolment } | ProofRefused | Refused<'already-enrolled'>> {
  const proof = await reauthenticate(deps, session, { password, address, field: 'password' })
  if (!proof.ok) return proof
  const { userId, clinicId } = session
  return deps.database.write(async (tx) => {
    const issuer = (await getClinic(tx, clinicId)).name
    const label = (await findUser(tx, userId))?.email ?? ''
    const enrolment = await beginFactor(deps, tx, userId, { issuer, label })
    return enrolment ? { ok: true, enrolment } : refuse('already-enrolled')
  })
}

/** Confirms it, ends every other session, and answers the recovery codes. */
export async function confirmOwnFactor(
  deps: AccountDeps,
  session: Session,
  { code, address }: { readonly code: string; readonly address: string },
): Promise<{ readonly ok: true; readonly recoveryCodes: string[] } | TooMany | Refused<'wrong-code'>> {
  const { userId, sessionId } = session
  const wait = await deps.limits.secondFactor.begin(address, userId, deps.now())
  if (wait > 0) return tooMany(wait)
  const done = await deps.database.write(async (tx) => {
    const recoveryCodes = await finishFactor(deps, tx, userId, code)
    if (!recoveryCodes) return null
    await tellOfFactor(deps, tx, session)
    return { recoveryCodes, ended: await endSessionsOfUser(tx, userId, deps.now(), { except: sessionId }) }
  })
  if (!done) return refuse('wrong-code', 'code')
  await deps.limits.secondFactor.succeed(address, userId, deps.now())
  await afterChange(deps, session, 'second-factor-enrolled', done.ended)
  return { ok: true, recoveryCodes: done.recoveryCodes }
}

type FullProof = Proof & { readonly code: string }
type FullProofRefused = ProofRefused | Refused<'wrong-code'>

/** New recovery codes; those before stop working. */
export async function renewOwnCodes(
  deps: AccountDeps,
  session: Session,
  proof: FullProof,
): Promise<{ readonly ok: true; readonly recoveryCodes: string[] } | FullProofRefused> {
  const answer = await withFullProof(deps, session, proof, (tx) => renewRecoveryCodes(deps, tx, session.userId))
  if (!answer.ok) return answer
  await afterChange(deps, session, 'recovery-codes-renewed', [])
  return { ok: true, recoveryCodes: answer.value }
}

/** Takes the own factor away, where the clinic does not ask for one. */
export async function removeOwnFactor(
  deps: AccountDeps,
  session: Session,
  proof: FullProof,
): Promise<{ readonly ok: true } | FullProofRefused | Refused<'second-factor-demanded'>> {
  const { userId, clinicId } = session
  const isDemanded = await deps.database.read((tx) => isFactorDemanded(tx, clinicId, userId))
  if (isDemanded) return refuse('second-factor-demanded')
  const answer = await withFullProof(deps, session, proof, async (tx) => {
    await deleteFactor(tx, userId)
    await tellOfFactor(deps, tx, session)
  })
  if (!answer.ok) return answer
  await afterChange(deps, session, 'second-factor-removed', [])
  return { ok: true }
}

/** Takes somebody else's factor away who has lost the phone and the codes; the next log-in asks to set one up where the clinic wants one. */
export async function removeFactorOf(
  deps: AccountDeps,
  subject: Subject,
  userId: UserId,
): Promise<{ readonly ok: true } | AdminRefusal> {
  type Removed = { readonly ok: true; readonly ended: readonly Id<'Session'>[] }
  const answer = await administer<Removed>(deps, subject, 'manage-users', async (ctx, actor) => {
    const { tx, clinicId, now } = ctx
    if (!(await findClinicUser(tx, clinicId, userId))) return refuse('not-found')
    if (!coversGrants(actor.grants, (await loadSubjectRow(tx, clinicId, userId)).grants)) return refuse('not-allowed')
    if (!(await deleteFactor(tx, userId))) return refuse('not-found')
    await tellOfFactor(deps, tx, { userId, clinicId })
    ctx.addAudit({ userId: actor.userId, action: 'second-factor-removed', collection: 'users', documentIds: [userId] })
    return { ok: true, ended: await endSessionsOfUser(tx, userId, now) }
  })
  if (answer.ok) deps.onSessionsEnded(answer.ended)
  deps.mails.kick()
  return answer.ok ? { ok: true } : answer
}

/** Password and code, then the change, in one transaction with the code's use. */
async function withFullProof<Value>(
  deps: AccountDeps,
  session: Session,
  { password, code, address }: FullProof,
  change: (tx: Tx) => Promise<Value>,
): Promise<{ readonly ok: true; readonly value: Value } | FullProofRefused> {
  const { userId } = session
  const proof = await reauthenticate(deps, session, { password, address, field: 'password' })
  if (!proof.ok) return proof
  const wait = await deps.limits.secondFactor.begin(address, userId, deps.now())
  if (wait > 0) return tooMany(wait)
  const done = await deps.database.write(async (tx) =>
    (await takeCode(deps, tx, userId, code)) ? { value: await change(tx) } : null,
  )
  if (!done) return refuse('wrong-code', 'code')
  await deps.limits.secondFactor.succeed(address, userId, deps.now())
  return { ok: true, ...done }
}

async function tellOfFactor(deps: AccountDeps, tx: Tx, { userId, clinicId }: Pick<Session, 'userId' | 'clinicId'>) {
  const user = await findUser(tx, userId)
  const now = deps.now()
  await queueMail(deps, tx, {
    kind: 'second-factor-changed',
    to: user ? { name: user.name, address: user.email } : null,
    values: { clinic: (await getClinic(tx, clinicId)).name, link: deps.linkTo('/') },
    now,
    expiresAt: now + NOTICE_MS,
  })
}

async function afterChange(
  deps: AccountDeps,
  { userId, clinicId, via }: Session,
  action: string,
  ended: readonly Id<'Session'>[],
): Promise<void> {
  deps.onSessionsEnded(ended)
  deps.mails.kick()
  await deps.audit({ clinicId, userId, via, action })
}
