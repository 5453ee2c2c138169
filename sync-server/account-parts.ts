/** What the operations on accounts need, made of the server's parts. */
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import type { AccountDeps, AccountLimits } from './operations/accounts/account-deps.ts'
import {
  type AttemptLimits,
  createAttempts,
  LINK_CODE_LIMITS,
  LOG_IN_LIMITS,
  MAIL_LIMITS,
} from './operations/attempt-limits.ts'
import type { SubjectLoader } from './operations/load-subject.ts'
import { createSeal } from './operations/seal.ts'
import { createCodeHasher } from './operations/secrets.ts'

type Made = 'tokenSeal' | 'hashCode' | 'limits' | 'onSessionsEnded' | 'onDeviceRevoked' | 'onRightsChanged'

export type AccountParts = Omit<AccountDeps, Made> & {
  readonly secretKey: string
  readonly loadSubject: SubjectLoader
  readonly endSockets: (sessionId: Id<'Session'>, code?: number) => void
  /** In the place of the product's own limits; for tests. */
  readonly limits?: { readonly [Name in keyof AccountLimits]?: AttemptLimits }
}

export function createAccountDeps({ secretKey, loadSubject, endSockets, limits, ...parts }: AccountParts): AccountDeps {
  return {
    ...parts,
    tokenSeal: createSeal(secretKey, 'account-token'),
    hashCode: createCodeHasher(secretKey),
    limits: {
      mails: createAttempts(limits?.mails ?? MAIL_LIMITS),
      password: createAttempts(limits?.password ?? LOG_IN_LIMITS),
      linkCode: createAttempts(limits?.linkCode ?? LINK_CODE_LIMITS),
    },
    onSessionsEnded: (ids) => {
      for (const id of ids) endSockets(id)
    },
    onDeviceRevoked: (ids) => {
      for (const id of ids) endSockets(id, CLOSE.revoked)
    },
    onRightsChanged: (clinicId: ClinicId, userIds: readonly UserId[]) => {
      for (const userId of userIds) loadSubject.forget(clinicId, userId)
    },
  }
}
