/** Appointment: read, search, create and update. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError, toApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { bookUnlessExists } from '#server/operations/book-unless-exists.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import { type Directory, readDirectory } from '#server/operations/read-directory.ts'
import { replaceAppointment } from '#server/operations/replace-appointment.ts'
import { searchAppointments } from '#server/operations/search-appointments.ts'
import {
  APPOINTMENT_PARAMETERS,
  appointmentCriteria,
  conditionOf,
  parsePlace,
  placeText,
} from './appointment-search.ts'
import { searchBundle } from './bundle.ts'
import { type FhirDeps, fhirTags, resourceAnswers } from './fhir-deps.ts'
import { FhirError } from './fhir-error.ts'
import { idParams, oneId } from './fhir-ids.ts'
import { sendJson, sendResource, setVersion } from './fhir-reply.ts'
import { preferences, readSearch, searchQuery, wantedVersion } from './fhir-request.ts'
import { type AskedAppointment, readAppointment } from './from-appointment.ts'
import { toFhirAppointment } from './to-appointment.ts'

const bodySchema = Type.Object(
  { resourceType: Type.Literal('Appointment') },
  { description: 'A FHIR R4 Appointment', additionalProperties: true },
)

export function registerFhirAppointmentRoutes(app: App, deps: FhirDeps): void {
  registerReading(app, deps)
  app.post(
    '/Appointment',
    {
      config: { permission: 'book-appointment' },
      schema: {
        tags: fhirTags,
        summary: 'Book; with If-None-Exist at most once',
        body: bodySchema,
        response: resourceAnswers,
      },
    },
    async (request, reply) => createAppointment(deps, request, reply),
  )
  app.put(
    '/Appointment/:id',
    {
      config: { permission: 'view-appointments' },
      schema: {
        tags: fhirTags,
        summary: 'Move, confirm, follow, cancel or edit; needs If-Match',
        params: idParams,
        body: bodySchema,
        response: resourceAnswers,
      },
    },
    async (request, reply) => updateAppointment(deps, request, reply),
  )
}

function registerReading(app: App, deps: FhirDeps): void {
  const config = { permission: 'view-appointments' } as const
  app.get(
    '/Appointment',
    {
      config,
      schema: {
        tags: fhirTags,
        summary: 'Search appointments, as the caller may see them',
        querystring: searchQuery(...APPOINTMENT_PARAMETERS),
        response: resourceAnswers,
      },
    },
    async (request, reply) => {
      const search = readSearch(request, APPOINTMENT_PARAMETERS)
      const subject = await getSession(request).subject()
      const directory = await readDirectory(deps, subject)
      const base = deps.baseUrl(request)
      const criteria = appointmentCriteria(search, base, directory.clinic.zone)
      const page = { limit: search.count, after: parsePlace(search.after) }
      const { items, total, next } = await searchAppointments(deps, subject, criteria, page)
      const resources = items.map((each) => toFhirAppointment(each, directory))
      return sendJson(
        reply,
        searchBundle(base, 'Appointment', search, { resources, total, next: next && placeText(next) }),
      )
    },
  )
  app.get(
    '/Appointment/:id',
    { config, schema: { tags: fhirTags, summary: 'One appointment', params: idParams, response: resourceAnswers } },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const ids = oneId<AppointmentId>(request)
      const { items } = await searchAppointments(deps, subject, { ids }, { limit: 1 })
      const [appointment] = items
      if (!appointment) throw new ApiError('not-found')
      return sendResource(request, reply, toFhirAppointment(appointment, await readDirectory(deps, subject)))
    },
  )
}

async function createAppointment(deps: FhirDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const subject = await getSession(request).subject()
  const directory = await readDirectory(deps, subject)
  const base = deps.baseUrl(request)
  const asked = readAppointment(request, base, directory)
  const body = bookingOf(asked, directory)
  const condition = conditionOf(request, base, directory.clinic.zone)
  const outcome = await bookUnlessExists(deps, subject, body, condition)
  if (outcome.kind === 'ambiguous') {
    throw new FhirError(412, 'multiple-matches', 'Several appointments meet If-None-Exist; none was booked.')
  }
  const status = outcome.kind === 'booked' ? 201 : 200
  return sendChanged(deps, request, reply, { status, answer: outcome.answer, directory })
}

/** What REST calls a booking. A new appointment has only been asked for, or is confirmed at once. */
function bookingOf(asked: AskedAppointment, { types }: Directory) {
  const { id, reason, note, status } = asked
  const doctorId = present(asked.doctorId, 'participant')
  const patientId = present(asked.patientId, 'participant')
  const typeId = present(asked.typeId, 'serviceType')
  const start = present(asked.start, 'start')
  const isNew: readonly AppointmentStatus[] = ['pending', 'confirmed']
  if (!isNew.includes(status)) {
    throw new FhirError(422, 'business-rule', 'A new appointment is proposed, pending or booked.', 'Appointment.status')
  }
  const type = types.get(typeId)
  if (type && asked.end !== undefined && asked.end !== start + minutes(type.durationMinutes)) {
    throw toApiError({ reason: 'wrong-duration', field: 'end' })
  }
  const isConfirmed = status === 'confirmed'
  return { ...(id !== undefined && { id }), doctorId, patientId, typeId, start, reason, note, isConfirmed }
}

function present<Part>(part: Part | undefined, element: string): Part {
  if (part === undefined) throw new FhirError(422, 'required', 'This is missing.', `Appointment.${element}`)
  return part
}

async function updateAppointment(deps: FhirDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const subject = await getSession(request).subject()
  const directory = await readDirectory(deps, subject)
  const asked = readAppointment(request, deps.baseUrl(request), directory)
  const { id: inBody } = request.body as { id?: string }
  const { id: inAddress } = request.params as { id: string }
  if (inBody !== inAddress) {
    throw new FhirError(400, 'value', 'The id of the resource must be that of the address.', 'Appointment.id')
  }
  const revision = wantedVersion(request) ?? asked.revision
  if (revision === undefined)
    throw new FhirError(400, 'required', 'An update needs If-Match with the version last read.')
  const [id] = oneId<AppointmentId>(request)
  if (!id) throw new ApiError('not-found')
  const answer = await replaceAppointment(deps, subject, id, revision, {
    doctorId: present(asked.doctorId, 'participant'),
    patientId: present(asked.patientId, 'participant'),
    typeId: present(asked.typeId, 'serviceType'),
    start: asked.start,
    end: asked.end,
    status: asked.status,
    reason: asked.reason,
    note: asked.note,
    cancelReason: asked.cancelReason,
  })
  return sendChanged(deps, request, reply, { status: 200, answer, directory })
}

type Changed = { readonly status: 200 | 201; readonly answer: BookingAnswer; readonly directory: Directory }

function sendChanged(
  deps: FhirDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { status, answer, directory }: Changed,
) {
  if (!answer.ok) throw toApiError(answer.rejection)
  const resource = toFhirAppointment(answer.appointment, directory)
  setVersion(reply, resource.meta)
  if (status === 201) reply.header('location', `${deps.baseUrl(request)}/Appointment/${resource.id}`)
  reply.code(status)
  return preferences(request).has('return=minimal') ? reply.send() : sendJson(reply, resource)
}
