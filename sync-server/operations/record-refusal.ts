/** A request that was refused leaves an audit row: who tried what, and why not. Codes and ids only, as everywhere in the audit. */

import type { Via } from '#domain/access/via.ts'
import { type ClinicId, isId, type UserId } from '#domain/ids.ts'
import type { NoteAccess } from './access-audit.ts'

export type Refusal = {
  /** Method and pattern of the route, never the address that was asked for. */
  readonly attempted: string
  readonly code: string
  /** Ids in the address, whether or not they name anything. */
  readonly ids: readonly unknown[]
}

/** Resolves when the row is durable. */
export async function recordRefusal(
  noteAccess: NoteAccess,
  { clinicId, userId, via }: { readonly clinicId: ClinicId; readonly userId: UserId; readonly via: Via },
  { attempted, code, ids }: Refusal,
): Promise<void> {
  const documentIds = ids.filter((id): id is string => typeof id === 'string' && isId(id))
  await noteAccess({ clinicId, userId, via, action: 'refused', documentIds, detail: { attempted, code } })
}
