/** Doorways to the resources of the API: each lists, shows, makes, changes and takes away in the same way. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Resource } from '#domain/api/resource.ts'
import { RESOURCES } from '#domain/api/resources.ts'
import { idSchema } from '#domain/ids.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { findResource, listResource, viewResource } from '#server/operations/resources/read-resource.ts'
import { changeResource, createResource, removeResource } from '#server/operations/resources/write-resource.ts'
import type { Written } from '#server/operations/resources/written.ts'

type Deps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly audit: NoteAccess
  readonly paging: Paging
}

const params = Type.Object({ id: idSchema() }, { additionalProperties: false })
type Values = Readonly<Record<string, unknown>>

export function registerResourceRoutes(app: App, deps: Deps): void {
  for (const resource of RESOURCES) {
    registerReading(app, deps, resource)
    registerWriting(app, deps, resource)
  }
}

function registerReading(app: App, deps: Deps, resource: Resource): void {
  const { path, one, many, view, schemas } = resource
  const config = { permission: view }
  const tags = [tagOf(resource)]
  app.get(
    path,
    {
      config,
      schema: { tags, summary: `List ${words(many)}`, querystring: schemas.query, response: { 200: schemas.page } },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query as Record<string, string | number | boolean>
      const page = deps.paging(request)
      const { limit, after } = page
      const subject = await getSession(request).subject()
      const { items, last } = await listResource(deps, subject, resource, { filters, limit, after })
      return { [many]: items, nextCursor: page.cursorOf(last) }
    },
  )
  app.get(
    `${path}/:id`,
    { config, schema: { tags, summary: `Show one ${words(one)}`, params, response: { 200: schemas.answer } } },
    async (request, reply) => {
      const found = await findResource(deps, await getSession(request).subject(), resource, request.params.id)
      if (!found) throw new ApiError('not-found')
      return tag(reply, found.revision, { [one]: found })
    },
  )
}

function registerWriting(app: App, deps: Deps, resource: Resource): void {
  const { path, one, manage, schemas, removal } = resource
  const config = { permission: manage }
  const tags = [tagOf(resource)]
  const { create, change, answer } = schemas
  app.post(
    path,
    { config, schema: { tags, summary: `Add a ${words(one)}`, body: create, response: { 201: answer } } },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const written = await createResource(deps, subject, resource, request.body as Values)
      return show(deps, reply.code(201), resource, written)
    },
  )
  app.patch(
    `${path}/:id`,
    {
      config,
      schema: {
        tags,
        summary: `Change a ${words(one)}; what is left out stays`,
        params,
        body: change,
        response: { 200: answer },
      },
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const body = { ...(request.body as Values), revision: seenRevision(request) }
      return show(deps, reply, resource, await changeResource(deps, subject, resource, request.params.id, body))
    },
  )
  if (removal === 'none') return
  const summary = removal === 'switch-off' ? `Switch a ${words(one)} off` : `Take a ${words(one)} away`
  app.delete(
    `${path}/:id`,
    { config, schema: { tags, summary, params, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      settle(await removeResource(deps, subject, resource, request.params.id, seenBefore(request)))
      return reply.code(204).send(null)
    },
  )
}

/** Taking away needs no revision; where one is given it must be the last. */
const seenBefore = (request: FastifyRequest) =>
  request.headers['if-match'] === undefined ? ('any' as const) : seenRevision(request)

async function show(deps: Deps, reply: FastifyReply, { path, one }: Resource, written: Written) {
  const view = await viewResource(deps, settle(written))
  reply.header('location', `${path}/${view.id}`)
  return tag(reply, view.revision, { [one]: view })
}

function settle(written: Written) {
  if (written.ok) return written.stored
  const { reason, field } = written.rejection
  throw new ApiError(reason, { field })
}

const tagOf = ({ path }: Resource): string => path.slice(path.lastIndexOf('/') + 1)
/** `scheduleTemplate` as people write it. */
const words = (name: string): string => name.replace(/[A-Z]/g, (upper) => ` ${upper.toLowerCase()}`)
