import type { Audience } from '#domain/access/audiences.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { upsertViews } from '#server/repositories/document-views.ts'
import type { WriteContext } from './write-context.ts'

/**
 * Gives a document its next place in the order of changes, for those who see it from now on and those who saw it before.
 * An audience that never saw it gets no row: a device that never held a document has no use for its stub. The place is taken
 * also when there is nobody to tell, because the count is how other instances notice that something was written.
 */
export async function writeViews(
  ctx: WriteContext,
  collection: CollectionName,
  documentId: string,
  seenBefore: readonly Audience[],
  seenNow: readonly Audience[],
): Promise<void> {
  const seq = ctx.nextSeq()
  const audiences = [...new Set([...seenBefore, ...seenNow])]
  if (audiences.length === 0) return
  const views = audiences.map((audience) => ({ audience, seq, isVisible: seenNow.includes(audience) }))
  await upsertViews(ctx, { clinicId: ctx.clinicId, collection, documentId }, views)
  ctx.touch(collection, audiences)
}
