/**
 * The HTTP server without its routes: strict parsing, headers, origins, sessions, limits, errors and the log.
 *
 * Order of a request: origin → rate limit by address → session → rate limit by session → declared permission → schema →
 * route. Whatever fails ends in the one error handler.
 */
import cookiePlugin from '@fastify/cookie'
import helmetPlugin from '@fastify/helmet'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { contentSecurityPolicy } from '#domain/security/content-security-policy.ts'
import { type DeclaredRoute, enforceAccess, requireDeclaredAccess } from './access-rule.ts'
import { ApiError } from './api-error.ts'
import type { App } from './app.ts'
import { addRefusalAudit, type NoteRefusal } from './audit-refusals.ts'
import { createOriginHook, createSessionHook, type FindRevocation, type FindSession } from './authenticate.ts'
import { answerError } from './error-handler.ts'
import type { OriginRule } from './origins.ts'
import { type CountStore, createRequestLimits, REQUEST_LIMITS, type RequestLimits } from './request-limits.ts'
import type { SessionCookie } from './session-cookie.ts'

export type AppOptions = {
  readonly log: FastifyBaseLogger
  /** Answers what is no address at all, before any route or its error handler is known; as everything else unless said. */
  readonly answerUnroutable?: typeof answerError
  readonly newRequestId: () => string
  readonly findSession: FindSession
  readonly findRevocation: FindRevocation
  readonly originRule: OriginRule
  readonly cookie: SessionCookie
  /** Whether browsers reach this server over TLS, through a proxy on this machine. */
  readonly isBehindTls: boolean
  readonly noteRefusal: NoteRefusal
  readonly limits?: RequestLimits
  /** Where requests are counted, where not in this process; given the window in milliseconds. */
  readonly countStore?: CountStore
}

/** Longest time a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000
/** Bytes of the largest JSON body: an appointment with every text full is a tenth of it. */
const BODY_LIMIT = 64 * 1024

export type CreatedApp = { readonly app: App; readonly routes: readonly DeclaredRoute[] }

/** Builds the app; the caller adds routes and listens. A route without a declared permission makes `ready()` fail. */
export async function createApp(options: AppOptions): Promise<CreatedApp> {
  const app = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: options.newRequestId,
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Forwarded addresses are believed only where a proxy on this machine is expected.
    trustProxy: options.isBehindTls ? 'loopback' : false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: options.answerUnroutable ?? answerError,
    // As long as an address can be: what is too long for an id is judged, and answered, where the route is.
    routerOptions: { maxParamLength: 16_384 },
  }).withTypeProvider<TypeBoxTypeProvider>()
  // Bodies are taken as they are: no number is made of text and no unknown field is dropped. Queries are text by nature.
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(answerError)
  const routes = requireDeclaredAccess(app)
  app.decorateRequest('session', null)
  app.decorateRequest('cookieToken', null)
  addRefusalAudit(app, options.noteRefusal)
  addRequestLog(app)
  endRefusedUpgrades(app)
  refuseWhileClosing(app)
  await addSecurityHeaders(app, options.isBehindTls)
  await app.register(cookiePlugin)
  app.addHook('onRequest', createOriginHook(options.originRule))
  await addGuards(app, options)
  return { app, routes }
}

async function addGuards(app: App, options: AppOptions): Promise<void> {
  const { byAddress, bySession } = await createRequestLimits(app, options.limits ?? REQUEST_LIMITS, options.countStore)
  app.addHook('onRequest', byAddress)
  app.addHook('onRequest', createSessionHook(options))
  app.addHook('onRequest', bySession)
  app.addHook('onRequest', enforceAccess)
}

/** One line per request, when it is over: route and codes, never the address asked for. */
function addRequestLog(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10
    const level = request.routeOptions.config.isQuiet ? 'debug' : 'info'
    request.log[level]({ req: request, res: reply, milliseconds }, 'request')
  })
}

/** Requests in hand are finished; one more on a connection that was kept open goes elsewhere or comes back. */
function refuseWhileClosing(app: App): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async () => {
    if (isClosing) throw new ApiError('shutting-down', { retryAfterSeconds: 5 })
  })
  // A connection that is kept open would keep the server waiting for it.
  app.addHook('onSend', async (_, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
}

/** The line of an upgrade that was refused belongs to nobody any more: left open, it would keep the server from closing. */
function endRefusedUpgrades(app: App): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.headers.upgrade === undefined) return
    reply.raw.once('finish', () => request.raw.socket.destroySoon())
  })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Logged at level debug: health checks and files. */
    isQuiet?: boolean
  }
}

async function addSecurityHeaders(app: App, isBehindTls: boolean): Promise<void> {
  await app.register(helmetPlugin, {
    // The policy is one text shared with the desktop.
    contentSecurityPolicy: false,
    strictTransportSecurity: isBehindTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  const policy = contentSecurityPolicy()
  app.addHook('onSend', async (request, reply) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', policy)
    const isData = request.url.startsWith('/api/') || request.url.startsWith('/sync/')
    if (!reply.hasHeader('cache-control') && isData) reply.header('cache-control', 'no-store')
  })
}
