/** Appointments in FHIR's words. */
import type { AppointmentParticipant, Appointment as FhirAppointment } from 'fhir/r4.js'
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { toFhirStatus } from '#domain/fhir/fhir-status.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import type { Directory } from '#server/operations/read-directory.ts'
import { identifierOf, metaOf, textOf } from './to-people.ts'

const instant = (at: Instant): string => new Date(at).toISOString()

/** The types of visit as codes; `code` of a type is the clinic's own, so each clinic is a system of its own. */
export const typeSystemOf = (clinicId: string): string => `urn:uuid:${clinicId}`

export const typeConcept = ({ clinicId, code, name }: AppointmentType) => ({
  coding: [{ system: typeSystemOf(clinicId), code, display: name }],
  text: name,
})

export function toFhirAppointment(appointment: Appointment, { types, doctors }: Directory): FhirAppointment {
  const { id, revision, updatedAt, status, start, end, createdAt, reason, note, cancelReason } = appointment
  const type = types.get(appointment.typeId)
  const holdsNoTime = status === 'unplaced'
  return {
    resourceType: 'Appointment',
    id,
    meta: metaOf(revision, updatedAt),
    identifier: [identifierOf(id)],
    status: toFhirStatus(status),
    ...(status === 'cancelled' && textOf(cancelReason) && { cancelationReason: { text: cancelReason } }),
    ...(type && { serviceType: [typeConcept(type)] }),
    ...(textOf(reason) && { reasonCode: [{ text: reason }] }),
    ...(!holdsNoTime && { start: instant(start), end: instant(end) }),
    minutesDuration: minutesBetween(start, end),
    created: instant(createdAt),
    ...(textOf(note) && { comment: note }),
    participant: participantsOf(appointment, doctors),
    // The time that was wanted, and is another's.
    ...(holdsNoTime && { requestedPeriod: [{ start: instant(start), end: instant(end) }] }),
  }
}

/** The patient is named by reference alone: who may not read the Patient learns no name here. */
function participantsOf(
  { doctorId, patientId, status }: Appointment,
  doctors: Directory['doctors'],
): AppointmentParticipant[] {
  const doctor = doctors.get(doctorId)?.person
  return [
    {
      actor: { reference: `Practitioner/${doctorId}`, ...(doctor && { display: doctor.name }) },
      required: 'required',
      status: DOCTOR_SAYS[status],
    },
    { actor: { reference: `Patient/${patientId}` }, required: 'required', status: PATIENT_SAYS[status] },
  ]
}

type Says = AppointmentParticipant['status']

/** A request waits for the clinic, never for the patient who made it. */
const DOCTOR_SAYS: Record<AppointmentStatus, Says> = {
  pending: 'needs-action',
  confirmed: 'accepted',
  arrived: 'accepted',
  fulfilled: 'accepted',
  noshow: 'accepted',
  cancelled: 'declined',
  unplaced: 'needs-action',
}
const PATIENT_SAYS: Record<AppointmentStatus, Says> = {
  pending: 'accepted',
  confirmed: 'accepted',
  arrived: 'accepted',
  fulfilled: 'accepted',
  noshow: 'accepted',
  cancelled: 'declined',
  unplaced: 'accepted',
}
