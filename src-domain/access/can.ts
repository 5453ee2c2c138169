/** The one answer to "may this person do this to this row?", used by REST, pull, push, reports and exports. */
import type { ClinicId, DoctorId, PatientId, UserId } from '#domain/ids.ts'
import type { Grant, Permission } from './permissions.ts'
import type { Via } from './via.ts'

/** Who acts, in one clinic. `patientIds` are the subject's own patient rows and those they stand for. */
export type Subject = {
  readonly userId: UserId
  readonly clinicId: ClinicId
  readonly doctorId: DoctorId | null
  readonly patientIds: readonly PatientId[]
  readonly grants: readonly Grant[]
  /** How the subject came in; absent where nobody did, as in an import. Noted in the audit, and says for which device a time is kept; grants nothing. */
  readonly via?: Via
}

/** What a permission is asked about. A row without doctor or patient belongs to the clinic as a whole. */
export type RowScope = {
  readonly clinicId: ClinicId
  readonly doctorId?: DoctorId | null
  readonly patientId?: PatientId | null
}

/**
 * True when one of the subject's grants covers the row. The union of grants counts, with one exception: a row in which
 * the subject is the patient is judged by own-patient grants unless the subject also holds the permission for the clinic,
 * so that a doctor cannot use a doctor's rights on their own visit (DESIGN, section 3).
 */
export function can(subject: Subject, permission: Permission, row: RowScope): boolean {
  if (row.clinicId !== subject.clinicId) return false
  const held = subject.grants.filter((grant) => grant.permission === permission)
  if (held.some((grant) => grant.scope === 'clinic')) return true
  const isOwnPatient = row.patientId != null && subject.patientIds.includes(row.patientId)
  if (isOwnPatient) return held.some((grant) => grant.scope === 'own-patient')
  const isOwnDoctor = row.doctorId != null && row.doctorId === subject.doctorId
  return isOwnDoctor && held.some((grant) => grant.scope === 'own-doctor')
}

/** True when the subject holds the permission in any scope: decides what a screen offers, never what the server allows. */
export const mayEver = (subject: Subject, permission: Permission): boolean =>
  subject.grants.some((grant) => grant.permission === permission)
