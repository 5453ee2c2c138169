/** Whose data was erased: asked before anything about a patient is written or kept. */
import type { WireDocument } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listErasedPatientIds } from '#server/repositories/erasures.ts'
import type { WriteContext } from './write-context.ts'

/** True when the id is that of a patient whose data was erased. Remembered between writes: it changes under the clinic's lock. */
export async function isErased({ tx, clinicId, recall }: WriteContext, patientId: string): Promise<boolean> {
  const erased = await recall('erased patients', async () => new Set<string>(await listErasedPatientIds(tx, clinicId)))
  return erased.has(patientId)
}

/** True when a pushed row says something of such a patient, by its own words, by its base or by what is stored. */
export async function isAboutErased(
  ctx: WriteContext,
  collection: string,
  { newDocumentState: wanted, assumedMasterState: base }: PushRow,
): Promise<boolean> {
  const ids = [wanted.id, patientOf(wanted), patientOf(base)]
  if (collection === 'appointments') ids.push((await findDocument(ctx.tx, 'appointments', wanted.id))?.patientId)
  for (const id of ids) if (typeof id === 'string' && (await isErased(ctx, id))) return true
  return false
}

const patientOf = (document: object | null | undefined): unknown =>
  (document as Partial<WireDocument<'appointments'>> | null | undefined)?.patientId
