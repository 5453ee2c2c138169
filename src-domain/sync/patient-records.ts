/** Which collections say something about a patient: every answer that carries one of their documents is audited. */
import { COLLECTION_NAMES, type CollectionName, definitionOf } from './collections.ts'

/** By what their documents hold, so that a new collection with a patient in it counts from its first day. */
function saysSomethingAboutPatients(name: CollectionName): boolean {
  // A refused change holds what its author wrote of whatever document.
  if (name === 'patients' || name === 'rejected_changes') return true
  const { properties } = definitionOf(name).schema
  return 'patientId' in properties || 'appointmentId' in properties
}

export const PATIENT_RECORDS: ReadonlySet<CollectionName> = new Set(COLLECTION_NAMES.filter(saysSomethingAboutPatients))
