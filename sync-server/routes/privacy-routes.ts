/** Doorways to a patient's rights to their data: a copy of all of it, its erasure, and what forbids that. */
import Type from 'typebox'
import {
  erasureAnswerSchema,
  erasureBodySchema,
  erasurePreviewAnswerSchema,
  legalHoldAnswerSchema,
  legalHoldBodySchema,
  legalHoldsAnswerSchema,
  personExportSchema,
} from '#domain/api/privacy-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { type ErasureDeps, erasePerson, previewErasure } from '#server/operations/erase-person.ts'
import { type ExportDeps, exportPerson } from '#server/operations/export-person.ts'
import { endLegalHold, type HoldDeps, listLegalHolds, setLegalHold } from '#server/operations/legal-holds.ts'

type Deps = ErasureDeps & ExportDeps & HoldDeps

const PATH = '/api/v1/patients/:id'
const tags = ['privacy']
const params = Type.Object({ id: idSchema<'Patient'>() }, { additionalProperties: false })
const config = { permission: 'manage-privacy' } as const

export function registerPrivacyRoutes(app: App, deps: Deps): void {
  app.get(
    `${PATH}/export`,
    {
      // Patients may take a copy of their own data.
      config: { permission: 'view-patients' },
      schema: { tags, summary: 'All data about one patient', params, response: { 200: personExportSchema } },
    },
    async (request, reply) => {
      const exported = await exportPerson(deps, await getSession(request).subject(), request.params.id)
      if (!exported) throw new ApiError('not-found')
      reply.header('content-disposition', 'attachment; filename="personal-data.json"')
      return exported
    },
  )
  registerErasure(app, deps)
  registerLegalHolds(app, deps)
}

function registerErasure(app: App, deps: Deps): void {
  app.get(
    `${PATH}/erasure`,
    {
      config,
      schema: {
        tags,
        summary: 'What an erasure of this patient would do',
        params,
        response: { 200: erasurePreviewAnswerSchema },
      },
    },
    async (request) => {
      const preview = await previewErasure(deps, await getSession(request).subject(), request.params.id)
      if (!preview) throw new ApiError('not-found')
      return { preview }
    },
  )
  app.post(
    `${PATH}/erasure`,
    {
      config,
      schema: {
        tags,
        summary: 'Erase the patient as previewed; it cannot be taken back',
        params,
        body: erasureBodySchema,
        response: { 200: erasureAnswerSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      const answer = await erasePerson(deps, await getSession(request).subject(), id, request.body)
      if (answer.ok) return { erasure: { patientId: id, erasedAt: answer.erasedAt } }
      throw new ApiError(answer.reason, answer.reason === 'stale-preview' ? { field: 'confirmation' } : {})
    },
  )
}

function registerLegalHolds(app: App, deps: Deps): void {
  const path = `${PATH}/legal-holds`
  app.get(
    path,
    {
      config,
      schema: {
        tags,
        summary: 'The legal holds on a patient’s data',
        params,
        response: { 200: legalHoldsAnswerSchema },
      },
    },
    async (request) => {
      const holds = await listLegalHolds(deps, await getSession(request).subject(), request.params.id)
      if (!holds) throw new ApiError('not-found')
      return { holds }
    },
  )
  app.post(
    path,
    {
      config,
      schema: {
        tags,
        summary: 'Forbid the erasure of a patient’s data',
        params,
        body: legalHoldBodySchema,
        response: { 201: legalHoldAnswerSchema },
      },
    },
    async (request, reply) => {
      const answer = await setLegalHold(deps, await getSession(request).subject(), request.params.id, request.body)
      if (!answer.ok) throw new ApiError(answer.reason, 'field' in answer ? { field: answer.field } : {})
      return reply.code(201).send({ hold: answer.hold })
    },
  )
  const holdParams = Type.Object(
    { id: idSchema<'Patient'>(), holdId: idSchema<'LegalHold'>() },
    { additionalProperties: false },
  )
  app.delete(
    `${path}/:holdId`,
    { config, schema: { tags, summary: 'Lift a legal hold', params: holdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { id, holdId } = request.params
      const isLifted = await endLegalHold(deps, await getSession(request).subject(), id, holdId)
      if (!isLifted) throw new ApiError('not-found')
      return reply.code(204).send(null)
    },
  )
}
