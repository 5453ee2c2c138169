/** `/api/v1/setup`: the way in on a server without a clinic. */
import { setUpAnswerSchema, setUpBodySchema } from '#domain/api/setup-schemas.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { type SetUpDeps, setUpClinic } from '#server/operations/set-up-clinic.ts'

/** The secret of the link is the permission. */
export function registerSetUpRoutes(app: App, deps: SetUpDeps): void {
  const schema = {
    tags: ['setup'],
    summary: 'Make the first clinic and its first administrator',
    body: setUpBodySchema,
    response: { 201: setUpAnswerSchema },
  }
  app.post('/api/v1/setup', { config: { permission: 'public' }, schema }, async (request, reply) => {
    const answer = await setUpClinic(deps, request.body)
    if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
    return reply.code(201).send({ clinicId: answer.clinicId })
  })
}
