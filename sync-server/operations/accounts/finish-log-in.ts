import { openSession } from '#server/operations/log-in.ts'
import type { SessionRecord } from '#server/repositories/sessions.ts'
import type { AccountDeps, Refused, TooMany } from './account-deps.ts'
import { passChallenge } from './challenge.ts'

type Answer = {
  readonly ok: true
  readonly token: string
  readonly session: SessionRecord
  /** Shown once, where the code has confirmed a new factor. */
  readonly recoveryCodes: string[] | null
}

/** The second step of a log-in: opens the session that the first one asked for. */
export async function finishLogIn(
  deps: AccountDeps,
  proof: { readonly challenge: string; readonly code: string; readonly address: string },
): Promise<Answer | TooMany | Refused<'link-invalid' | 'wrong-code'>> {
  const passed = await passChallenge(deps, proof)
  if (!passed.ok) return passed
  const { userId, clinicId, transport, device } = passed.pending
  const opened = await openSession(deps, { transport, device }, { userId, clinicId })
  return { ok: true, ...opened, recoveryCodes: passed.recoveryCodes }
}
