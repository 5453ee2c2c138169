/** `kept_changes`: what an author wanted of a document they may no longer see, for the clinic's eyes only. */
import type { ClinicId, RejectedChangeId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { insertIgnore, type Tx } from '#server/database/dialect.ts'

export type KeptChange = {
  readonly rejectedChangeId: RejectedChangeId
  readonly clinicId: ClinicId
  /** Canonical JSON. */
  readonly attempted: string
  readonly base: string | null
  readonly at: Instant
}

/** Keeps a change; the same refusal met again is kept once. */
export async function keepChange(
  tx: Tx,
  { rejectedChangeId, clinicId, attempted, base, at }: KeptChange,
): Promise<void> {
  await insertIgnore(tx, 'kept_changes', {
    rejected_change_id: rejectedChangeId,
    clinic_id: clinicId,
    attempted,
    base,
    at,
  })
}
