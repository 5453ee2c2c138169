/** `/api/v1/clinic`, `/locations` and `/equipment`. */
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import {
  clinicAnswerSchema,
  clinicChangeSchema,
  equipmentAnswerSchema,
  equipmentBodySchema,
  equipmentChangeSchema,
  equipmentListSchema,
  locationAnswerSchema,
  locationBodySchema,
  locationChangeSchema,
  locationListSchema,
} from '#domain/api/clinic-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import type { ClinicDeps, OwnAnswer } from '#server/operations/clinic/change-own.ts'
import { changeClinic, showClinic } from '#server/operations/clinic/clinic-settings.ts'
import { addEquipment, changeEquipment, showEquipment, toView } from '#server/operations/clinic/keep-equipment.ts'
import { addLocation, changeLocation, showLocations } from '#server/operations/clinic/keep-locations.ts'

type Deps = ClinicDeps & { readonly database: Database }

const tags = ['clinic']
const strict = { additionalProperties: false } as const
const signedIn = { permission: 'signed-in' } as const
const toManage = { permission: 'manage-clinic' } as const
const toManageRooms = { permission: 'manage-rooms' } as const

export function registerClinicRoutes(app: App, deps: Deps): void {
  registerSettings(app, deps)
  registerLocations(app, deps)
  registerEquipment(app, deps)
}

function registerSettings(app: App, deps: Deps): void {
  const path = '/api/v1/clinic'
  const show = { tags, summary: 'Show the clinic and what it has decided', response: { 200: clinicAnswerSchema } }
  app.get(path, { config: toManage, schema: show }, async (request, reply) => {
    const clinic = await showClinic(deps, await getSession(request).subject())
    return tag(reply, clinic.revision, { clinic })
  })
  const change = {
    tags,
    summary: 'Change the clinic’s name and policies; what is left out stays',
    body: clinicChangeSchema,
    response: { 200: clinicAnswerSchema },
  }
  app.patch(path, { config: toManage, schema: change }, async (request, reply) => {
    const subject = await getSession(request).subject()
    const clinic = settled(await changeClinic(deps, subject, request.body, seenRevision(request)))
    return tag(reply, clinic.revision, { clinic })
  })
}

function registerLocations(app: App, deps: Deps): void {
  const path = '/api/v1/locations'
  const params = Type.Object({ id: idSchema<'Location'>() }, strict)
  const list = { tags, summary: 'List the places where doctors see patients', response: { 200: locationListSchema } }
  app.get(path, { config: signedIn, schema: list }, async (request) => ({
    locations: await showLocations(deps, await getSession(request).subject()),
  }))
  const add = { tags, summary: 'Add a place', body: locationBodySchema, response: { 201: locationAnswerSchema } }
  app.post(path, { config: toManage, schema: add }, async (request, reply) => {
    const location = settled(await addLocation(deps, await getSession(request).subject(), request.body))
    return tag(reply.code(201), location.revision, { location })
  })
  const body = locationChangeSchema
  const change = { tags, summary: 'Change a place', params, body, response: { 200: locationAnswerSchema } }
  app.patch(`${path}/:id`, { config: toManage, schema: change }, async (request, reply) => {
    const subject = await getSession(request).subject()
    const { revision: _, ...fields } = request.body
    const location = settled(await changeLocation(deps, subject, request.params.id, fields, seenRevision(request)))
    return tag(reply, location.revision, { location })
  })
}

function registerEquipment(app: App, deps: Deps): void {
  const path = '/api/v1/equipment'
  const params = Type.Object({ id: idSchema<'Equipment'>() }, strict)
  const list = { tags, summary: 'List the equipment that visits use', response: { 200: equipmentListSchema } }
  app.get(path, { config: signedIn, schema: list }, async (request) => ({
    equipment: await showEquipment(deps, await getSession(request).subject()),
  }))
  const answer = (reply: FastifyReply, written: Parameters<typeof toView>[0]) =>
    tag(reply, written.revision, { equipment: toView(written) })
  const add = { tags, summary: 'Add equipment', body: equipmentBodySchema, response: { 201: equipmentAnswerSchema } }
  app.post(path, { config: toManageRooms, schema: add }, async (request, reply) => {
    const written = settled(await addEquipment(deps, await getSession(request).subject(), request.body))
    return answer(reply.code(201), written)
  })
  const body = equipmentChangeSchema
  const change = {
    tags,
    summary: 'Change equipment, or switch it off',
    params,
    body,
    response: { 200: equipmentAnswerSchema },
  }
  app.patch(`${path}/:id`, { config: toManageRooms, schema: change }, async (request, reply) => {
    const subject = await getSession(request).subject()
    const { revision: _, ...fields } = request.body
    return answer(
      reply,
      settled(await changeEquipment(deps, subject, request.params.id, fields, seenRevision(request))),
    )
  })
}

function settled<Row>(answer: OwnAnswer<Row>): Row {
  if (answer.ok) return answer.row
  throw new ApiError(answer.reason, { field: answer.field })
}
