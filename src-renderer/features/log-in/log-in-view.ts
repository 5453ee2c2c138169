import type { EnrolmentAnswer } from '#domain/api/factor-schemas.ts'
import type { Language } from '#domain/language/languages.ts'
import type { AccountApi } from '#renderer/server-api/account-api.ts'

/** What the log-in screen shows and may ask for; `app` fills it from the session. */
export type LogInProblem =
  | 'wrong-credentials'
  | 'too-many-tries'
  | 'wrong-code'
  | 'challenge-over'
  | 'wrong-password-here'
  | 'nothing-kept-here'
  | 'lease-ended'
  | 'server-needed'
  | 'damaged'
  | 'refused'

export type ServerRefusal = 'not-a-server-address' | 'not-encrypted' | 'not-here'

export type Reach = 'unknown' | 'reachable' | 'no-network' | 'server-unreachable'

export type OpenClinic = { readonly id: string; readonly name: string }

export type LogInView = {
  readonly server: Reach
  readonly serverName: string
  readonly enrolments: readonly { readonly userId: string; readonly login: string }[]
  readonly expectedUserId: string | null
  readonly asksOwnDevice: boolean
  readonly isBusy: boolean
  readonly problem: LogInProblem | null
  readonly serverMessage: string | null
  readonly needsPreviousPassword: boolean
  /** Where the device's access was taken away: what became of what was kept here. */
  readonly farewell:
    | { readonly kind: 'handed-in'; readonly count: number; readonly left: number }
    | { readonly kind: 'erased' | 'not-handed-in' | 'elsewhere' | 'waiting' }
    | null
  /** A code is asked for; with `enrolment` an app that makes codes has to be set up first. */
  readonly secondFactor: { readonly enrolment: EnrolmentAnswer | null } | null
  /** Of a person of several clinics; empty when nothing is to be chosen. */
  readonly clinics: readonly OpenClinic[]
  /** Where patients may register; empty where they may not, and while nobody has answered. */
  readonly openClinics: readonly OpenClinic[]
  /** Milliseconds that this device's clock is off, where that is too much; null where it is right, or nobody has said. */
  readonly clockSkewMs: number | null
  /** Looks at the clocks again. */
  readonly onClock: () => void
  readonly accounts: Pick<AccountApi, 'askForPassword' | 'register'>
  readonly onCode: (code: string) => void
  readonly onClinic: (id: string) => void
  /** Back to the first step of the log-in. */
  readonly onStartOver: () => void
  readonly onSignIn: (email: string, password: string, isOwnDevice: boolean | undefined) => void
  readonly onUnlock: (userId: string, password: string) => void
  /** With the password from before, or without one: the data kept here is then given up. */
  readonly onPreviousPassword: (previousPassword: string | null) => void
  readonly onLook: () => void
  readonly onLanguage: (language: Language) => void
  /** Answers why an address is refused, or null after a change. Null where the host decides which server it is. */
  readonly onServer: ((address: string) => Promise<ServerRefusal | null>) | null
}

/** True when nobody can be asked but this computer. */
export const isOffline = (server: Reach): boolean => server === 'no-network' || server === 'server-unreachable'
