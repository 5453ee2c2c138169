/** What has been decided about a visit that is being booked, one decision after the other. */
import type { SlotAnswer } from '#domain/api/slot-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'

export type Draft = {
  readonly patientId: PatientId | null
  readonly typeId: AppointmentTypeId | null
  /** `any`: whoever is free first. */
  readonly doctorId: DoctorId | 'any' | null
  readonly slot: SlotAnswer | null
}

/** Where a booking begins: what is settled beforehand is not asked. */
export type Start = Partial<Pick<Draft, 'patientId' | 'typeId' | 'doctorId'>> & {
  /** The visit that gets another time; it keeps the old one until the new one stands. */
  readonly moving?: Appointment
}

export type Step = 'patient' | 'reason' | 'doctor' | 'time' | 'check'

/** @param patientIds whom the person may book for; one of them alone is no question */
export const draftOf = (start: Start, patientIds: readonly PatientId[]): Draft => ({
  patientId: start.patientId ?? (patientIds.length === 1 ? (patientIds[0] ?? null) : null),
  typeId: start.typeId ?? null,
  doctorId: start.doctorId ?? null,
  slot: null,
})

/** The first thing that is not decided yet. */
export function stepOf({ patientId, typeId, doctorId, slot }: Draft): Step {
  if (patientId === null) return 'patient'
  if (typeId === null) return 'reason'
  if (doctorId === null) return 'doctor'
  return slot === null ? 'time' : 'check'
}

const FIELDS = ['slot', 'doctorId', 'typeId', 'patientId'] as const

/** Takes the last decision back; null when there is none to take back. */
export function stepBack(draft: Draft, first: Draft): Draft | null {
  const last = FIELDS.find((field) => draft[field] !== first[field])
  return last === undefined ? null : { ...draft, [last]: first[last] }
}
