/** Everything about accounts, made of the server's parts: what their operations need, and their routes. */
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import type { CountTries } from './count-tries.ts'
import type { App } from './http/app.ts'
import type { AccountDeps, AccountLimits } from './operations/accounts/account-deps.ts'
import {
  type AttemptLimits,
  LINK_CODE_LIMITS,
  LOG_IN_LIMITS,
  MAIL_LIMITS,
  SECOND_FACTOR_LIMITS,
} from './operations/attempt-limits.ts'
import type { SubjectLoader } from './operations/load-subject.ts'
import { createSeal } from './operations/seal.ts'
import { createCodeHasher } from './operations/secrets.ts'
import { registerAccountRoutes } from './routes/account-routes.ts'
import { type AuthRouteDeps, registerAuthRoutes } from './routes/auth-routes.ts'
import { registerDeviceRoutes } from './routes/device-routes.ts'
import { registerFactorRoutes } from './routes/factor-routes.ts'
import { registerHandInRoutes } from './routes/hand-in-routes.ts'
import { registerPatientAccountRoutes } from './routes/patient-account-routes.ts'
import { registerRoleRoutes } from './routes/role-routes.ts'
import { registerTokenRoutes } from './routes/token-routes.ts'
import { registerUserRoutes } from './routes/user-routes.ts'

type Made =
  | 'tokenSeal'
  | 'factorSeal'
  | 'hashCode'
  | 'limits'
  | 'onSessionsEnded'
  | 'onDeviceRevoked'
  | 'onRightsChanged'

export type AccountParts = Omit<AccountDeps, Made> & {
  readonly secretKey: string
  readonly loadSubject: SubjectLoader
  readonly endSockets: (sessionId: Id<'Session'>, code?: number) => void
  readonly countTries: CountTries
  /** In the place of the product's own limits; for tests. */
  readonly limits?: { readonly [Name in keyof AccountLimits]?: AttemptLimits }
}

function createAccountDeps({
  secretKey,
  loadSubject,
  endSockets,
  limits,
  countTries,
  ...parts
}: AccountParts): AccountDeps {
  return {
    ...parts,
    tokenSeal: createSeal(secretKey, 'account-token'),
    factorSeal: createSeal(secretKey, 'second-factor'),
    hashCode: createCodeHasher(secretKey),
    limits: {
      mails: countTries('mails', limits?.mails ?? MAIL_LIMITS),
      password: countTries('password', limits?.password ?? LOG_IN_LIMITS),
      linkCode: countTries('link-code', limits?.linkCode ?? LINK_CODE_LIMITS),
      secondFactor: countTries('second-factor', limits?.secondFactor ?? SECOND_FACTOR_LIMITS),
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

type Entrance = Pick<AuthRouteDeps, 'throttle' | 'originRule' | 'cookie' | 'onSessionEnded'>

export function registerAccounts(app: App, parts: AccountParts, entrance: Entrance): void {
  const accounts = createAccountDeps(parts)
  registerAuthRoutes(app, { ...accounts, ...entrance, accounts })
  registerAccountRoutes(app, accounts)
  registerPatientAccountRoutes(app, accounts)
  registerUserRoutes(app, accounts)
  registerRoleRoutes(app, accounts)
  registerDeviceRoutes(app, accounts)
  registerHandInRoutes(app, accounts)
  registerFactorRoutes(app, accounts)
  registerTokenRoutes(app, accounts)
}
