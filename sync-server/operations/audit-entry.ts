import type { Via } from '#domain/access/via.ts'
import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

/** What somebody did that changes no document: signing in, reading. Codes and ids only. */
export type AuditEntry = {
  readonly clinicId: ClinicId
  readonly userId: UserId | null
  /** Door, session and device. */
  readonly via?: Via | undefined
  readonly action: string
  readonly at: Instant
  readonly collection?: string
  readonly documentIds?: readonly string[]
  readonly detail?: Readonly<Record<string, string | number | boolean>>
}

/** The part of an entry that says who it is about: of a subject, or of a session. */
export const byWhom = ({
  clinicId,
  userId,
  via,
}: Pick<AuditEntry, 'clinicId' | 'via'> & { readonly userId: UserId }) => ({
  clinicId,
  userId,
  via,
})
