/** Who sees a document, and whose devices hold it: the same, but for what lies outside the replicated window of days. */
import { type Audience, audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import { isHeldNotice } from '#domain/message/notice.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import { dayOfDocument, isReplicated } from '#domain/sync/window.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { findWindow } from '#server/repositories/replication-windows.ts'
import { audiencesOfDocument } from './audiences-of-document.ts'
import type { WriteContext } from './write-context.ts'

type Context = Pick<WriteContext, 'tx' | 'clinicId' | 'now' | 'recall'>

/**
 * Those of a document's audiences whose devices hold it. The window stands on the day recorded for the clinic, not on the
 * clock's: so a write and the nightly move never disagree. Where none is recorded yet, every day is inside. What somebody was told
 * ages by the clock, and leaves by the nightly look (level-notices.ts) or with the next write.
 */
export async function replicatedAudiences<Name extends CollectionName>(
  ctx: Context,
  name: Name,
  document: Documents[Name],
): Promise<readonly Audience[]> {
  const audiences = await audiencesOfDocument(ctx, name, document)
  if (name === 'notifications') return isHeldNotice(document as Documents['notifications'], ctx.now) ? audiences : []
  const day = dayOfDocument(name, document)
  const today = day === null ? undefined : await windowDay(ctx)
  if (day === null || today === undefined) return audiences
  return audiences.filter((audience) => isReplicated(audience, day, today))
}

/** True when the subject sees the document but their devices do not hold it: it is too old, or too far ahead. */
export async function isOutOfReach<Name extends CollectionName>(
  ctx: Context,
  subject: Subject,
  name: Name,
  document: Documents[Name],
): Promise<boolean> {
  if (name !== 'notifications' && dayOfDocument(name, document) === null) return false
  const own: ReadonlySet<string> = new Set(audiencesFor(subject, name))
  const isOwn = (audience: Audience): boolean => own.has(audience)
  if ((await replicatedAudiences(ctx, name, document)).some(isOwn)) return false
  return (await audiencesOfDocument(ctx, name, document)).some(isOwn)
}

const windowDay = async ({ tx, clinicId, recall }: Context): Promise<LocalDay | undefined> =>
  (await recall('window', () => findWindow(tx, clinicId)))?.day
