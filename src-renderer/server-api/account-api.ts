/** The calls about accounts: the ways to one, and what people decide about their own. */
import Type, { type Static, type TSchema } from 'typebox'
import {
  linkedPatientAnswerSchema,
  openClinicsAnswerSchema,
  type RegistrationBody,
} from '#domain/api/account-schemas.ts'
import {
  type AccessToken,
  type CreateTokenBody,
  createdTokenAnswerSchema,
  enrolmentAnswerSchema,
  factorStateAnswerSchema,
  recoveryCodesAnswerSchema,
  tokensAnswerSchema,
} from '#domain/api/factor-schemas.ts'
import type { ApiResult } from './api-call.ts'
import type { ServerApi } from './server-api.ts'

const nothingSchema = Type.Unknown()
const factor = '/me/second-factor'

export type AccountApi = ReturnType<typeof createAccountApi>

export function createAccountApi({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<ApiResult<Static<Schema>>> =>
    call({ method, path, schema, ...(body !== undefined && { body }), pick: (answer) => answer as Static<Schema> })
  const tell = (path: string, body: unknown) => ask('POST', path, nothingSchema, body)
  return {
    /** The own access tokens, with which programs act for the person. */
    tokens: () => ask('GET', '/tokens', tokensAnswerSchema),
    /** Answers the token itself, this once. */
    createToken: (body: CreateTokenBody) => ask('POST', '/tokens', createdTokenAnswerSchema, body),
    revokeToken: ({ id }: Pick<AccessToken, 'id'>) => ask('DELETE', `/tokens/${id}`, nothingSchema),
    /** Where patients may register themselves; empty where they may not. */
    openClinics: () => ask('GET', '/registrations', openClinicsAnswerSchema),
    register: (body: RegistrationBody) => tell('/registrations', body),
    confirmRegistration: (token: string) => tell('/registrations/confirm', { token }),
    /** Answered the same whether there is an account or not. */
    askForPassword: (email: string) => tell('/auth/password-reset', { email }),
    /** With the secret of a reset link or of an invitation. */
    setPassword: (token: string, password: string) => tell('/auth/password', { token, password }),
    confirmEmail: (token: string) => tell('/auth/email', { token }),
    /** The secret for an authenticator app, for a log-in that has to set one up. */
    enrolByChallenge: (challenge: string) =>
      ask('POST', '/auth/second-factor/enrolment', enrolmentAnswerSchema, { challenge }),
    /** Whether it is the own password, for a screen that was locked. */
    checkPassword: (password: string) => tell('/me/password-check', { password }),
    changePassword: (currentPassword: string, newPassword: string) =>
      tell('/me/password', { currentPassword, newPassword }),
    changeEmail: (email: string, password: string) => tell('/me/email', { email, password }),
    factorState: () => ask('GET', factor, factorStateAnswerSchema),
    beginFactor: (password: string) => ask('POST', factor, enrolmentAnswerSchema, { password }),
    confirmFactor: (code: string) => ask('POST', `${factor}/confirm`, recoveryCodesAnswerSchema, { code }),
    renewCodes: (password: string, code: string) =>
      ask('POST', `${factor}/recovery-codes`, recoveryCodesAnswerSchema, { password, code }),
    removeFactor: (password: string, code: string) => tell(`${factor}/remove`, { password, code }),
    /** Links a record to the own account, by the code that the desk handed out. */
    linkPatient: (code: string) => ask('POST', '/me/patients', linkedPatientAnswerSchema, { code }),
  }
}
