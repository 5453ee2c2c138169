/**
 * The route `/sync/v1`: every replica's connection. Transport only; what a frame does is told by operations.
 *
 * Register on an app of its own prefix-free scope, after the security headers. The returned hub is what is closed first when
 * the server stops.
 */

import websocketPlugin, { type WebsocketPluginOptions } from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CLOSE, MAX_FRAME_BYTES, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import { ApiError } from '#server/http/api-error.ts'
import { createSyncHub, type HubSettings, type SyncHub } from './sync-hub.ts'
import type { SyncDeps } from './sync-session.ts'
import { SOCKET_SETTINGS, type SocketSettings, SyncSocket } from './sync-socket.ts'

export const SYNC_PATH = '/sync/v1'

export type SyncSettings = SocketSettings & HubSettings
export const SYNC_SETTINGS: SyncSettings = {
  ...SOCKET_SETTINGS,
  sessionCheckMs: 2_000,
  beatMs: 15_000,
  silenceMs: 40_000,
}

export async function registerSyncSockets(
  app: FastifyInstance,
  deps: SyncDeps,
  settings: SyncSettings = SYNC_SETTINGS,
): Promise<SyncHub> {
  const hub = createSyncHub(deps, settings)
  const { pokes, downloads } = hub

  async function close(): Promise<void> {
    await hub.close()
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
      if (hub.isClosing()) return socket.close(CLOSE.serverRestarts, hub.farewell())
      const peer = { isOurs: socket.protocol === SYNC_SUBPROTOCOL, origin: request.headers.origin }
      const opened = new SyncSocket(socket, peer, { deps, pokes, downloads, settings })
      hub.add(opened)
      socket.on('close', () => hub.remove(opened))
    },
  })
  return { ...hub, close }
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
