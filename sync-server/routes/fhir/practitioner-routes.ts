/** Practitioner and Schedule: read and search. Both are made of a doctor, so they share its id. */
import type { Practitioner, Schedule } from 'fhir/r4.js'
import { boundsOfDate, type InstantBounds } from '#domain/fhir/date-search.ts'
import type { DoctorId } from '#domain/ids.ts'
import { hasWordsLike } from '#domain/people/name-search.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import { HOUR_MS, type Instant } from '#domain/time/instant.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { type Directory, readDirectory } from '#server/operations/read-directory.ts'
import { searchBundle } from './bundle.ts'
import { type FhirDeps, fhirTags, resourceAnswers } from './fhir-deps.ts'
import { idParams, idsOf, oneId } from './fhir-ids.ts'
import { sendJson, sendResource } from './fhir-reply.ts'
import { badValue, idInReference, readSearch, type Search, searchQuery } from './fhir-request.ts'
import { typeConcept } from './to-appointment.ts'
import { textOf, toPractitioner } from './to-people.ts'

const PRACTITIONER_PARAMETERS = ['_id', 'identifier', 'name', 'family', 'given', 'active']
const SCHEDULE_PARAMETERS = ['_id', 'actor', 'date', 'active']
const config = { permission: 'signed-in' } as const

export function registerPractitionerRoutes(app: App, deps: FhirDeps): void {
  app.get(
    '/Practitioner',
    {
      config,
      schema: {
        tags: fhirTags,
        summary: 'Search doctors',
        querystring: searchQuery(...PRACTITIONER_PARAMETERS),
        response: resourceAnswers,
      },
    },
    async (request, reply) => {
      const search = readSearch(request, PRACTITIONER_PARAMETERS)
      const { doctors } = await readDirectory(deps, await getSession(request).subject())
      const names = ['name', 'family', 'given'].flatMap((name) => search.all(name))
      const ids = idsOf<DoctorId>(search)
      const found = [...doctors.values()].filter(
        ({ person }) =>
          (ids?.includes(person.id) ?? true) &&
          names.every((name) => hasWordsLike(person.name, name)) &&
          isActiveAsAsked(person, search),
      )
      return sendJson(reply, onePage(deps.baseUrl(request), 'Practitioner', search, found.map(toPractitioner)))
    },
  )
  app.get(
    '/Practitioner/:id',
    { config, schema: { tags: fhirTags, summary: 'One doctor', params: idParams, response: resourceAnswers } },
    async (request, reply) => {
      const { doctors } = await readDirectory(deps, await getSession(request).subject())
      const [id] = oneId<DoctorId>(request)
      const doctor = id && doctors.get(id)
      if (!doctor) throw new ApiError('not-found')
      return sendResource(request, reply, toPractitioner(doctor))
    },
  )
}

export function registerScheduleRoutes(app: App, deps: FhirDeps): void {
  app.get(
    '/Schedule',
    {
      config,
      schema: {
        tags: fhirTags,
        summary: "Search doctors' schedules",
        querystring: searchQuery(...SCHEDULE_PARAMETERS),
        response: resourceAnswers,
      },
    },
    async (request, reply) => {
      const search = readSearch(request, SCHEDULE_PARAMETERS)
      const directory = await readDirectory(deps, await getSession(request).subject())
      const base = deps.baseUrl(request)
      const ids = idsOf<DoctorId>(search)
      const actors = search
        .all('actor')
        .map((value) =>
          value.split(',').map((text) => idInReference(text, 'Practitioner', base, { isBareAllowed: true })),
        )
      const dates = search.all('date').map((value) => boundsOfDate(value, directory.clinic.zone))
      const found = [...directory.doctors.values()].filter(({ person }) => {
        const isNamed = (ids?.includes(person.id) ?? true) && actors.every((list) => list.includes(person.id))
        const isOpen = dates.every((bounds) => bounds && touches(horizonOf(person, directory, deps.now()), bounds))
        return isNamed && isOpen && isActiveAsAsked(person, search)
      })
      if (dates.includes(undefined)) throw badValue('date')
      const schedules = found.map(({ person }) => toSchedule(person, directory, deps.now()))
      return sendJson(reply, onePage(base, 'Schedule', search, schedules))
    },
  )
  app.get(
    '/Schedule/:id',
    {
      config,
      schema: { tags: fhirTags, summary: "One doctor's schedule", params: idParams, response: resourceAnswers },
    },
    async (request, reply) => {
      const directory = await readDirectory(deps, await getSession(request).subject())
      const [id] = oneId<DoctorId>(request)
      const doctor = id && directory.doctors.get(id)
      if (!doctor) throw new ApiError('not-found')
      return sendResource(request, reply, toSchedule(doctor.person, directory, deps.now()))
    },
  )
}

function isActiveAsAsked({ isActive }: Doctor, search: Search): boolean {
  const wanted = search.all('active')
  if (wanted.some((word) => word !== 'true' && word !== 'false')) throw badValue('active')
  return wanted.every((word) => String(isActive) === word)
}

/** A list that is known whole, cut into pages. */
export function onePage(base: string, type: string, search: Search, all: readonly (Practitioner | Schedule)[]) {
  const from = search.after === undefined ? 0 : all.findIndex(({ id }) => id === search.after) + 1
  const resources = all.slice(from, from + search.count)
  const next = from + search.count < all.length ? resources.at(-1)?.id : undefined
  return searchBundle(base, type, search, { resources, total: all.length, next })
}

type Horizon = { readonly start: Instant; readonly end: Instant }

const offeredBy = ({ id }: Doctor, { types }: Directory) =>
  [...types.values()].filter(
    ({ isActive, _deleted, doctorIds }) => isActive && !_deleted && (doctorIds.length === 0 || doctorIds.includes(id)),
  )

/** From now on, as far ahead as anything may be booked. */
function horizonOf(doctor: Doctor, directory: Directory, now: Instant): Horizon {
  const days = Math.max(1, ...offeredBy(doctor, directory).map(({ horizonDays }) => horizonDays))
  return { start: now, end: now + days * 24 * HOUR_MS }
}

const touches = ({ start, end }: Horizon, { from, until }: InstantBounds): boolean =>
  (from === undefined || end > from) && (until === undefined || start < until)

/** All of a doctor's bookable time; the hours in it are answered as slots. */
function toSchedule(doctor: Doctor, directory: Directory, now: Instant): Schedule {
  const { start, end } = horizonOf(doctor, directory, now)
  const types = offeredBy(doctor, directory)
  return {
    resourceType: 'Schedule',
    id: doctor.id,
    active: doctor.isActive,
    ...(types.length > 0 && { serviceType: types.map(typeConcept) }),
    ...(textOf(doctor.specialization) && { specialty: [{ text: doctor.specialization }] }),
    actor: [{ reference: `Practitioner/${doctor.id}`, display: doctor.name }],
    planningHorizon: { start: new Date(start).toISOString(), end: new Date(end).toISOString() },
  }
}
