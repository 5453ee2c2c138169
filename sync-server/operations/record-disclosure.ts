/** Every answer that carries patient records leaves one audit row: who was given which documents (DESIGN, P8). */
import type { Subject } from '#domain/access/can.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { NoteAccess } from './access-audit.ts'

/** Collections whose documents say something about a patient; a refused change holds what its author wrote. */
const PATIENT_RECORDS: ReadonlySet<CollectionName> = new Set(['appointments', 'patients', 'rejected_changes'])

/** Notes what an answer is about to give away; resolves when that is durable. Tombstones give nothing away. */
export async function recordDisclosure(
  noteAccess: NoteAccess,
  { clinicId, userId }: Pick<Subject, 'clinicId' | 'userId'>,
  action: 'pulled' | 'push-answered',
  collection: CollectionName,
  documents: readonly { readonly id: string; readonly _deleted: boolean }[],
): Promise<void> {
  const documentIds = documents.filter(({ _deleted }) => !_deleted).map(({ id }) => id)
  if (documentIds.length === 0 || !PATIENT_RECORDS.has(collection)) return
  await noteAccess({ clinicId, userId, action, collection, documentIds })
}
