/**
 * Who asks, from where. A bearer token is taken from any client that is no foreign page; a cookie only from the pages this
 * server serves, and for changes only with the page's origin and the CSRF token beside it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Revocation } from '#domain/api/hand-in-api.ts'
import { type Session, throughDoor } from '#server/operations/session.ts'
import { ApiError } from './api-error.ts'
import { DESKTOP_ORIGIN, type OriginKind, type OriginRule } from './origins.ts'
import type { SessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
    /** The cookie's token, for the CSRF token that goes with it. */
    cookieToken: string | null
  }
}

export type FindSession = (token: string) => Promise<Session | null>
/** Of a session that ended with its device. */
export type FindRevocation = (token: string, transport: 'token' | 'cookie') => Promise<Revocation | null>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A session that ended because its device's access was taken away is told so here, and what it may still do. */
    isToldOfRevocation?: boolean
  }
}

type SessionParts = {
  readonly findSession: FindSession
  readonly findRevocation: FindRevocation
  readonly cookie: SessionCookie
  readonly originRule: OriginRule
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const isReading = (request: FastifyRequest): boolean => READING.has(request.method)

export const originKindOf = (rule: OriginRule, request: FastifyRequest): OriginKind =>
  rule(request.headers.origin, request.socket.localPort)

/** Refuses foreign pages, and answers the desktop's preflight: its pages come from another origin than the server. */
export const createOriginHook = (rule: OriginRule) => async (request: FastifyRequest, reply: FastifyReply) => {
  const kind = originKindOf(rule, request)
  if (kind === 'foreign') throw new ApiError('origin-not-allowed')
  if (kind !== 'desktop') return undefined
  reply.headers({
    'access-control-allow-origin': DESKTOP_ORIGIN,
    'access-control-expose-headers': 'etag, retry-after, ratelimit, ratelimit-policy, x-request-id',
    vary: 'Origin',
  })
  if (request.method !== 'OPTIONS') return undefined
  return reply
    .headers({
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers':
        'authorization, content-type, accept, idempotency-key, if-match, x-hand-in-ticket',
      'access-control-max-age': '600',
    })
    .code(204)
    .send()
}

/** Finds the session of a request; leaves null where there is none. */
export function createSessionHook({ findSession, findRevocation, cookie, originRule: rule }: SessionParts) {
  const tellOfRevocation = async (request: FastifyRequest, token: string, transport: 'token' | 'cookie') => {
    if (!request.routeOptions.config.isToldOfRevocation) return
    const revocation = await findRevocation(token, transport)
    if (!revocation) return
    if (transport === 'cookie' && !isReading(request)) refuseForgery(request, token, cookie, rule)
    throw new ApiError('device-revoked', { more: { revocation } })
  }
  return async (request: FastifyRequest): Promise<void> => {
    if (request.is404 || request.routeOptions.config.permission === 'public') return
    const bearer = readBearer(request.headers.authorization)
    if (bearer !== undefined) {
      const session = await findSession(bearer)
      request.session = session && session.transport !== 'cookie' ? atDoorOf(request, session) : null
      if (!session && bearer !== '') await tellOfRevocation(request, bearer, 'token')
      return
    }
    const token = request.cookies[cookie.name]
    if (!token) return
    const session = await findSession(token)
    if (!session) await tellOfRevocation(request, token, 'cookie')
    if (session?.transport !== 'cookie') return
    if (!isReading(request)) refuseForgery(request, token, cookie, rule)
    request.session = atDoorOf(request, session)
    request.cookieToken = token
  }
}

/** Other systems and replicas come in by paths of their own; everybody else through the door their session was opened for. */
function atDoorOf({ routeOptions: { url = '' } }: FastifyRequest, session: Session): Session {
  if (url.startsWith('/fhir/')) return throughDoor(session, 'fhir')
  return url.startsWith('/sync/') ? throughDoor(session, 'sync') : session
}

function refuseForgery(request: FastifyRequest, token: string, cookie: SessionCookie, rule: OriginRule): void {
  if (originKindOf(rule, request) !== 'own') throw new ApiError('origin-not-allowed')
  if (!cookie.isCsrfToken(request.headers['x-csrf-token'], token)) throw new ApiError('csrf-refused')
}

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1); empty for a header of another kind. */
export function readBearer(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  return /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(header)?.[1] ?? ''
}
