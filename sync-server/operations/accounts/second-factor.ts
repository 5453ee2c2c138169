/** A person's second factor: enrolled, confirmed by a first code, asked for, removed. Recovery codes stand in for a lost phone. */
import type { UserId } from '#domain/ids.ts'
import type { Tx } from '#server/database/database.ts'
import { newCode } from '#server/operations/secrets.ts'
import {
  confirmFactor,
  findSecondFactor,
  replaceRecoveryCodes,
  setUnconfirmedFactor,
  takeRecoveryCode,
  takeStep,
} from '#server/repositories/second-factors.ts'
import type { AccountDeps } from './account-deps.ts'
import { type Enrolment, newTotpSecret, stepOfCode, totpUri } from './totp.ts'

const RECOVERY_CODES = 10
/** 79 bits each. */
const newRecoveryCode = () => newCode(4, 4)

type Deps = Pick<AccountDeps, 'factorSeal' | 'hashCode' | 'now'>

/** A new secret for somebody who has no confirmed one. @returns null when they have */
export async function beginFactor(
  { factorSeal, now }: Deps,
  tx: Tx,
  userId: UserId,
  names: { readonly issuer: string; readonly label: string },
): Promise<Enrolment | null> {
  const known = await findSecondFactor(tx, userId)
  if (known?.confirmed_at) return null
  const secret = newTotpSecret()
  await setUnconfirmedFactor(tx, userId, factorSeal.close(secret, userId), now())
  return { secret, uri: totpUri(secret, names) }
}

/** Confirms the factor with its first code. @returns the recovery codes, shown once, or null for a wrong code */
export async function finishFactor(deps: Deps, tx: Tx, userId: UserId, code: string): Promise<string[] | null> {
  const factor = await findSecondFactor(tx, userId)
  if (!factor || factor.confirmed_at !== null || !(await isCodeOf(deps, tx, userId, code))) return null
  await confirmFactor(tx, userId, deps.now())
  return renewRecoveryCodes(deps, tx, userId)
}

/** Ten new codes in the place of those before. */
export async function renewRecoveryCodes({ hashCode }: Deps, tx: Tx, userId: UserId): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  await replaceRecoveryCodes(
    tx,
    userId,
    codes.map((code) => hashCode(code, `recovery ${userId}`)),
  )
  return codes
}

/** Whether a code proves the confirmed factor: one of the app, each taken once, or a recovery code. Uses it up. */
export async function takeCode(deps: Deps, tx: Tx, userId: UserId, code: string): Promise<boolean> {
  const factor = await findSecondFactor(tx, userId)
  if (!factor?.confirmed_at) return false
  if (await isCodeOf(deps, tx, userId, code)) return true
  return takeRecoveryCode(tx, userId, deps.hashCode(code, `recovery ${userId}`), deps.now())
}

async function isCodeOf({ factorSeal, now }: Deps, tx: Tx, userId: UserId, code: string): Promise<boolean> {
  const factor = await findSecondFactor(tx, userId)
  // Sealed with another key it proves nothing: the recovery codes remain.
  const secret = factor && factorSeal.open(factor.sealed, userId)
  const step = secret ? stepOfCode(secret, code, now()) : null
  return step !== null && takeStep(tx, userId, step)
}
