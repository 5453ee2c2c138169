/** FHIR's words for the status of a slot (R4, value set slotstatus). Only two of them ever apply here. */
export const FHIR_SLOT_STATUSES = ['free', 'busy', 'busy-unavailable', 'busy-tentative', 'entered-in-error'] as const
export type FhirSlotStatus = (typeof FHIR_SLOT_STATUSES)[number]

export const toFhirSlotStatus = (isFree: boolean): FhirSlotStatus => (isFree ? 'free' : 'busy')

/** Whether the text is a word of FHIR's value set. */
export const isFhirSlotStatus = (text: string): text is FhirSlotStatus =>
  (FHIR_SLOT_STATUSES as readonly string[]).includes(text)
