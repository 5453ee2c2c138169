/** `/api/v1/imports`: past visits brought in from a file. The only route that takes another body than JSON. */
import Type from 'typebox'
import {
  IMPORT_BYTES,
  importAnswerSchema,
  importMappingsAnswerSchema,
  importQuerySchema,
} from '#domain/api/import-api.ts'
import { idSchema } from '#domain/ids.ts'
import { IMPORT_MAPPINGS } from '#domain/import/mappings.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { ImportAnswer, ImportJobs } from '#server/operations/import-jobs.ts'

const PATH = '/api/v1/imports'
const tags = ['imports']
const config = { permission: 'import-history' } as const
const params = Type.Object({ id: idSchema<'Import'>() }, { additionalProperties: false })

export async function registerImportRoutes(app: App, jobs: ImportJobs): Promise<void> {
  const mappings = { tags, summary: 'Which kinds of files can be read', response: { 200: importMappingsAnswerSchema } }
  app.get(`${PATH}/mappings`, { config, schema: mappings }, async () => ({
    mappings: [...IMPORT_MAPPINGS.values()].map(({ name, summary, columns }) => ({
      name,
      summary,
      columns: [...columns],
    })),
  }))
  await registerUpload(app, jobs)
  registerJobs(app, jobs)
}

/** In a scope of its own, so that no other route understands files. */
async function registerUpload(app: App, jobs: ImportJobs): Promise<void> {
  const plan = {
    tags,
    summary: 'Say what a file comes to; the body is the file, as text/csv. Nothing is written',
    consumes: ['text/csv'],
    querystring: importQuerySchema,
    response: { 201: importAnswerSchema },
  }
  await app.register(async (scope) => {
    scope.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: IMPORT_BYTES }, (_, bytes, next) =>
      next(null, bytes),
    )
    scope.post(PATH, { config, schema: plan, bodyLimit: IMPORT_BYTES }, async (request, reply) => {
      const { body } = request as { readonly body: unknown }
      if (!(body instanceof Uint8Array)) throw new ApiError('unsupported-media-type')
      const { mapping } = request.query as { readonly mapping: string }
      const job = done(jobs.plan(await getSession(request).subject(), mapping, body))
      return reply.code(201).send({ import: job })
    })
  })
}

function registerJobs(app: App, jobs: ImportJobs): void {
  const response = { 200: importAnswerSchema }
  const show = { tags, summary: 'How an import stands', params, response }
  app.get(`${PATH}/:id`, { config, schema: show }, async (request) => ({
    import: done(await jobs.show(await getSession(request).subject(), request.params.id)),
  }))
  const run = { tags, summary: 'Write what was planned; a repeated run adds nothing', params, response }
  app.post(`${PATH}/:id/run`, { config, schema: run }, async (request) => ({
    import: done(await jobs.run(await getSession(request).subject(), request.params.id)),
  }))
  const stop = { tags, summary: 'Stop an import; what is written stays whole', params, response }
  app.delete(`${PATH}/:id`, { config, schema: stop }, async (request) => ({
    import: done(await jobs.stop(await getSession(request).subject(), request.params.id)),
  }))
}

function done(answer: ImportAnswer) {
  if (answer.ok) return answer.job
  throw new ApiError(answer.reason, answer.field === undefined ? {} : { field: answer.field })
}
