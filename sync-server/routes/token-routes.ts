/** `/api/v1/tokens`: personal access tokens, with which programs act for a person. */
import Type from 'typebox'
import { createdTokenAnswerSchema, createTokenBodySchema, tokensAnswerSchema } from '#domain/api/factor-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import { createAccessToken, listOwnTokens, revokeOwnToken } from '#server/operations/accounts/access-tokens.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { accepted } from './account-answer.ts'

const PATH = '/api/v1/tokens'
const tags = ['tokens']
const config = { permission: 'own-account' } as const

export function registerTokenRoutes(app: App, deps: AccountDeps): void {
  const list = { tags, summary: 'The own access tokens in this clinic', response: { 200: tokensAnswerSchema } }
  app.get(PATH, { config, schema: list }, async (request) => ({
    tokens: await listOwnTokens(deps, getSession(request)),
  }))
  const create = {
    tags,
    summary: 'Make an access token with some of the own rights; its text is shown once',
    body: createTokenBodySchema,
    response: { 201: createdTokenAnswerSchema },
  }
  app.post(PATH, { config, schema: create }, async (request, reply) => {
    const body = { ...request.body, address: request.ip }
    const { accessToken, token } = accepted(await createAccessToken(deps, getSession(request), body))
    return reply.code(201).send({ accessToken, token })
  })
  const params = Type.Object({ id: idSchema<'AccessToken'>() }, { additionalProperties: false })
  const revoke = { tags, summary: 'End an access token at once', params, response: { 204: Type.Null() } }
  app.delete(`${PATH}/:id`, { config, schema: revoke }, async (request, reply) => {
    accepted(await revokeOwnToken(deps, getSession(request), request.params.id))
    return reply.code(204).send(null)
  })
}
