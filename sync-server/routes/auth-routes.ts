/** `/api/v1/auth`: sign in and out, who I am, where I am signed in, and the ticket that opens a sync socket. */
import Type from 'typebox'
import {
  type LoginAnswer,
  loginAnswerSchema,
  loginBodySchema,
  meAnswerSchema,
  sessionSchema,
  socketTicketAnswerSchema,
} from '#domain/api/auth-schemas.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { originKindOf } from '#server/http/authenticate.ts'
import type { OriginRule } from '#server/http/origins.ts'
import type { SessionCookie } from '#server/http/session-cookie.ts'
import { describeUser } from '#server/operations/describe-user.ts'
import { endSession } from '#server/operations/end-session.ts'
import { issueSocketTicket } from '#server/operations/issue-socket-ticket.ts'
import { listSessions } from '#server/operations/list-sessions.ts'
import { type LogInAnswer, type LogInDeps, logIn } from '#server/operations/log-in.ts'

export type AuthRouteDeps = LogInDeps & {
  readonly originRule: OriginRule
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
      config: { permission: 'signed-in' },
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
      config: { permission: 'own-account' },
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
    const { token, session } = answer
    const signedIn: LoginAnswer = {
      user: await describeUser(deps, session.clinicId, session.userId),
      serverTime: deps.now(),
    }
    if (transport === 'token') return { ...signedIn, token }
    reply.setCookie(deps.cookie.name, token, deps.cookie.options)
    return { ...signedIn, csrfToken: deps.cookie.csrfTokenOf(token) }
  })
}

function toLogInError(refusal: Extract<LogInAnswer, { ok: false }>): ApiError {
  switch (refusal.reason) {
    case 'too-many-attempts':
      return new ApiError(refusal.reason, { retryAfterSeconds: refusal.retryAfterSeconds })
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
