/** `/api/v1/auth`: sign in and out, who I am, where I am signed in, and the ticket that opens a sync socket. */
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import {
  type LoginAnswer,
  loginAnswerSchema,
  loginBodySchema,
  meAnswerSchema,
  sessionSchema,
  socketTicketAnswerSchema,
} from '#domain/api/auth-schemas.ts'
import {
  enrolByChallengeBodySchema,
  enrolmentAnswerSchema,
  secondFactorBodySchema,
} from '#domain/api/factor-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { originKindOf } from '#server/http/authenticate.ts'
import type { OriginRule } from '#server/http/origins.ts'
import type { SessionCookie } from '#server/http/session-cookie.ts'
import type { AccountDeps } from '#server/operations/accounts/account-deps.ts'
import { enrolByChallenge } from '#server/operations/accounts/challenge.ts'
import { finishLogIn } from '#server/operations/accounts/finish-log-in.ts'
import { describeUser } from '#server/operations/describe-user.ts'
import { endSession } from '#server/operations/end-session.ts'
import { issueSocketTicket } from '#server/operations/issue-socket-ticket.ts'
import { listSessions } from '#server/operations/list-sessions.ts'
import { type LogInAnswer, type LogInDeps, logIn } from '#server/operations/log-in.ts'
import type { SessionRecord } from '#server/repositories/sessions.ts'
import { accepted } from './account-answer.ts'

export type AuthRouteDeps = LogInDeps & {
  readonly originRule: OriginRule
  readonly accounts: AccountDeps
  readonly cookie: SessionCookie
  /** Told at once when a session has ended, so that its sockets close. */
  readonly onSessionEnded: (sessionId: string) => void
}

const PATH = '/api/v1/auth'
const tags = ['auth']
const nothing = Type.Null()

export function registerAuthRoutes(app: App, deps: AuthRouteDeps): void {
  registerLogIn(app, deps)
  registerSessions(app, deps)
  app.get(
    `${PATH}/me`,
    {
      config: { permission: 'signed-in', isToldOfRevocation: true },
      schema: { tags, summary: 'Who is signed in, and what they may do', response: { 200: meAnswerSchema } },
    },
    async (request) => {
      const session = getSession(request)
      return {
        user: await describeUser(deps, session.clinicId, session.userId),
        ...(request.cookieToken !== null && { csrfToken: deps.cookie.csrfTokenOf(request.cookieToken) }),
        serverTime: deps.now(),
      }
    },
  )
  app.post(
    `${PATH}/socket-ticket`,
    {
      config: { permission: 'own-account', isToldOfRevocation: true },
      schema: {
        tags,
        summary: 'A one-use ticket that opens a sync socket',
        response: { 200: socketTicketAnswerSchema },
      },
    },
    (request) => issueSocketTicket(deps, getSession(request), request.headers.origin ?? null),
  )
}

function registerLogIn(app: App, deps: AuthRouteDeps): void {
  const schema = { tags, summary: 'Sign in', body: loginBodySchema, response: { 200: loginAnswerSchema } }
  app.post(`${PATH}/login`, { config: { permission: 'public' }, schema }, async (request, reply) => {
    const { email, password, transport = 'token', device, clinicId } = request.body
    // A page of another origin could not keep the cookie anyway, and a form on a foreign page must not sign anybody in.
    if (transport === 'cookie' && originKindOf(deps.originRule, request) !== 'own') {
      throw new ApiError('origin-not-allowed')
    }
    const answer = await logIn(deps, { email, password, clinicId, transport, device, address: request.ip })
    if (!answer.ok) throw toLogInError(answer)
    return signedIn(deps, reply, answer)
  })
  registerSecondStep(app, deps)
}

