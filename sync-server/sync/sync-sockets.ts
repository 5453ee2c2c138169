/**
 * The route `/sync/v1`: every replica's connection. Transport only; what a frame does is told by operations.
 *
 * Register on an app of its own prefix-free scope, after the security headers. The returned handle is what `main.ts` closes
 * first when the server stops.
 */

import websocketPlugin, { type WebsocketPluginOptions } from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CLOSE, MAX_FRAME_BYTES, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import { ApiError } from '#server/http/api-error.ts'
import { createPokes } from './pokes.ts'
import type { SyncDeps } from './sync-session.ts'
import { SOCKET_SETTINGS, type SocketSettings, SyncSocket } from './sync-socket.ts'

export const SYNC_PATH = '/sync/v1'

export type SyncSettings = SocketSettings & {
  /** How often ended sessions are looked for. Two rounds stay below the promised 5 s. */
  readonly sessionCheckMs: number
  /** How often a silent peer is asked for a sign of life, and how long it may stay silent. */
  readonly beatMs: number
  readonly silenceMs: number
}
export const SYNC_SETTINGS: SyncSettings = {
  ...SOCKET_SETTINGS,
  sessionCheckMs: 2_000,
  beatMs: 15_000,
  silenceMs: 40_000,
}

export type SyncSockets = {
  /** Closes the sockets of a session that has just ended; the code says why. */
  readonly endSession: (sessionId: string, code?: number) => void
  /** Open connections, for tests and metrics. */
  readonly count: () => number
  /** Finishes the requests in hand and closes every socket with 1012. */
  readonly close: () => Promise<void>
}

export async function registerSyncSockets(
  app: FastifyInstance,
  deps: SyncDeps,
  settings: SyncSettings = SYNC_SETTINGS,
): Promise<SyncSockets> {
  const pokes = createPokes()
  const sockets = new Set<SyncSocket>()
  const stopListening = deps.onCommitted(pokes.publish)
  const timers = [
    setInterval(() => void endLostSessions(deps, sockets), settings.sessionCheckMs),
    setInterval(() => beatAll(sockets, settings.silenceMs), settings.beatMs),
  ]
  for (const timer of timers) timer.unref()
  let isClosing = false

  async function close(): Promise<void> {
    isClosing = true
    stopListening()
    pokes.close()
    for (const timer of timers) clearInterval(timer)
    await Promise.all([...sockets].map((socket) => socket.end(CLOSE.serverRestarts, 'The server is restarting.')))
    app.websocketServer.close()
  }

  await app.register(websocketPlugin, { ...pluginOptions(deps), preClose: (done) => void close().then(() => done()) })
  app.route({
    method: 'GET',
    url: SYNC_PATH,
    schema: { tags: ['sync'], summary: 'The replication socket; open it as a WebSocket' },
    // Open to everybody: who it is, the first frame says.
    config: { permission: 'public', isQuiet: true },
    preValidation: (request, reply) => refuseForeignPages(deps, request, reply),
    handler: (_, reply) => {
      reply.header('upgrade', 'websocket')
      throw new ApiError('websocket-only')
    },
    wsHandler: (socket, request) => {
      if (isClosing) return socket.close(CLOSE.serverRestarts, 'The server is restarting.')
      const peer = { isOurs: socket.protocol === SYNC_SUBPROTOCOL, origin: request.headers.origin }
      const opened = new SyncSocket(socket, peer, { deps, pokes, settings })
      sockets.add(opened)
      socket.on('close', () => sockets.delete(opened))
    },
  })

  return {
    endSession: (sessionId, code) => endSessions(sockets, new Set([sessionId]), code),
    count: () => sockets.size,
    close,
  }
}

/** A peer that was told what it did wrong gets this long to read it. */
const BROKEN_PATIENCE_MS = 2_000

const pluginOptions = (deps: SyncDeps): WebsocketPluginOptions => ({
  options: {
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SYNC_SUBPROTOCOL) ? SYNC_SUBPROTOCOL : false),
  },
  // A broken frame has been answered with its close code already; cutting the line now would swallow that answer.
  errorHandler: (error, socket, request) => {
    deps.log.warn({ err: error, requestId: request.id }, 'a sync socket broke')
    setTimeout(() => socket.terminate(), BROKEN_PATIENCE_MS).unref()
  },
})

/** Before the upgrade: answered at once, because an error thrown here would leave the connection open. */
export async function refuseForeignPages(
  deps: Pick<SyncDeps, 'isOriginAllowed'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { origin } = request.headers
  if (origin === undefined || deps.isOriginAllowed(origin, request.socket.localPort)) return
  const message = 'This page may not open a socket here.'
  await reply.code(403).send({ error: { code: 'foreign-origin', message, requestId: request.id } })
}

function beatAll(sockets: ReadonlySet<SyncSocket>, silenceMs: number): void {
  const now = performance.now()
  for (const socket of sockets) socket.beat(now, silenceMs)
}

async function endLostSessions(deps: SyncDeps, sockets: ReadonlySet<SyncSocket>): Promise<void> {
  const ids = new Set([...sockets].flatMap((socket) => socket.session?.sessionId ?? []))
  if (ids.size === 0) return
  try {
    endSessions(sockets, await deps.findEndedSessions([...ids]))
  } catch (error) {
    deps.log.error({ err: error }, 'ended sessions could not be looked up')
  }
}

function endSessions(
  sockets: ReadonlySet<SyncSocket>,
  ended: ReadonlySet<string>,
  code: number = CLOSE.unauthenticated,
): void {
  for (const socket of sockets) {
    const session = socket.session
    if (session && ended.has(session.sessionId)) void socket.end(code, 'The session is over.')
  }
}
