import type { Subject } from '#domain/access/can.ts'
import type { CollectionName, WireDocument } from '#domain/sync/collections.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import type { WriteContext } from '#server/operations/write-context.ts'

export type ResourceRejection = Omit<Rejection, 'reason'> & {
  readonly reason: Rejection['reason'] | 'already-exists'
}
/** The document as it stands now, or why it stays as it was. */
export type Written<Name extends CollectionName = CollectionName> =
  | { readonly ok: true; readonly stored: WireDocument<Name> }
  | { readonly ok: false; readonly rejection: ResourceRejection }

export type Rule<Name extends CollectionName> = (
  ctx: WriteContext,
  subject: Subject,
  current: WireDocument<Name> | null,
  wanted: WireDocument<Name>,
) => Promise<Written<Name>>
