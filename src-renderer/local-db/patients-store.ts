/** What the desk does to patients, and the inbox of refused changes; written to the local database first. */
import { can } from '#domain/access/can.ts'
import type { PatientId, RejectedChangeId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { type Desk, newId, subjectOf } from './desk.ts'
import { type LocalRefusal, refuse } from './place-check.ts'

export type LocalPatientWrite = { readonly ok: true; readonly patient: Patient } | LocalRefusal

export type PatientDetails = Pick<Patient, 'name'> &
  Partial<Pick<Patient, 'birthDate' | 'gender' | 'phone' | 'email' | 'alerts' | 'note'>>

/** Adds a patient to the clinic's list. */
export async function addPatientLocally(desk: Desk, details: PatientDetails): Promise<LocalPatientWrite> {
  const { clinic } = desk.user
  if (!can(subjectOf(desk.user), 'manage-patients', { clinicId: clinic.id })) return refuse('not-allowed')
  const name = details.name.trim()
  if (name === '') return refuse('invalid-document', 'name')
  const patient: Patient = {
    id: newId<'Patient'>(desk.now()),
    clinicId: clinic.id,
    userId: null,
    birthDate: null,
    gender: 'unknown',
    phone: '',
    email: '',
    alerts: [],
    note: '',
    ...details,
    name,
    revision: 0,
  }
  await desk.database.patients.insert(patient)
  return { ok: true, patient }
}

/** Changes what is known of a patient. */
export async function editPatientLocally(
  desk: Desk,
  id: PatientId,
  details: Partial<PatientDetails>,
): Promise<LocalPatientWrite> {
  const scope = { clinicId: desk.user.clinic.id, patientId: id }
  if (!can(subjectOf(desk.user), 'manage-patients', scope)) return refuse('not-allowed')
  const document = await desk.database.patients.findOne(id).exec()
  if (!document) return refuse('not-found')
  if (details.name?.trim() === '') return refuse('invalid-document', 'name')
  const written = await document.incrementalModify((current) => ({ ...current, ...details }))
  return { ok: true, patient: written.toJSON() as Patient }
}

/** Takes a refused change out of the inbox: its author has dealt with it. */
export async function dismissRejection({ database }: Desk, id: RejectedChangeId): Promise<void> {
  await (await database.rejected_changes.findOne(id).exec())?.remove()
}
