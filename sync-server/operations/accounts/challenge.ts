/** The pause between password and second factor: a secret that stands for a log-in whose password was right. */
import { isStaff } from '#domain/access/covers.ts'
import type { ClinicId, DeviceId, UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/database.ts'
import { hashSecret } from '#server/operations/secrets.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'
import { countAttempt, findAccountToken, redeemAccountToken } from '#server/repositories/account-tokens.ts'
import { getClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import { findClinicUser } from '#server/repositories/clinic-users.ts'
import { findSecondFactor } from '#server/repositories/second-factors.ts'
import type { Transport } from '#server/repositories/sessions.ts'
import { findUser } from '#server/repositories/users.ts'
import { type AccountDeps, type Refused, refuse, type TooMany, tooMany } from './account-deps.ts'
import { carriedBy, issueAccountToken } from './account-links.ts'
import { beginFactor, finishFactor, takeCode } from './second-factor.ts'
import type { Enrolment } from './totp.ts'

/** Wrong codes before the password is asked for again. */
const MOST_WRONG = 5

export type Pending = {
  readonly userId: UserId
  readonly clinicId: ClinicId
  readonly transport: Transport
  readonly device: { readonly id: DeviceId; readonly name: string } | null
  /** The clinic asks for a factor that the person does not have yet: the first code confirms it. */
  readonly isEnrolment: boolean
}

type Asked = Omit<Pending, 'isEnrolment'>

/** What a log-in with the right password still needs; null when nothing. */
export async function challengeFor(
  deps: Pick<AccountDeps, 'database' | 'now' | 'tokenSeal'>,
  asked: Asked,
): Promise<{ readonly challenge: string; readonly isEnrolment: boolean } | null> {
  const { userId, clinicId } = asked
  const { hasFactor, isDemanded } = await deps.database.read(async (tx) => ({
    hasFactor: Boolean((await findSecondFactor(tx, userId))?.confirmed_at),
    isDemanded: await isFactorDemanded(tx, clinicId, userId),
  }))
  if (!hasFactor && !isDemanded) return null
  const isEnrolment = !hasFactor
  const carries: Pending = { ...asked, isEnrolment }
  const token = { kind: 'second-factor', clinicId, userId, carries } as const
  return { challenge: await deps.database.write((tx) => issueAccountToken(deps, tx, token)), isEnrolment }
}

/** Whether the clinic wants a second factor of this person: of everybody who is more there than a patient. */
export async function isFactorDemanded(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<boolean> {
  if ((await getPolicies(tx, clinicId)).twoFactor !== 'staff') return false
  return isStaff((await loadSubjectRow(tx, clinicId, userId)).grants)
}

/** The secret to enrol, for a challenge that asks for it. A second call makes another one. */
export async function enrolByChallenge(
  deps: AccountDeps,
  challenge: string,
): Promise<{ readonly ok: true; readonly enrolment: Enrolment } | Refused<'link-invalid'>> {
  return deps.database.write(async (tx) => {
    const row = await findAccountToken(tx, ['second-factor'], hashSecret(challenge), deps.now())
    const pending = row && carriedBy<Pending>(deps, row)
    const user = pending && (await findUser(tx, pending.userId))
    if (!pending?.isEnrolment || !user) return refuse('link-invalid', 'challenge')
    const issuer = (await getClinic(tx, pending.clinicId)).name
    const enrolment = await beginFactor(deps, tx, pending.userId, { issuer, label: user.email })
    return enrolment ? { ok: true, enrolment } : refuse('link-invalid', 'challenge')
  })
}

export type Passed = { readonly ok: true; readonly pending: Pending; readonly recoveryCodes: string[] | null }

/**
 * Answers a challenge with a code. A wrong one counts, for the challenge and for the person; after five the password is asked
 * for again. With an enrolment the code confirms the new factor.
 */
export async function passChallenge(
  deps: AccountDeps,
  { challenge, code, address }: { readonly challenge: string; readonly code: string; readonly address: string },
): Promise<Passed | TooMany | Refused<'link-invalid' | 'wrong-code'>> {
  const now = deps.now()
  const tokenHash = hashSecret(challenge)
  const row = await deps.database.read((tx) => findAccountToken(tx, ['second-factor'], tokenHash, now))
  if (!row?.user_id) return refuse('link-invalid', 'challenge')
  const userId = row.user_id
  const wait = await deps.limits.secondFactor.begin(address, userId, now)
  if (wait > 0) return tooMany(wait)
  const pending = carriedBy<Pending>(deps, row)
  const answer = await deps.database.write(async (tx) => {
    if (!(await mayStillSignIn(tx, pending))) return refuse('link-invalid', 'challenge')
    const codes = pending.isEnrolment ? await finishFactor(deps, tx, userId, code) : null
    const isRight = pending.isEnrolment ? codes !== null : await takeCode(deps, tx, userId, code)
    if (!isRight) {
      await countAttempt(tx, tokenHash, MOST_WRONG, now)
      return refuse('wrong-code', 'code')
    }
    if (!(await redeemAccountToken(tx, ['second-factor'], tokenHash, now))) return refuse('link-invalid', 'challenge')
    return { ok: true, pending, recoveryCodes: codes } as const
  })
  const { clinicId } = pending
  if (answer.ok) await deps.limits.secondFactor.succeed(address, userId, now)
  else await deps.audit({ clinicId, userId, action: 'second-factor-refused' })
  if (answer.ok && answer.recoveryCodes) await deps.audit({ clinicId, userId, action: 'second-factor-enrolled' })
  return answer
}

const mayStillSignIn = async (tx: Tx, { userId, clinicId }: Pending): Promise<boolean> =>
  (await findUser(tx, userId))?.isActive === true && (await findClinicUser(tx, clinicId, userId))?.isActive === true
