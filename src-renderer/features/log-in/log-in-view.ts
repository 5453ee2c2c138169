/** What the log-in screen shows and may ask for; `app` fills it from the session. */
export type LogInProblem =
  | 'wrong-credentials'
  | 'too-many-tries'
  | 'second-factor'
  | 'wrong-password-here'
  | 'nothing-kept-here'
  | 'lease-ended'
  | 'server-needed'
  | 'damaged'
  | 'refused'

export type ServerRefusal = 'not-a-server-address' | 'not-encrypted' | 'not-here'

export type Reach = 'unknown' | 'reachable' | 'no-network' | 'server-unreachable'

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
  readonly onSignIn: (email: string, password: string, isOwnDevice: boolean | undefined) => void
  readonly onUnlock: (userId: string, password: string) => void
  /** With the password from before, or without one: the data kept here is then given up. */
  readonly onPreviousPassword: (previousPassword: string | null) => void
  readonly onLook: () => void
  /** Answers why an address is refused, or null after a change. Null where the host decides which server it is. */
  readonly onServer: ((address: string) => Promise<ServerRefusal | null>) | null
}

/** True when nobody can be asked but this computer. */
export const isOffline = (server: Reach): boolean => server === 'no-network' || server === 'server-unreachable'
