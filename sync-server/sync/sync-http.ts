/**
 * The sync protocol without WebSockets: what the frames of a socket ask for, as requests of HTTP. Pull, push and stream have the
 * addresses and shapes of rxdb-server, so its stock client works unchanged; `hello`, `ping` and one stream for all names serve
 * ours, because a browser opens no more than six connections to one server. Transport only; what a request does is told by
 * serve-request.ts, as for a socket.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { wireCheckpointSchema } from '#domain/sync/checkpoint.ts'
import { COLLECTION_NAMES, type CollectionName, isCollectionName } from '#domain/sync/collections.ts'
import { isPokedName } from '#domain/sync/live-names.ts'
import { MAX_FRAME_BYTES } from '#domain/sync/protocol-version.ts'
import {
  helloSchema,
  MAX_PULL_DOCUMENTS,
  MAX_PUSH_ROWS,
  type PushRow,
  pingAnswerSchema,
  pullResultSchema,
  pushAnswerSchema,
  pushRowSchema,
  replicaSumSchema,
  replicaTotalSchema,
  welcomeSchema,
} from '#domain/sync/wire-messages.ts'
import { SECOND_MS } from '#domain/time/instant.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { isServedVersion, judgeHello, welcomeOf } from './authenticate.ts'
import { isDeeperThan, MAX_DEPTH } from './parse-frame.ts'
import { servePull, servePush } from './serve-request.ts'
import { createSessionQueues, queueIsFull } from './session-queues.ts'
import { createStreams, type Streams } from './streams.ts'
import type { SyncHub } from './sync-hub.ts'
import type { SyncDeps } from './sync-session.ts'

const placeSchema = Type.Object(
  { collection: Type.Enum([...COLLECTION_NAMES]), schemaVersion: Type.Integer({ minimum: 0, maximum: 1_000_000 }) },
  { additionalProperties: false },
)
const pullQuerySchema = Type.Object(
  {
    lwt: Type.Optional(wireCheckpointSchema.properties.lwt),
    id: Type.Optional(wireCheckpointSchema.properties.id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  { additionalProperties: false },
)
const sumQuerySchema = Type.Object(
  { ...wireCheckpointSchema.properties, differed: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
const namesQuerySchema = Type.Object(
  { names: Type.String({ minLength: 1, maxLength: 1_000 }) },
  { additionalProperties: false },
)
const rowsSchema = Type.Array(pushRowSchema, { maxItems: MAX_PUSH_ROWS })
const statesSchema = pushAnswerSchema.properties.result
const pingSchema = pingAnswerSchema.properties.result

type Place = { readonly collection: CollectionName; readonly schemaVersion: number }

/** A program with an access token has no replica, as it has no socket. */
const config = { permission: 'own-account', isQuiet: true } as const
const tags = ['sync']

/** @param hub of the sockets: streams end with their sessions and hear pokes as sockets do */
export async function registerSyncHttp(root: App, deps: SyncDeps, hub: SyncHub): Promise<void> {
  await root.register(async (scope) => {
    const app = scope as unknown as App
    takeFramesOfJson(app)
    const streams = createStreams(hub)
    registerSession(app, deps)
    registerData(app, deps, hub, streams)
    registerSum(app, deps)
    registerStreams(app, streams)
  })
}

/** Bodies within the bounds of a frame: as large, and no deeper. */
function takeFramesOfJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (isDeeperThan(String(text), MAX_DEPTH)) done(new ApiError('malformed-request'))
    else void parse(request, String(text), done)
  })
}

/** What a socket's `auth` and `ping` are. */
function registerSession(app: App, deps: SyncDeps): void {
  app.post(
    '/sync/v1/hello',
    {
      config,
      schema: { tags, summary: 'Begin to sync over HTTP', body: helloSchema, response: { 200: welcomeSchema } },
    },
    async (request) => {
      const answer = await judgeHello(deps, request.body, request.headers.origin)
      if (!answer.ok && answer.code === 'UPGRADE_REQUIRED') {
        throw new ApiError('upgrade-required', { field: answer.field })
      }
      if (!answer.ok || answer.session.sessionId !== getSession(request).sessionId) throw new ApiError('not-signed-in')
      return welcomeOf(deps, answer.session, answer.spoken.protocol)
    },
  )
  const schema = { tags, summary: 'Whether server and session are still there', response: { 200: pingSchema } }
  app.get('/sync/v1/ping', { config, schema }, async () => ({ serverTime: deps.now() }))
}

