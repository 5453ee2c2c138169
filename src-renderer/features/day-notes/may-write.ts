import { can } from '#domain/access/can.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'

/** Whether this person may pin a note to the day of one doctor, or with null to everybody's. */
export const mayWriteFor = ({ subject }: Clinic, doctorId: DoctorId | null): boolean =>
  can(subject, 'manage-day-notes', { clinicId: subject.clinicId, doctorId })