/** The second step: a code for the challenge of the first; where the clinic asks for it, the secret to set a factor up. */
function registerSecondStep(app: App, deps: AuthRouteDeps): void {
  const answerSchema = {
    tags,
    summary: 'Answer the challenge of a log-in with a code of the app or a recovery code',
    body: secondFactorBodySchema,
    response: { 200: loginAnswerSchema },
  }
  app.post(
    `${PATH}/second-factor`,
    { config: { permission: 'public' }, schema: answerSchema },
    async (request, reply) => {
      const proof = { ...request.body, address: request.ip }
      return signedIn(deps, reply, accepted(await finishLogIn(deps.accounts, proof)))
    },
  )
  const enrolSchema = {
    tags,
    summary: 'The secret for an authenticator app, for a challenge that asks to set one up',
    body: enrolByChallengeBodySchema,
    response: { 200: enrolmentAnswerSchema },
  }
  const path = `${PATH}/second-factor/enrolment`
  app.post(path, { config: { permission: 'public' }, schema: enrolSchema }, async (request) => {
    const { enrolment } = accepted(await enrolByChallenge(deps.accounts, request.body.challenge))
    return enrolment
  })
}

type Opened = {
  readonly token: string
  readonly session: SessionRecord
  readonly recoveryCodes?: string[] | null
}

/** The answer of a finished log-in: the token, or a cookie and the CSRF token that goes with it. */
async function signedIn(deps: AuthRouteDeps, reply: FastifyReply, opened: Opened): Promise<LoginAnswer> {
  const { token, session, recoveryCodes } = opened
  const answer: LoginAnswer = {
    user: await describeUser(deps, session.clinicId, session.userId),
    ...(recoveryCodes && { recoveryCodes }),
    serverTime: deps.now(),
  }
  if (session.transport === 'token') return { ...answer, token }
  reply.setCookie(deps.cookie.name, token, deps.cookie.options)
  return { ...answer, csrfToken: deps.cookie.csrfTokenOf(token) }
}

function toLogInError(refusal: Extract<LogInAnswer, { ok: false }>): ApiError {
  switch (refusal.reason) {
    case 'too-many-attempts':
      return new ApiError(refusal.reason, { retryAfterSeconds: refusal.retryAfterSeconds })
    case 'second-factor-required': {
      const { challenge, isEnrolment } = refusal
      return new ApiError(refusal.reason, { more: { challenge, isEnrolment } })
    }
    case 'choose-clinic':
      return new ApiError(refusal.reason, { field: 'clinicId', more: { clinics: [...refusal.clinics] } })
    case 'busy':
      return new ApiError(refusal.reason, { retryAfterSeconds: 2 })
    case 'wrong-credentials':
    case 'device-revoked':
      return new ApiError(refusal.reason)
  }
}

function registerSessions(app: App, deps: AuthRouteDeps): void {
  app.post(
    `${PATH}/logout`,
    {
      config: { permission: 'own-account' },
      schema: { tags, summary: 'Sign out', response: { 204: nothing } },
    },
    async (request, reply) => {
      const session = getSession(request)
      await endSession(deps, session, session.sessionId)
      deps.onSessionEnded(session.sessionId)
      reply.clearCookie(deps.cookie.name, deps.cookie.options)
      return reply.code(204).send(null)
    },
  )
  const list = Type.Object({ sessions: Type.Array(sessionSchema) }, { additionalProperties: false })
  app.get(
    `${PATH}/sessions`,
    {
      config: { permission: 'own-account' },
      schema: { tags, summary: 'Where the person is signed in', response: { 200: list } },
    },
    async (request) => ({ sessions: await listSessions(deps, getSession(request)) }),
  )
  const params = Type.Object({ id: idSchema<'Session'>() }, { additionalProperties: false })
  app.delete(
    `${PATH}/sessions/:id`,
    {
      config: { permission: 'own-account' },
      schema: { tags, summary: "End one of the person's sessions", params, response: { 204: nothing } },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await endSession(deps, getSession(request), id))) throw new ApiError('not-found')
      deps.onSessionEnded(id)
      return reply.code(204).send(null)
    },
  )
}
