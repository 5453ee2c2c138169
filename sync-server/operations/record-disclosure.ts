/** Every answer that carries patient records leaves one audit row: who was given which documents (DESIGN, P8). */
import type { Subject } from '#domain/access/can.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { PATIENT_RECORDS } from '#domain/sync/patient-records.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

/** Notes what an answer is about to give away; resolves when that is durable. Tombstones give nothing away. */
export async function recordDisclosure(
  noteAccess: NoteAccess,
  subject: Pick<Subject, 'clinicId' | 'userId' | 'via'>,
  action: 'pulled' | 'push-answered' | 'read',
  collection: CollectionName,
  documents: readonly { readonly id: string; readonly _deleted: boolean }[],
): Promise<void> {
  const documentIds = documents.filter(({ _deleted }) => !_deleted).map(({ id }) => id)
  if (documentIds.length === 0 || !PATIENT_RECORDS.has(collection)) return
  await noteAccess({ ...byWhom(subject), action, collection, documentIds })
}
