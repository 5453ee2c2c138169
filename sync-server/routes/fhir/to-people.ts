/** Doctors and patients in FHIR's words. */
import type { Patient as FhirPatient, Identifier, Meta, Practitioner } from 'fhir/r4.js'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { Instant } from '#domain/time/instant.ts'

type Seen<Person> = { readonly person: Person; readonly updatedAt: Instant }

/** The id as an identifier that is the same everywhere (RFC 3986 and RFC 9562). */
export const URI_SYSTEM = 'urn:ietf:rfc:3986'
export const identifierOf = (id: string): Identifier => ({ system: URI_SYSTEM, value: `urn:uuid:${id}` })

export const metaOf = (revision: number, updatedAt: Instant): Meta => ({
  versionId: String(revision),
  lastUpdated: new Date(updatedAt).toISOString(),
})

/** FHIR knows no empty text. */
export const textOf = (text: string): string | undefined => (text.trim() === '' ? undefined : text)

/** Names are one text here, as people gave them: they are not taken apart into family and given. */
const namesOf = (name: string) => [{ text: name }]

export function toPractitioner({ person, updatedAt }: Seen<Doctor>): Practitioner {
  const { id, revision, name, specialization, languages, isActive } = person
  const spoken = languages.filter((code) => textOf(code) !== undefined)
  return {
    resourceType: 'Practitioner',
    id,
    meta: metaOf(revision, updatedAt),
    identifier: [identifierOf(id)],
    active: isActive,
    name: namesOf(name),
    ...(textOf(specialization) && { qualification: [{ code: { text: specialization } }] }),
    ...(spoken.length > 0 && {
      communication: spoken.map((code) => ({ coding: [{ system: 'urn:ietf:bcp:47', code }] })),
    }),
  }
}

/** Alerts and notes are the clinic's own and stay there. */
export function toFhirPatient({ person, updatedAt }: Seen<Patient>): FhirPatient {
  const { id, revision, name, birthDate, gender, phone, email } = person
  const telecom = [
    ...(textOf(phone) ? [{ system: 'phone' as const, value: phone }] : []),
    ...(textOf(email) ? [{ system: 'email' as const, value: email }] : []),
  ]
  return {
    resourceType: 'Patient',
    id,
    meta: metaOf(revision, updatedAt),
    identifier: [identifierOf(id)],
    name: namesOf(name),
    gender,
    ...(telecom.length > 0 && { telecom }),
    ...(birthDate !== null && { birthDate }),
  }
}