function registerData(app: App, deps: SyncDeps, { pokes, downloads }: SyncHub, streams: Streams): void {
  const queues = createSessionQueues()
  /** Before the body is read: what will not be taken need not arrive. */
  const onRequest = async (request: FastifyRequest) => {
    if (queues.isFull(getSession(request).sessionId)) throw queueIsFull()
  }
  app.get(
    '/sync/:collection/:schemaVersion/pull',
    {
      config,
      onRequest,
      schema: {
        tags,
        summary: 'What changed in a collection since a checkpoint',
        params: placeSchema,
        querystring: pullQuerySchema,
        response: { 200: pullResultSchema },
      },
    },
    async (request) => {
      const { collection } = placeOf(request)
      const { lwt = 0, id = '', limit = MAX_PULL_DOCUMENTS } = request.query
      const session = getSession(request)
      const asker = { deps, session, pokes, targets: streams.targetsOf(session.sessionId), downloads }
      const checkpoint = id === '' ? null : { lwt, id }
      const answer = await queues.run(session.sessionId, 0, () => servePull(asker, collection, checkpoint, limit))
      if (answer.ok === 'busy')
        throw new ApiError('busy', { retryAfterSeconds: Math.ceil(answer.retryAfter / SECOND_MS) })
      if (!answer.ok) throw new ApiError('invalid-field', { field: 'id', message: answer.message })
      return { documents: [...answer.result.documents], checkpoint: answer.result.checkpoint }
    },
  )
  app.post(
    '/sync/:collection/:schemaVersion/push',
    {
      config,
      onRequest,
      bodyLimit: MAX_FRAME_BYTES,
      schema: {
        tags,
        summary: 'Send changes; answered are the current states of those that were not taken as sent',
        params: placeSchema,
        body: rowsSchema,
        response: { 200: statesSchema },
      },
    },
    async (request) => {
      const { collection, schemaVersion } = placeOf(request)
      const session = getSession(request)
      const rows: readonly PushRow[] = request.body
      const bytes = Number(request.headers['content-length'] ?? 0)
      const push = () => servePush({ deps, session }, collection, schemaVersion, rows)
      const answer = await queues.run(session.sessionId, bytes, push)
      if (!answer.ok) throw new ApiError('row-failed', { field: 'body' })
      return [...answer.result]
    },
  )
}

/** The sum is asked every few minutes by each device, the total during its first download. */
function registerSum(app: App, deps: SyncDeps): void {
  const total = {
    tags,
    summary:
      'How many documents of some collections a device holds that has read everything; names are joined by commas',
    querystring: namesQuerySchema,
    response: { 200: replicaTotalSchema },
  }
  app.get('/sync/v1/total', { config, schema: total }, async (request) => {
    const names = request.query.names.split(',').filter(isCollectionName)
    return { documents: await deps.total(await getSession(request).subject(), [...new Set(names)]) }
  })
  app.get(
    '/sync/:collection/:schemaVersion/sum',
    {
      config,
      schema: {
        tags,
        summary: 'What a device has to hold that has read up to a checkpoint, as one number',
        params: placeSchema,
        querystring: sumQuerySchema,
        response: { 200: replicaSumSchema },
      },
    },
    async (request) => {
      const { collection } = placeOf(request)
      const { differed, ...checkpoint } = request.query
      const session = getSession(request)
      const subject = await session.subject()
      if (differed) {
        deps.onDiffered(collection)
        deps.log.warn({ collection, userId: session.userId }, 'a replica held something else')
      }
      const answer = await deps.sum(subject, collection, checkpoint)
      if (!answer.ok) throw new ApiError('invalid-field', { field: 'id', message: answer.message })
      return { held: answer.held && { ...answer.held, except: [...answer.held.except] } }
    },
  )
}

function registerStreams(app: App, streams: Streams): void {
  const route = { method: 'GET', config, exposeHeadRoute: false, onRequest: refuseWhoReadsNoStream } as const
  app.route({
    ...route,
    url: '/sync/:collection/:schemaVersion/pullStream',
    schema: {
      tags,
      summary: 'Ends as soon as a collection has changed (server-sent events): pull, and open it again',
      params: placeSchema,
    },
    handler: (request, reply) => {
      const { collection } = placeOf(request)
      return streams.open(getSession(request), reply, [collection], { endsWithPoke: true })
    },
  })
  app.route({
    ...route,
    url: '/sync/v1/pokes',
    schema: {
      tags,
      summary: 'Says what has changed, as it happens (server-sent events); names are joined by commas',
      querystring: namesQuerySchema,
    },
    handler: (request, reply) => {
      const names = request.query.names.split(',').filter(isPokedName)
      if (names.length === 0)
        throw new ApiError('invalid-field', { field: 'names', message: 'None of "names" is known.' })
      return streams.open(getSession(request), reply, names, { endsWithPoke: false })
    },
  })
}

/** An answer without an end would keep a reader waiting who expects one. */
async function refuseWhoReadsNoStream({ headers }: FastifyRequest): Promise<void> {
  if (headers.accept?.includes('text/event-stream') !== true) throw new ApiError('stream-only')
}

function placeOf({ params }: FastifyRequest<{ Params: Place }>): Place {
  if (!isServedVersion(params.collection, params.schemaVersion)) {
    throw new ApiError('upgrade-required', { field: 'schemaVersion' })
  }
  return params
}
