import type { ClinicId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

/** What somebody did that changes no document: signing in, reading. Codes and ids only. */
export type AuditEntry = {
  readonly clinicId: ClinicId
  readonly userId: UserId | null
  readonly action: string
  readonly at: Instant
  readonly collection?: string
  readonly documentIds?: readonly string[]
  readonly detail?: Readonly<Record<string, string | number | boolean>>
}
