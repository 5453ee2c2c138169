import Type from 'typebox'
import type { Instant } from '#domain/time/instant.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import type { ReadDeps } from '#server/operations/find-appointments.ts'
import type { ReadMemory } from '#server/operations/read-memory.ts'
import type { BaseUrl } from './fhir-request.ts'

export type FhirDeps = ReadDeps &
  BookingDeps & { readonly memory: ReadMemory; readonly now: () => Instant; readonly baseUrl: BaseUrl }

const answer = (description: string) => ({
  description,
  content: { 'application/fhir+json': { schema: Type.Unknown() } },
})
/** Resources are described by FHIR itself; the API's description says so and stays short. */
export const resourceAnswers = {
  '2xx': answer('A FHIR R4 resource'),
  '4xx': answer('An OperationOutcome that says what is wrong with the request'),
  '5xx': answer('An OperationOutcome: try again later'),
}
export const fhirTags = ['fhir']
