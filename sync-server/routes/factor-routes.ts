/** `/api/v1/me/second-factor`: the own second factor, and the own password asked again. */
import Type from 'typebox'
import {
  codeOnlyBodySchema,
  enrolmentAnswerSchema,
  factorStateAnswerSchema,
  fullProofBodySchema,
  passwordOnlyBodySchema,
  recoveryCodesAnswerSchema,
} from '#domain/api/factor-schemas.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import {
  beginOwnFactor,
  confirmOwnFactor,
  removeOwnFactor,
  renewOwnCodes,
  showOwnFactor,
} from '#server/operations/accounts/own-second-factor.ts'
import { reauthenticate } from '#server/operations/accounts/reauthenticate.ts'
import { accepted } from './account-answer.ts'

const PATH = '/api/v1/me/second-factor'
const tags = ['me']
const nothing = Type.Null()
const config = { permission: 'own-account' } as const

export function registerFactorRoutes(app: App, deps: AccountDeps): void {
  const show = {
    tags,
    summary: 'Whether there is a second factor, and how many recovery codes are left',
    response: { 200: factorStateAnswerSchema },
  }
  app.get(PATH, { config, schema: show }, (request) => showOwnFactor(deps, getSession(request)))
  const begin = {
    tags,
    summary: 'A secret for an authenticator app; a first code confirms it',
    body: passwordOnlyBodySchema,
    response: { 200: enrolmentAnswerSchema },
  }
  app.post(PATH, { config, schema: begin }, async (request) => {
    const proof = { ...request.body, address: request.ip }
    return accepted(await beginOwnFactor(deps, getSession(request), proof)).enrolment
  })
  const confirm = {
    tags,
    summary: 'Confirm the second factor with its first code; the recovery codes are shown once',
    body: codeOnlyBodySchema,
    response: { 200: recoveryCodesAnswerSchema },
  }
  app.post(`${PATH}/confirm`, { config, schema: confirm }, async (request) => {
    const proof = { ...request.body, address: request.ip }
    const { recoveryCodes } = accepted(await confirmOwnFactor(deps, getSession(request), proof))
    return { recoveryCodes }
  })
  const renew = {
    tags,
    summary: 'New recovery codes; those before stop working',
    body: fullProofBodySchema,
    response: { 200: recoveryCodesAnswerSchema },
  }
  app.post(`${PATH}/recovery-codes`, { config, schema: renew }, async (request) => {
    const proof = { ...request.body, address: request.ip }
    const { recoveryCodes } = accepted(await renewOwnCodes(deps, getSession(request), proof))
    return { recoveryCodes }
  })
  const remove = { tags, summary: 'Remove the second factor', body: fullProofBodySchema, response: { 204: nothing } }
  app.post(`${PATH}/remove`, { config, schema: remove }, async (request, reply) => {
    accepted(await removeOwnFactor(deps, getSession(request), { ...request.body, address: request.ip }))
    return reply.code(204).send(null)
  })
  const check = {
    tags,
    summary: 'Whether this is the own password; for a screen that was locked',
    body: passwordOnlyBodySchema,
    response: { 204: nothing },
  }
  app.post('/api/v1/me/password-check', { config, schema: check }, async (request, reply) => {
    const proof = { ...request.body, address: request.ip, field: 'password' }
    accepted(await reauthenticate(deps, getSession(request), proof))
    return reply.code(204).send(null)
  })
}
