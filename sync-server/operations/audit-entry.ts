import type { ClinicId, UserId } from '#domain/ids.ts'

/** What somebody did that changes no document: signing in, reading. Codes and ids only. */
export type AccessEntry = {
  readonly clinicId: ClinicId
  readonly userId: UserId | null
  readonly action: string
  readonly collection?: string
  readonly documentIds?: readonly string[]
}

/** Appends to the clinic's audit log; resolves when the row is durable, so that an answer can wait for it. */
export type AppendAudit = (entry: AccessEntry) => Promise<void>
