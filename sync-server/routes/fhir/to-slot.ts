/** Times of doctors' hours in FHIR's words. */
import type { Slot } from 'fhir/r4.js'
import { toFhirSlotStatus } from '#domain/fhir/slot-status.ts'
import type { FoundSlot } from '#server/operations/find-stated-slots.ts'
import type { Directory } from '#server/operations/read-directory.ts'
import { typeConcept } from './to-appointment.ts'

export function toFhirSlot({ id, doctorId, typeId, start, end, isFree }: FoundSlot, { types }: Directory): Slot {
  const type = types.get(typeId)
  return {
    resourceType: 'Slot',
    id,
    ...(type && { serviceType: [typeConcept(type)] }),
    schedule: { reference: `Schedule/${doctorId}` },
    status: toFhirSlotStatus(isFree),
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
  }
}
