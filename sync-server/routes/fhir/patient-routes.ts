/** Patient: read and search. */
import type { PatientId } from '#domain/ids.ts'
import { GENDERS, type Patient } from '#domain/people/people-schemas.ts'
import { isLocalDay } from '#domain/time/clinic-time.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { type PatientSearch, searchPatients } from '#server/operations/search-patients.ts'
import { searchBundle } from './bundle.ts'
import { type FhirDeps, fhirTags, resourceAnswers } from './fhir-deps.ts'
import { idParams, idsOf, oneId } from './fhir-ids.ts'
import { sendJson, sendResource } from './fhir-reply.ts'
import { badValue, readSearch, type Search, searchQuery } from './fhir-request.ts'
import { toFhirPatient } from './to-people.ts'

const PATIENT_PARAMETERS = [
  '_id',
  'identifier',
  'name',
  'family',
  'given',
  'birthdate',
  'gender',
  'telecom',
  'email',
  'phone',
]

export function registerPatientRoutes(app: App, deps: FhirDeps): void {
  const config = { permission: 'view-patients' } as const
  app.get(
    '/Patient',
    {
      config,
      schema: {
        tags: fhirTags,
        summary: 'Search patients, as the caller may see them',
        querystring: searchQuery(...PATIENT_PARAMETERS),
        response: resourceAnswers,
      },
    },
    async (request, reply) => {
      const search = readSearch(request, PATIENT_PARAMETERS)
      const page = { limit: search.count, after: search.after as PatientId | undefined }
      const subject = await getSession(request).subject()
      const { items, total, next } = await searchPatients(deps, subject, patientSearch(search), page)
      const results = { resources: items.map(toFhirPatient), total, next }
      return sendJson(reply, searchBundle(deps.baseUrl(request), 'Patient', search, results))
    },
  )
  app.get(
    '/Patient/:id',
    {
      config,
      schema: { tags: fhirTags, summary: 'One patient', params: idParams, response: resourceAnswers },
    },
    async (request, reply) => {
      const ids = oneId<PatientId>(request)
      const subject = await getSession(request).subject()
      const { items } = await searchPatients(deps, subject, { ids }, { limit: 1 })
      const [patient] = items
      if (!patient) throw new ApiError('not-found')
      return sendResource(request, reply, toFhirPatient(patient))
    },
  )
}

function patientSearch(search: Search): PatientSearch {
  const ids = idsOf<PatientId>(search)
  const born = bornBetween(search.all('birthdate'))
  const genders = search.all('gender')
  if (genders.length > 1 || genders.some((word) => !(GENDERS as readonly string[]).includes(word)))
    throw badValue('gender')
  const [gender] = genders as Patient['gender'][]
  return {
    ...(ids && { ids }),
    ...born,
    ...(gender !== undefined && { gender }),
    names: ['name', 'family', 'given'].flatMap((name) => search.all(name)),
    contacts: ['telecom', 'email', 'phone'].flatMap((name) => search.all(name)).map(valueOfToken),
  }
}

const valueOfToken = (token: string): string => token.slice(token.indexOf('|') + 1)

/** A birth date is a day, and is compared as one: no zone is involved. */
function bornBetween(values: readonly string[]): Pick<PatientSearch, 'bornFrom' | 'bornUntil'> {
  let born: { bornFrom?: string; bornUntil?: string } = {}
  for (const value of values) {
    const [, prefix = 'eq', text = ''] = /^(eq|ge|le)?(.*)$/.exec(value) ?? []
    const from = text.length === 10 ? text : `${text.padEnd(7, '-01')}-01`
    const until = text.length === 10 ? text : text.length === 4 ? `${text}-12-31` : `${text}-31`
    if (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(text) || !isLocalDay(from)) throw badValue('birthdate')
    born = {
      ...born,
      ...(prefix !== 'le' && { bornFrom: maxOf(born.bornFrom, from) }),
      ...(prefix !== 'ge' && { bornUntil: minOf(born.bornUntil, until) }),
    }
  }
  return born
}

const maxOf = (a: string | undefined, b: string): string => (a !== undefined && a > b ? a : b)
const minOf = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b)
