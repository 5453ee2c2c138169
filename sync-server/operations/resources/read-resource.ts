import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { Resource } from '#domain/api/resource.ts'
import { rangeOn } from '#domain/schedule/working-hours.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { toLocal, type Zone } from '#domain/time/clinic-time.ts'
import type { Database } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { findVisible } from '#server/operations/find-visible.ts'
import { recordDisclosure } from '#server/operations/record-disclosure.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { type Condition, listVisible, type PageOf, type PageQuestion } from '#server/repositories/visible-documents.ts'

type Deps = { readonly database: Database; readonly audit: NoteAccess }

/** A document as it is answered. */
export type View = Readonly<Record<string, unknown>> & { readonly id: string; readonly revision: number }

type Question = {
  /** What the list is narrowed down to, by the names of the resource's filters. */
  readonly filters: Readonly<Record<string, string | number | boolean>>
  readonly limit: number
  readonly after: PageQuestion['after']
}

/** A page of what the subject sees. Durable in the audit log before it returns, where it tells of patients. */
export async function listResource(
  { database, audit }: Deps,
  subject: Subject,
  { collection, filters, order }: Resource,
  { filters: wanted, limit, after }: Question,
): Promise<PageOf<View>> {
  const conditions = Object.entries(wanted).flatMap(([name, value]): Condition[] => {
    const filter = filters[name]
    return filter ? [{ field: filter.field, by: filter.by, value }] : []
  })
  const { clinicId } = subject
  const audiences = audiencesFor(subject, collection)
  const page = await database.read(async (tx) => {
    const { zone } = await getClinic(tx, clinicId)
    const found = await listVisible(tx, collection, { clinicId, audiences, conditions, order, limit, after })
    return { ...found, zone }
  })
  await recordDisclosure(audit, subject, 'read', collection, page.items)
  return { items: page.items.map((document) => toView(document, page.zone)), last: page.last }
}

/** One of them; undefined when there is none or the subject does not see it. */
export async function findResource(
  { database, audit }: Deps,
  subject: Subject,
  { collection }: Resource,
  id: string,
): Promise<View | undefined> {
  const found = await database.read(async (tx) => {
    const document = await findVisible(tx, subject, collection, id)
    return document && { document, zone: (await getClinic(tx, subject.clinicId)).zone }
  })
  if (!found) return undefined
  await recordDisclosure(audit, subject, 'read', collection, [found.document])
  return toView(found.document, found.zone)
}

/** A document that was just written, as it is answered. */
export function viewResource({ database }: Pick<Deps, 'database'>, document: WireDocument): Promise<View> {
  return database.read(async (tx) => toView(document, (await getClinic(tx, document.clinicId)).zone))
}

/** Without the mark that only replication needs; a schedule also with its time on the clinic's wall. */
function toView({ _deleted: _, ...document }: WireDocument, clinicZone: Zone): View {
  if (!('isAvailable' in document)) return document
  return { ...document, time: toLocal(rangeOn(document.date, document).start, clinicZone).time }
}
