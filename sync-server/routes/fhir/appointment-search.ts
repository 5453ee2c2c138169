/** Search parameters of Appointment, as criteria of the operation that searches. */
import type { FastifyRequest } from 'fastify'
import { isFhirStatus, statusesShownAs } from '#domain/fhir/fhir-status.ts'
import { type AppointmentId, type DoctorId, isId, type PatientId } from '#domain/ids.ts'
import type { Zone } from '#domain/time/clinic-time.ts'
import type { AppointmentCriteria, AppointmentPlace } from '#server/operations/search-appointments.ts'
import { FhirError } from './fhir-error.ts'
import { idsOf } from './fhir-ids.ts'
import { badValue, idInReference, type Search, searchOf } from './fhir-request.ts'
import { boundsOf, inAll, referencesIn } from './search-values.ts'

export const APPOINTMENT_PARAMETERS = [
  '_id',
  'identifier',
  '_lastUpdated',
  'date',
  'status',
  'actor',
  'practitioner',
  'patient',
] as const

/** @throws FhirError for a value that cannot be understood */
export function appointmentCriteria(search: Search, base: string, zone: Zone): AppointmentCriteria {
  const ids = idsOf<AppointmentId>(search)
  const doctorIds = peopleOf<DoctorId>(search, 'practitioner', 'Practitioner', base)
  const patientIds = peopleOf<PatientId>(search, 'patient', 'Patient', base)
  const words = search.all('status').map(wordsOf)
  return {
    ...(ids && { ids }),
    ...(doctorIds && { doctorIds }),
    ...(patientIds && { patientIds }),
    ...(words.length > 0 && { statuses: inAll(words) }),
    start: boundsOf(search, 'date', zone),
    updated: boundsOf(search, '_lastUpdated', zone),
  }
}

/**
 * The condition of a conditional create (`If-None-Exist: date=…&patient=…`).
 * @returns undefined without the header
 */
export function conditionOf(request: FastifyRequest, base: string, zone: Zone): AppointmentCriteria | undefined {
  const text = request.headers['if-none-exist']
  if (text === undefined) return undefined
  const search = searchOf([...new URLSearchParams([text].flat().join('&'))], APPOINTMENT_PARAMETERS)
  if (search.used.length === 0) throw new FhirError(400, 'required', 'If-None-Exist must name at least one parameter.')
  return appointmentCriteria(search, base, zone)
}

const wordsOf = (value: string) =>
  value.split(',').flatMap((word) => {
    if (!isFhirStatus(word)) throw badValue('status')
    return statusesShownAs(word)
  })

/** The doctors or the patients asked for, by their own parameter and by `actor`, whose value names people of one kind. */
function peopleOf<Id extends string>(search: Search, parameter: string, type: string, base: string): Id[] | undefined {
  const own = referencesIn(search, parameter, type, base)
  const lists = [...own, ...search.all('actor').flatMap((value) => actorsOf(value, type, base))]
  return lists.length === 0 ? undefined : (inAll(lists).filter(isId) as Id[])
}

function actorsOf(value: string, type: string, base: string): string[][] {
  const texts = value.split(',')
  const ofType = texts.flatMap((text) => idInReference(text, type, base) ?? [])
  if (ofType.length === texts.length) return [ofType]
  const other = type === 'Patient' ? 'Practitioner' : 'Patient'
  if (texts.every((text) => idInReference(text, other, base) !== undefined)) return []
  throw badValue('actor')
}

/** Where the next page begins, as links carry it. */
export const placeText = ({ start, id }: AppointmentPlace): string => `${start}.${id}`

export function parsePlace(text: string | undefined): AppointmentPlace | undefined {
  if (text === undefined) return undefined
  const [, start = '', id = ''] = /^(\d{1,13})\.(.+)$/.exec(text) ?? []
  if (!isId(id)) throw badValue('_after')
  return { start: Number(start), id: id as AppointmentId }
}
