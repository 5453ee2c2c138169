/** The ways to an account and its own affairs: reset, registration, links, password, address, and records to be linked. */
import Type from 'typebox'
import {
  changeEmailBodySchema,
  changePasswordBodySchema,
  confirmBodySchema,
  linkCodeBodySchema,
  linkedPatientAnswerSchema,
  openClinicsAnswerSchema,
  passwordResetBodySchema,
  registrationBodySchema,
  setPasswordBodySchema,
} from '#domain/api/account-schemas.ts'
import { joinClinicBodySchema, joinedClinicAnswerSchema } from '#domain/api/user-schemas.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import { joinClinic } from '#server/operations/accounts/accept-invitation.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { confirmEmailChange, requestEmailChange } from '#server/operations/accounts/change-email.ts'
import { changePassword } from '#server/operations/accounts/change-password.ts'
import { confirmRegistration } from '#server/operations/accounts/confirm-registration.ts'
import { redeemLinkCode } from '#server/operations/accounts/link-patient.ts'
import { listOpenClinics } from '#server/operations/accounts/list-open-clinics.ts'
import { requestPasswordReset } from '#server/operations/accounts/request-password-reset.ts'
import { requestRegistration } from '#server/operations/accounts/request-registration.ts'
import { setPassword } from '#server/operations/accounts/set-password.ts'
import { accepted, NO_BODY } from './account-answer.ts'

const nothing = Type.Null()
const anybody = { permission: 'public' } as const
const ownAccount = { permission: 'own-account' } as const

export function registerAccountRoutes(app: App, deps: AccountDeps): void {
  registerPasswords(app, deps)
  registerRegistrations(app, deps)
  registerEmail(app, deps)
  registerCodes(app, deps)
}

function registerCodes(app: App, deps: AccountDeps): void {
  const schema = {
    tags: ['me'],
    summary: 'Link a record to the own account, by the code that the desk has handed out',
    body: linkCodeBodySchema,
    response: { 201: linkedPatientAnswerSchema },
  }
  app.post('/api/v1/me/patients', { config: ownAccount, schema }, async (request, reply) => {
    const subject = await getSession(request).subject()
    const { patientId } = accepted(await redeemLinkCode(deps, subject, { ...request.body, address: request.ip }))
    return reply.code(201).send({ patientId })
  })
  const join = {
    tags: ['me'],
    summary: 'Work at one more clinic, by the code of its invitation',
    body: joinClinicBodySchema,
    response: { 201: joinedClinicAnswerSchema },
  }
  app.post('/api/v1/me/clinics', { config: ownAccount, schema: join }, async (request, reply) => {
    const subject = await getSession(request).subject()
    const { clinicId } = accepted(await joinClinic(deps, subject, { ...request.body, address: request.ip }))
    return reply.code(201).send({ clinicId })
  })
}

function registerPasswords(app: App, deps: AccountDeps): void {
  const reset = {
    tags: ['auth'],
    summary: 'Ask for a link that sets a new password; the answer is the same for every address',
    body: passwordResetBodySchema,
    response: { 202: nothing },
  }
  app.post('/api/v1/auth/password-reset', { config: anybody, schema: reset }, async (request, reply) => {
    accepted(await requestPasswordReset(deps, { email: request.body.email, address: request.ip }))
    return reply.code(202).send(NO_BODY)
  })
  const set = {
    tags: ['auth'],
    summary: 'Set a password with a reset link or an invitation',
    body: setPasswordBodySchema,
    response: { 204: nothing },
  }
  app.post('/api/v1/auth/password', { config: anybody, schema: set }, async (request, reply) => {
    accepted(await setPassword(deps, request.body))
    return reply.code(204).send(null)
  })
  const change = {
    tags: ['me'],
    summary: 'Change the own password; every other session ends',
    body: changePasswordBodySchema,
    response: { 204: nothing },
  }
  app.post('/api/v1/me/password', { config: ownAccount, schema: change }, async (request, reply) => {
    accepted(await changePassword(deps, getSession(request), { ...request.body, address: request.ip }))
    return reply.code(204).send(null)
  })
}

function registerRegistrations(app: App, deps: AccountDeps): void {
  const tags = ['registration']
  const list = { tags, summary: 'Where patients may register themselves', response: { 200: openClinicsAnswerSchema } }
  app.get('/api/v1/registrations', { config: anybody, schema: list }, async () => ({
    clinics: await listOpenClinics(deps),
  }))
  const register = {
    tags,
    summary: 'Ask for an account as a patient; the link in the e-mail makes it',
    body: registrationBodySchema,
    response: { 202: nothing },
  }
  app.post('/api/v1/registrations', { config: anybody, schema: register }, async (request, reply) => {
    accepted(await requestRegistration(deps, request.body, request.ip))
    return reply.code(202).send(NO_BODY)
  })
  const confirm = {
    tags,
    summary: 'Make the account that a registration asked for',
    body: confirmBodySchema,
    response: { 204: nothing },
  }
  app.post('/api/v1/registrations/confirm', { config: anybody, schema: confirm }, async (request, reply) => {
    accepted(await confirmRegistration(deps, request.body.token))
    return reply.code(204).send(null)
  })
}

function registerEmail(app: App, deps: AccountDeps): void {
  const ask = {
    tags: ['me'],
    summary: 'Ask to sign in with another e-mail address; a link goes to the new one',
    body: changeEmailBodySchema,
    response: { 202: nothing },
  }
  app.post('/api/v1/me/email', { config: ownAccount, schema: ask }, async (request, reply) => {
    accepted(await requestEmailChange(deps, getSession(request), { ...request.body, address: request.ip }))
    return reply.code(202).send(NO_BODY)
  })
  const confirm = {
    tags: ['auth'],
    summary: 'Take the new e-mail address, with the link that went to it',
    body: confirmBodySchema,
    response: { 204: nothing },
  }
  app.post('/api/v1/auth/email', { config: anybody, schema: confirm }, async (request, reply) => {
    accepted(await confirmEmailChange(deps, request.body.token))
    return reply.code(204).send(null)
  })
}
