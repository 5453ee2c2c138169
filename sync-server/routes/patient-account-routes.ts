/** What the desk does about patients' accounts: codes, invitations, and people who may be in the list twice. */
import Type from 'typebox'
import {
  duplicatePairSchema,
  inviteByEmailBodySchema,
  likelyDuplicatesAnswerSchema,
  linkCodeAnswerSchema,
} from '#domain/api/account-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { createLinkCode, invitePatient } from '#server/operations/accounts/link-patient.ts'
import { listDuplicates, settleDuplicate } from '#server/operations/accounts/settle-duplicates.ts'
import { accepted, NO_BODY } from './account-answer.ts'

const PATH = '/api/v1/patients'
const tags = ['patients']
const nothing = Type.Null()
const config = { permission: 'manage-patients' } as const
const params = Type.Object({ id: idSchema<'Patient'>() }, { additionalProperties: false })

export function registerPatientAccountRoutes(app: App, deps: AccountDeps): void {
  const code = {
    tags,
    summary: 'A one-use code that links the record to the account of whoever types it in; shown once',
    params,
    response: { 201: linkCodeAnswerSchema },
  }
  app.post(`${PATH}/:id/link-code`, { config, schema: code }, async (request, reply) => {
    const subject = await getSession(request).subject()
    const { code, expiresAt } = accepted(await createLinkCode(deps, subject, request.params.id))
    return reply.code(201).send({ code, expiresAt })
  })
  const invite = {
    tags,
    summary: 'Invite a patient by e-mail; the answer is the same whether the address has an account or not',
    params,
    body: inviteByEmailBodySchema,
    response: { 202: nothing },
  }
  app.post(`${PATH}/:id/invitation`, { config, schema: invite }, async (request, reply) => {
    const subject = await getSession(request).subject()
    accepted(await invitePatient(deps, subject, request.params.id, request.body.email))
    return reply.code(202).send(NO_BODY)
  })
  const list = {
    tags,
    summary: 'Patients who may be one person, for somebody to look at',
    response: { 200: likelyDuplicatesAnswerSchema },
  }
  app.get(`${PATH}/likely-duplicates`, { config, schema: list }, async (request) => {
    const { duplicates } = accepted(await listDuplicates(deps, await getSession(request).subject()))
    return { duplicates }
  })
  const settle = {
    tags,
    summary: 'Take a pair off that list',
    body: duplicatePairSchema,
    response: { 204: nothing },
  }
  app.post(`${PATH}/likely-duplicates/settle`, { config, schema: settle }, async (request, reply) => {
    accepted(await settleDuplicate(deps, await getSession(request).subject(), request.body))
    return reply.code(204).send(null)
  })
}
