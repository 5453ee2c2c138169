/** What the operations on accounts are given. `build-server.ts` makes it once. */
import type { ClinicId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { Attempts } from '#server/operations/attempt-limits.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import type { MailRelay } from '#server/operations/mail-relay.ts'
import type { NewId } from '#server/operations/new-id.ts'
import type { Passwords } from '#server/operations/passwords.ts'
import type { Seal } from '#server/operations/seal.ts'
import type { HashCode } from '#server/operations/secrets.ts'

export type AccountDeps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly passwords: Passwords
  readonly audit: NoteAccess
  readonly mailSeal: Seal
  readonly tokenSeal: Seal
  /** Of the shared secrets of second factors. */
  readonly factorSeal: Seal
  readonly hashCode: HashCode
  /** Kicked after every commit that queued a mail. */
  readonly mails: Pick<MailRelay, 'kick'>
  /** The address of one of the product's own pages, as people open it. */
  readonly linkTo: (path: string) => string
  readonly limits: AccountLimits
  /** Told when sessions have ended, so that their sockets close at once. */
  readonly onSessionsEnded: (ids: readonly Id<'Session'>[]) => void
  /** The same for a device whose access was taken away: its sockets learn why. */
  readonly onDeviceRevoked: (ended: readonly Id<'Session'>[]) => void
  /** Told when a person's rights in a clinic have changed, so that nothing remembers the old ones. */
  readonly onRightsChanged: (clinicId: ClinicId, userIds: readonly UserId[]) => void
}

export type AccountLimits = {
  /** Requests that write to an address: reset, registration, change of address. */
  readonly mails: Attempts
  /** The current password, asked again of somebody who is signed in. */
  readonly password: Attempts
  readonly linkCode: Attempts
  readonly secondFactor: Attempts
}

/** Too many tries of the same kind; when the next one may come. */
export type TooMany = { readonly ok: false; readonly reason: 'too-many-attempts'; readonly retryAfterSeconds: number }
export const tooMany = (retryAfterSeconds: number): TooMany => ({
  ok: false,
  reason: 'too-many-attempts',
  retryAfterSeconds,
})

/** An expected failure: a code of the error table, and the field it is about. */
export type Refused<Reason extends string> = { readonly ok: false; readonly reason: Reason; readonly field?: string }
export const refuse = <Reason extends string>(reason: Reason, field?: string): Refused<Reason> => ({
  ok: false,
  reason,
  ...(field !== undefined && { field }),
})
