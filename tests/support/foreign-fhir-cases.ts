/** The same in FHIR's words, whose bodies and parameters the API's description leaves to FHIR. */
import type { CapabilityStatement } from 'fhir/r4'
import { slotIdOf } from '#domain/fhir/slot-id.ts'
import type { AppointmentTypeId, DoctorId } from '#domain/ids.ts'
import { hours } from '#domain/time/instant.ts'
import { NINE_O_CLOCK } from './builders.ts'
import type { ForeignCase, Ids, Things } from './foreign-cases.ts'
import { FOREIGN_CLINIC, MARKER } from './foreign-clinic.ts'

const PATH = '/fhir/r4'
const START = NINE_O_CLOCK + hours(7 * 24 + 2)
const common = { isForAll: true } as const

/** Every parameter that is stated, with every way to name something foreign in it. */
export function fhirSearches({ rest }: CapabilityStatement, { foreign }: Things): ForeignCase[] {
  return (rest?.[0]?.resource ?? []).flatMap(({ type, searchParam = [] }) =>
    searchParam.flatMap(({ name, type: kind }) =>
      valuesOf(kind, foreign).map((value) => {
        const window = type === 'Slot' && name !== 'start' ? 'start=2026-10-21&' : ''
        const url = `${PATH}/${type}?${window}${name}=${encodeURIComponent(value)}`
        return { ...common, route: `GET ${PATH}/${type}`, url, isRefused: false }
      }),
    ),
  )
}

function valuesOf(kind: string, foreign: Ids): string[] {
  const { Practitioner, Patient, Schedule, Appointment, Slot } = foreign
  const ids = [Practitioner, Patient, Appointment, Slot, foreign['appointment-types']].map(String)
  if (kind === 'reference') {
    return [...ids, `Practitioner/${Practitioner}`, `Patient/${Patient}`, `Schedule/${Schedule}`]
  }
  if (kind !== 'token') return [kind === 'date' ? '2026-10-21' : MARKER]
  const identifiers = ids.map((id) => `urn:ietf:rfc:3986|urn:uuid:${id}`)
  return [...ids, ...identifiers, MARKER, `urn:uuid:${FOREIGN_CLINIC}|${MARKER}`]
}

/** Times of the foreign clinic's doctor, type of visit, or both. */
export const fhirSlotReads = (things: Things): ForeignCase[] =>
  slotIds(things).map((id) => ({
    ...common,
    route: `GET ${PATH}/Slot/:id`,
    url: `${PATH}/Slot/${id}`,
    isRefused: true,
  }))

/** Creates, and updates of an own visit and of a foreign one, that name something foreign in one place or in all. */
export function fhirWrites(things: Things): ForeignCase[] {
  const { foreign, own } = things
  const bodies = [...foreignBodies(things), bodyOf(own, {})]
  const creates = bodies.map((body, index) => ({
    ...common,
    route: `POST ${PATH}/Appointment`,
    url: `${PATH}/Appointment`,
    body,
    isRefused: index < bodies.length - 1,
  }))
  const conditions = [`_id=${foreign.Appointment}`, `patient=Patient/${foreign.Patient}&date=2026-10-14`]
  const conditional = conditions.map((condition) => ({
    ...common,
    route: `POST ${PATH}/Appointment`,
    url: `${PATH}/Appointment`,
    body: bodyOf(own, {}),
    headers: { 'if-none-exist': condition },
    isRefused: false,
  }))
  const updates = bodies.flatMap((body, index) =>
    [own.Appointment, foreign.Appointment].map((id) => ({
      ...common,
      route: `PUT ${PATH}/Appointment/:id`,
      url: `${PATH}/Appointment/${id}`,
      body: { ...body, id },
      headers: { 'if-match': 'W/"1"' },
      // Of the identifier an update takes nothing.
      isRefused: id === foreign.Appointment || !('identifier' in body || index === bodies.length - 1),
    })),
  )
  return [...creates, ...conditional, ...updates]
}

function foreignBodies(things: Things) {
  const { foreign, own } = things
  const ofType = (code: unknown, system?: string) => ({
    serviceType: [{ coding: [{ code, ...(system && { system }) }] }],
  })
  return [
    bodyOf(foreign, {}),
    bodyOf({ ...own, Practitioner: String(foreign.Practitioner) }, {}),
    bodyOf({ ...own, Patient: String(foreign.Patient) }, {}),
    bodyOf(own, ofType(foreign['appointment-types'])),
    bodyOf(own, ofType(MARKER)),
    bodyOf(own, ofType(MARKER, `urn:uuid:${FOREIGN_CLINIC}`)),
    bodyOf(own, { identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${foreign.Appointment}` }] }),
    ...slotIds(things).map((id) => {
      const { start: _, serviceType: __, ...body } = bodyOf(own, { slot: [{ reference: `Slot/${id}` }] })
      return { ...body, participant: body.participant.slice(1) }
    }),
  ]
}

const bodyOf = (ids: Ids, part: object) => ({
  resourceType: 'Appointment',
  status: 'proposed',
  serviceType: [{ coding: [{ code: ids['appointment-types'] }] }],
  start: new Date(START).toISOString(),
  participant: [
    { actor: { reference: `Practitioner/${ids.Practitioner}` }, status: 'needs-action' },
    { actor: { reference: `Patient/${ids.Patient}` }, status: 'accepted' },
  ],
  ...part,
})

function slotIds({ foreign, own }: Things): string[] {
  const pairs = [
    [foreign.doctors, foreign['appointment-types']],
    [foreign.doctors, own['appointment-types']],
    [own.doctors, foreign['appointment-types']],
  ]
  return pairs.map(([doctorId, typeId]) =>
    slotIdOf({ doctorId: doctorId as DoctorId, typeId: typeId as AppointmentTypeId, start: START }),
  )
}
