/**
 * `/api/v1/notifications/stream`: what one is told, as it happens, for apps without a replica. Transport only. The first message says
 * who it is: `{"type":"auth","ticket":"…"}` from a page, or `"authorization":"Bearer …"` from another client. Then the server sends
 * `{"type":"ready","unreadCount":n}` and `{"type":"notification","notification":{…}}` with every new one. What came before, or while
 * nobody listened, is read at `/api/v1/notifications`.
 */
import Type from 'typebox'
import { Check } from 'typebox/value'
import type { WebSocket } from 'ws'
import type { NotificationView } from '#domain/api/notification-api.ts'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import { seconds } from '#domain/time/instant.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { SyncDeps, SyncSession } from './sync-session.ts'
import { refuseForeignPages } from './sync-sockets.ts'

export const STREAM_PATH = '/api/v1/notifications/stream'

export type StreamDeps = Pick<
  SyncDeps,
  'authenticateBearer' | 'redeemTicket' | 'findEndedSessions' | 'isOriginAllowed'
> & {
  readonly log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
  /** The newest of a person's list, oldest first, and how many are unread. */
  readonly latest: (
    session: SyncSession,
    after: string,
  ) => Promise<{
    readonly notifications: readonly NotificationView[]
    readonly place: string
    readonly unreadCount: number
  }>
}

export type NotificationStream = {
  /** These people have something new in their lists. */
  tell(userIds: readonly string[]): void
  count(): number
}

const AUTH_MS = seconds(8)
const SESSION_CHECK_MS = seconds(2)
const BEAT_MS = seconds(30)
/** A reader that takes nothing is let go: it reads the list when it is back. */
const MOST_BUFFERED_BYTES = 256 * 1024

const authSchema = Type.Object(
  {
    type: Type.Literal('auth'),
    ticket: Type.Optional(Type.String({ maxLength: 200 })),
    authorization: Type.Optional(Type.String({ maxLength: 300 })),
  },
  { additionalProperties: false },
)

type Line = { readonly socket: WebSocket; readonly session: SyncSession; place: string; telling: Promise<void> }

export function registerNotificationStream(app: App, deps: StreamDeps): NotificationStream {
  const lines = new Set<Line>()
  const timers = [
    setInterval(() => void endLost(deps, lines), SESSION_CHECK_MS).unref(),
    setInterval(() => beat(lines), BEAT_MS).unref(),
  ]
  app.addHook('onClose', async () => {
    for (const timer of timers) clearInterval(timer)
  })
  app.addHook('preClose', async () => {
    for (const { socket } of lines) socket.close(CLOSE.serverRestarts, 'The server is restarting.')
  })
  app.route({
    method: 'GET',
    url: STREAM_PATH,
    schema: { tags: ['notifications'], summary: 'What one is told, as it happens; open it as a WebSocket' },
    // Open to everybody: who it is, the first message says.
    config: { permission: 'public', isQuiet: true },
    preValidation: (request, reply) => refuseForeignPages(deps, request, reply),
    handler: (_, reply) => {
      reply.header('upgrade', 'websocket')
      throw new ApiError('websocket-only')
    },
    wsHandler: (socket, request) => open(deps, lines, socket, request.headers.origin),
  })
  return {
    tell: (userIds) => {
      const told = new Set(userIds)
      for (const line of lines) if (told.has(line.session.userId)) tellOf(deps, line)
    },
    count: () => lines.size,
  }
}

function open(deps: StreamDeps, lines: Set<Line>, socket: WebSocket, origin: string | undefined): void {
  const patience = setTimeout(() => socket.close(CLOSE.unauthenticated, 'Nobody signed in.'), AUTH_MS).unref()
  socket.on('error', (error) => deps.log.warn({ err: error }, 'a notification stream broke'))
  socket.once('message', (data) => {
    clearTimeout(patience)
    begin(deps, lines, socket, origin, String(data)).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a notification stream could not be opened')
      socket.close(CLOSE.serverRestarts, 'Try again.')
    })
  })
}

async function begin(
  deps: StreamDeps,
  lines: Set<Line>,
  socket: WebSocket,
  origin: string | undefined,
  text: string,
): Promise<void> {
  const session = await sessionFor(deps, text, origin)
  if (!session) return socket.close(CLOSE.unauthenticated, 'The sign-in is not valid.')
  const { place, unreadCount } = await deps.latest(session, '~')
  const line: Line = { socket, session, place, telling: Promise.resolve() }
  if (socket.readyState !== socket.OPEN) return
  lines.add(line)
  socket.on('close', () => lines.delete(line))
  socket.send(JSON.stringify({ type: 'ready', unreadCount }))
  // Something may have come between the look and the entry.
  tellOf(deps, line)
}

/** A page brings a ticket bound to its origin; another client, which has none, its token. */
async function sessionFor(deps: StreamDeps, text: string, origin: string | undefined): Promise<SyncSession | null> {
  let asked: unknown
  try {
    asked = text.length <= 1_000 ? JSON.parse(text) : null
  } catch {
    return null
  }
  if (!Check(authSchema, asked)) return null
  if (asked.ticket !== undefined && origin !== undefined) return deps.redeemTicket(asked.ticket, { origin })
  return asked.authorization !== undefined && origin === undefined ? deps.authenticateBearer(asked.authorization) : null
}

/** One look at a time per line, so that nothing is sent twice. */
function tellOf(deps: StreamDeps, line: Line): void {
  line.telling = line.telling
    .then(async () => {
      const { notifications, place } = await deps.latest(line.session, line.place)
      line.place = place
      if (line.socket.bufferedAmount > MOST_BUFFERED_BYTES) return line.socket.terminate()
      for (const notification of notifications) line.socket.send(JSON.stringify({ type: 'notification', notification }))
    })
    .catch((error: unknown) => deps.log.error({ err: error }, 'new notifications could not be read'))
}

async function endLost(deps: StreamDeps, lines: ReadonlySet<Line>): Promise<void> {
  if (lines.size === 0) return
  try {
    const ended = await deps.findEndedSessions([...new Set([...lines].map(({ session }) => session.sessionId))])
    for (const { socket, session } of lines) {
      if (ended.has(session.sessionId)) socket.close(CLOSE.unauthenticated, 'The session is over.')
    }
  } catch (error) {
    deps.log.error({ err: error }, 'ended sessions could not be looked up')
  }
}

function beat(lines: ReadonlySet<Line>): void {
  for (const { socket } of lines) socket.ping()
}
