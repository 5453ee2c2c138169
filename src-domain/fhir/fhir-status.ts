/**
 * FHIR's words for the status of an appointment (R4, value set appointmentstatus) beside ours: the one place where both stand.
 * Both directions are total, so a new word on either side does not compile until the other has decided about it.
 */
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'

export const FHIR_APPOINTMENT_STATUSES = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
] as const
export type FhirAppointmentStatus = (typeof FHIR_APPOINTMENT_STATUSES)[number]

const TO_FHIR = {
  pending: 'pending',
  confirmed: 'booked',
  arrived: 'arrived',
  fulfilled: 'fulfilled',
  noshow: 'noshow',
  cancelled: 'cancelled',
  // It holds no time and waits to be given one, which is what FHIR's word says.
  unplaced: 'waitlist',
} as const satisfies Record<AppointmentStatus, FhirAppointmentStatus>

/** What a status that a FHIR client sends asks for; null where we have nothing of that kind. */
const FROM_FHIR = {
  proposed: 'pending',
  pending: 'pending',
  booked: 'confirmed',
  arrived: 'arrived',
  'checked-in': 'arrived',
  fulfilled: 'fulfilled',
  noshow: 'noshow',
  cancelled: 'cancelled',
  waitlist: 'unplaced',
  // What was entered is corrected or cancelled, and stays on record.
  'entered-in-error': null,
} as const satisfies Record<FhirAppointmentStatus, AppointmentStatus | null>

export const toFhirStatus = (status: AppointmentStatus): FhirAppointmentStatus => TO_FHIR[status]

export const fromFhirStatus = (status: FhirAppointmentStatus): AppointmentStatus | null => FROM_FHIR[status]

/** Whether the text is a word of FHIR's value set. */
export const isFhirStatus = (text: string): text is FhirAppointmentStatus => Object.hasOwn(FROM_FHIR, text)

/** Our statuses that are answered with one of FHIR's words: what a search for that word looks for. */
export const statusesShownAs = (word: FhirAppointmentStatus): readonly AppointmentStatus[] =>
  (Object.keys(TO_FHIR) as AppointmentStatus[]).filter((status) => TO_FHIR[status] === word)
