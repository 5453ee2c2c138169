import type { Subject } from '#domain/access/can.ts'
import type { Resource } from '#domain/api/resource.ts'
import { contentText } from '#domain/sync/canonical.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { PATIENT_RECORDS } from '#domain/sync/patient-records.ts'
import { checkDocument } from '#server/operations/check-document.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { findVisible } from '#server/operations/find-visible.ts'
import { lockDocument } from '#server/operations/save-document.ts'
import { type SeenRevision, wasSeen } from '#server/operations/seen-revision.ts'
import type { Outcome, WriteContext } from '#server/operations/write-context.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { brokenDay } from './broken-day.ts'
import { applyResource } from './resource-rules.ts'
import type { Written } from './written.ts'

type Deps = { readonly writer: ClinicWriter }
type Body = Readonly<Record<string, unknown>>

/**
 * Makes a new one. An `id` of the client's that is taken is a refusal, unless the document under it is the one asked for: then
 * the first answer was lost, and is given again.
 */
export function createResource(
  deps: Deps,
  subject: Subject,
  { collection, defaults, blanks }: Resource,
  { id, ...fields }: Body,
): Promise<Written> {
  return submit(deps, subject, async (ctx) => {
    const wanted = {
      ...defaults,
      ...blanks,
      ...fields,
      id: id ?? ctx.newId(),
      clinicId: ctx.clinicId,
      _deleted: false,
    } as WireDocument
    const taken = id === undefined ? undefined : await findDocument(ctx.tx, collection, wanted.id)
    if (!taken) return store(ctx, subject, collection, null, wanted)
    const visible = await findVisible(ctx.tx, subject, collection, wanted.id)
    const isRepeat = visible !== undefined && contentText({ ...visible, ...fields }) === contentText(visible)
    return isRepeat ? unchanged(ctx, collection, visible) : refuse('already-exists', 'id')
  })
}

/** Changes the fields that are given. What the author may not see is `not-found`, whatever it is. */
export function changeResource(
  deps: Deps,
  subject: Subject,
  { collection }: Resource,
  id: string,
  { revision, ...fields }: Body & { readonly revision: SeenRevision },
): Promise<Written> {
  return submit(deps, subject, async (ctx) => {
    const current = await lockVisible(ctx, subject, collection, id)
    if (!current) return refuse('not-found')
    if (!wasSeen(revision, current.revision)) return refuse('stale-revision', 'revision')
    const wanted = { ...current, ...fields } as WireDocument
    if (contentText(wanted) === contentText(current)) return unchanged(ctx, collection, current)
    return store(ctx, subject, collection, current, wanted)
  })
}

/** Takes one away, the way its kind is taken away. */
export function removeResource(
  deps: Deps,
  subject: Subject,
  { collection, removal }: Resource,
  id: string,
  seen: SeenRevision,
): Promise<Written> {
  return submit(deps, subject, async (ctx) => {
    const current = await lockVisible(ctx, subject, collection, id)
    if (!current) return refuse('not-found')
    if (!wasSeen(seen, current.revision)) return refuse('stale-revision', 'revision')
    const wanted = { ...current, ...(removal === 'switch-off' ? { isActive: false } : { _deleted: true }) }
    if (contentText(wanted) === contentText(current)) return unchanged(ctx, collection, current)
    return applyResource(ctx, subject, collection, current, wanted as WireDocument)
  })
}

function submit({ writer }: Deps, subject: Subject, run: (ctx: WriteContext) => Promise<Written>): Promise<Written> {
  return writer.submit<Written>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx): Promise<Outcome<Written>> => {
      const value = await run(ctx)
      return { ok: value.ok, value }
    },
  })
}

async function lockVisible(ctx: WriteContext, subject: Subject, collection: Resource['collection'], id: string) {
  return (await findVisible(ctx.tx, subject, collection, id)) && lockDocument(ctx, collection, id)
}

async function store(
  ctx: WriteContext,
  subject: Subject,
  collection: Resource['collection'],
  current: WireDocument | null,
  wanted: WireDocument,
): Promise<Written> {
  const checked = checkDocument(collection, wanted)
  if (!checked.ok) return refuse('invalid-document', checked.field)
  const day = brokenDay(collection, wanted)
  if (day !== undefined) return refuse('invalid-document', day)
  return applyResource(ctx, subject, collection, current, wanted)
}

/** An answer that shows a patient's record without having written it leaves an audit row all the same. */
function unchanged(ctx: WriteContext, collection: Resource['collection'], stored: WireDocument): Written {
  if (PATIENT_RECORDS.has(collection)) {
    ctx.addAudit({ userId: ctx.subject?.userId ?? null, action: 'read', collection, documentIds: [stored.id] })
  }
  return { ok: true, stored }
}

const refuse = (reason: Extract<Written, { ok: false }>['rejection']['reason'], field?: string): Written => ({
  ok: false,
  rejection: { reason, ...(field !== undefined && { field }) },
})
