/** Where a person stands between arriving and leaving. One state at a time; screens draw it, the controller changes it. */
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { EnrolmentAnswer } from '#domain/api/factor-schemas.ts'
import type { UserId } from '#domain/ids.ts'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import type { PatientDirectory } from '#renderer/local-db/patient-directory.ts'
import type { Salvage } from '#renderer/local-db/salvage.ts'
import type { SyncEngine } from '#renderer/local-db/sync-status.ts'
import type { Enrolment } from '#renderer/platform/types.ts'
import type { Farewell } from './revocation.ts'

export type ServerReach = 'unknown' | 'reachable' | 'no-network' | 'server-unreachable'

/** Why nobody was let in; each has its sentence in the catalogue under `log-in.problems`. */
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

/** Why a locked screen stays so. */
export type LockProblem =
  | Extract<
      LogInProblem,
      'wrong-password-here' | 'wrong-credentials' | 'server-needed' | 'wrong-code' | 'too-many-tries'
    >
  | 'needs-enrolment'

/** The local store of one person, as far as it is needed to take it apart. */
export type KeptStore = { readonly name: string; readonly userId: UserId; readonly key: CryptoKey }

export type SignedOut = {
  readonly phase: 'signed-out'
  readonly server: ServerReach
  readonly enrolments: readonly Enrolment[]
  /** Whose server session still stands; their password alone opens the data kept here. */
  readonly expectedUserId: string | null
  /** Whether to ask if the device is the person's own: the host decides, in a browser until it was answered. */
  readonly asksOwnDevice: boolean
  readonly isBusy: boolean
  readonly problem: LogInProblem | null
  /** The server's own sentence, where it says more than ours. */
  readonly serverMessage: string | null
  /** The password was right, and a code is asked for; with `enrolment` the code of an app that has to be set up first. */
  readonly secondFactor: { readonly enrolment: EnrolmentAnswer | null } | null
  /** Where a person of several clinics may sign in; empty when nothing is to be chosen. */
  readonly clinics: readonly ClinicChoice[]
  /** The server took a new password which does not open the data kept here: the one before does. */
  readonly needsPreviousPassword: boolean
  /** Where the device's access was taken away: what became of what was kept here. */
  readonly farewell: Farewell | null
}

export type ClinicChoice = { readonly id: string; readonly name: string }

/** What lives from opening to signing out, across locks. */
export type OpenSession = {
  readonly user: SignedInUser
  readonly database: LocalDatabase
  readonly sync: SyncEngine
  /** Whether the data outlives this window: encrypted on the device, or in memory only. */
  readonly isKept: boolean
  /** Null where the data is in memory only. */
  readonly store: KeptStore | null
  /** Resolves when something in the store is found not to be what was written. */
  readonly damaged: Promise<void>
}

export type SessionState =
  | { readonly phase: 'starting' }
  | SignedOut
  /** Signed in, and the codes that open the account without the authenticator app are shown this once. */
  | { readonly phase: 'recovery-codes'; readonly session: OpenSession; readonly codes: readonly string[] }
  | { readonly phase: 'open'; readonly session: OpenSession; readonly patients: PatientDirectory }
  | {
      readonly phase: 'locked'
      readonly session: OpenSession
      /** The server asks for a code beside the password. */
      readonly needsCode: boolean
      readonly isBusy: boolean
      readonly problem: LockProblem | null
    }
  /** The local store is damaged: what can be read of it is looked for, shown, saved, and the store built anew. */
  | DamagedState
  /** The device's access was taken away: nobody gets in, and the data stays until the server has answered. */
  | { readonly phase: 'revoked'; readonly session: OpenSession }

export type DamagedState = {
  readonly phase: 'damaged'
  /** Null while the store is being read. */
  readonly found: Salvage | null
  readonly step: 'asking' | 'saving' | 'waiting-for-server' | 'rebuilding'
  /** The file was not written: cancelled, or refused by the host. */
  readonly isUnsaved: boolean
}

export const SIGNED_OUT: SignedOut = {
  phase: 'signed-out',
  server: 'unknown',
  enrolments: [],
  expectedUserId: null,
  asksOwnDevice: false,
  isBusy: false,
  problem: null,
  serverMessage: null,
  secondFactor: null,
  clinics: [],
  needsPreviousPassword: false,
  farewell: null,
}
