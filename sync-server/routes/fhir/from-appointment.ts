/** What a FHIR Appointment asks for, in our words. Whether it may be had is decided by the operations. */
import type { FastifyRequest } from 'fastify'
import Value from 'typebox/value'
import { type FhirAppointment, type FhirConcept, fhirAppointmentSchema } from '#domain/api/fhir-schemas.ts'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { fromFhirStatus } from '#domain/fhir/fhir-status.ts'
import { parseSlotId, type SlotKey } from '#domain/fhir/slot-id.ts'
import { type AppointmentId, type AppointmentTypeId, type DoctorId, isId, type PatientId } from '#domain/ids.ts'
import { type Instant, LAST_INSTANT } from '#domain/time/instant.ts'
import type { Directory } from '#server/operations/read-directory.ts'
import { FhirError } from './fhir-error.ts'
import { idOfIdentifier } from './fhir-ids.ts'
import { idInReference, preferences } from './fhir-request.ts'
import { typeSystemOf } from './to-appointment.ts'

/** Every part that the resource says; what it does not say is absent. */
export type AskedAppointment = {
  readonly id: AppointmentId | undefined
  readonly doctorId: DoctorId | undefined
  readonly patientId: PatientId | undefined
  readonly typeId: AppointmentTypeId | undefined
  readonly start: Instant | undefined
  readonly end: Instant | undefined
  readonly status: AppointmentStatus
  readonly reason: string
  readonly note: string
  readonly cancelReason: string
  /** The version the client last saw, as `meta.versionId` says. */
  readonly revision: number | undefined
}

/**
 * Reads the body of a create or update.
 * @throws FhirError naming the element that is missing, unknown or not understood
 */
export function readAppointment(request: FastifyRequest, base: string, directory: Directory): AskedAppointment {
  const resource = parse(request)
  const slot = slotOf(resource, base)
  return {
    id: resource.identifier
      ?.flatMap(({ system, value = '' }) => idOfIdentifier(`${system ?? ''}|${value}`))
      .filter(isId)[0] as AppointmentId | undefined,
    doctorId: same(actorOf<DoctorId>(resource, 'Practitioner', base), slot?.doctorId, 'participant'),
    patientId: actorOf<PatientId>(resource, 'Patient', base),
    typeId: same(typeOf(resource.serviceType?.[0], directory), slot?.typeId, 'serviceType'),
    start: same(instantOf(resource.start, 'start'), slot?.start, 'start'),
    end: instantOf(resource.end, 'end'),
    status: statusOf(resource),
    reason: textOf(resource.reasonCode?.[0]),
    note: resource.comment ?? '',
    cancelReason: textOf(resource.cancelationReason),
    revision: versionOf(resource),
  }
}

function parse(request: FastifyRequest): FhirAppointment {
  const given = request.body
  const body = preferences(request).has('handling=lenient') ? withoutUnknown(given) : given
  if (Value.Check(fhirAppointmentSchema, body)) return withKnownActors(body, body === given)
  const faults = Value.Errors(fhirAppointmentSchema, body)
  const fault = faults.find(({ keyword }) => keyword === 'additionalProperties') ?? faults[0]
  const path = ['Appointment', ...(fault?.instancePath.split('/').filter(Boolean) ?? [])].map(asElement).join('')
  const names = (fault?.params ?? {}) as { requiredProperties?: string[]; additionalProperties?: string[] }
  const [missing] = names.requiredProperties ?? []
  if (missing !== undefined) throw new FhirError(400, 'required', 'This element is missing.', `${path}.${missing}`)
  const [unknown] = names.additionalProperties ?? []
  if (unknown !== undefined) {
    const text = 'This element is not kept here. With Prefer: handling=lenient it is left out.'
    throw new FhirError(400, 'not-supported', text, `${path}.${unknown.slice(0, 80)}`)
  }
  throw new FhirError(400, 'value', `This element ${fault?.message ?? 'is not valid'}.`, path)
}

const asElement = (part: string, index: number): string =>
  /^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`

function withoutUnknown(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const known = Object.keys(fhirAppointmentSchema.properties)
  return Object.fromEntries(Object.entries(body).filter(([name]) => known.includes(name)))
}

/** Rooms, devices and relatives take part in FHIR's appointments, and would be lost here. */
function withKnownActors(resource: FhirAppointment, isStrict: boolean): FhirAppointment {
  const foreign = resource.participant.findIndex(
    ({ actor }) => !/(^|\/)(Practitioner|Patient)\//.test(actor?.reference ?? ''),
  )
  if (foreign < 0 || !isStrict) return resource
  const text = 'The participants kept here are one Practitioner and one Patient, by reference.'
  throw new FhirError(422, 'not-supported', text, `Appointment.participant[${foreign}]`)
}

function slotOf({ slot }: FhirAppointment, base: string): SlotKey | undefined {
  const [reference] = slot ?? []
  if (!reference) return undefined
  const key = parseSlotId(idInReference(reference.reference ?? '', 'Slot', base) ?? '')
  if (!key) throw new FhirError(422, 'not-found', 'There is no such slot.', 'Appointment.slot[0]')
  return key
}

/** What element and slot both say must be the same. */
function same<Part>(said: Part | undefined, bySlot: Part | undefined, element: string): Part | undefined {
  if (said !== undefined && bySlot !== undefined && said !== bySlot) {
    throw new FhirError(422, 'invalid', 'This element and the slot do not say the same.', `Appointment.${element}`)
  }
  return said ?? bySlot
}

function actorOf<Id extends string>({ participant }: FhirAppointment, type: string, base: string): Id | undefined {
  const found = participant.flatMap(({ actor }) => idInReference(actor?.reference ?? '', type, base) ?? [])
  if (found.length > 1) {
    throw new FhirError(422, 'business-rule', `An appointment has one ${type}.`, 'Appointment.participant')
  }
  const [id] = found
  if (id !== undefined && !isId(id))
    throw new FhirError(422, 'not-found', `There is no such ${type}.`, 'Appointment.participant')
  return id as Id | undefined
}

function typeOf(concept: FhirConcept | undefined, { types, clinic }: Directory): AppointmentTypeId | undefined {
  if (!concept) return undefined
  const ours = concept.coding?.filter(({ system }) => system === undefined || system === typeSystemOf(clinic.id)) ?? []
  const codes = ours.flatMap(({ code }) => code ?? [])
  const isMeant = ({ id, code, _deleted }: AppointmentType & { _deleted: boolean }) =>
    !_deleted && (codes.includes(code) || codes.includes(id))
  const type = [...types.values()].find(isMeant)
  if (!type)
    throw new FhirError(422, 'code-invalid', 'This clinic has no such type of visit.', 'Appointment.serviceType')
  return type.id
}

function instantOf(text: string | undefined, element: string): Instant | undefined {
  if (text === undefined) return undefined
  const instant = Date.parse(text)
  if (!(instant >= 0 && instant <= LAST_INSTANT))
    throw new FhirError(400, 'value', 'This is no instant.', `Appointment.${element}`)
  return instant
}

function statusOf({ status }: FhirAppointment): AppointmentStatus {
  const ours = fromFhirStatus(status)
  if (ours === null) {
    throw new FhirError(422, 'business-rule', 'Appointments cannot have this status here.', 'Appointment.status')
  }
  return ours
}

const textOf = (concept: FhirConcept | undefined): string =>
  (concept?.text ?? concept?.coding?.find(({ display }) => display !== undefined)?.display ?? '').slice(0, 500)

function versionOf({ meta }: FhirAppointment): number | undefined {
  const text = meta?.versionId
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}
