/** `/api/v1/calendar-feeds`, and `/ical/SECRET.ics`, which calendars read without signing in: the secret is the permission. */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { createFeedBodySchema, feedAddressAnswerSchema, feedListAnswerSchema } from '#domain/api/calendar-feed-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { createFeed, listFeeds, revokeFeed } from '#server/operations/calendar-feeds/manage-feeds.ts'
import { type ReadFeedDeps, readFeed } from '#server/operations/calendar-feeds/read-feed.ts'

const PATH = '/api/v1/calendar-feeds'
const tags = ['calendar']
const config = { permission: 'view-appointments' } as const

type Deps = ReadFeedDeps & { readonly linkTo: (path: string) => string }

export function registerCalendarFeedRoutes(app: App, deps: Deps): void {
  const list = { tags, summary: "The person's own calendar feeds", response: { 200: feedListAnswerSchema } }
  app.get(PATH, { config, schema: list }, async (request) => ({
    feeds: await listFeeds(deps, await getSession(request).subject()),
  }))
  const create = {
    tags,
    summary: 'A secret address under which a calendar reads visits; shown once',
    body: createFeedBodySchema,
    response: { 201: feedAddressAnswerSchema },
  }
  app.post(PATH, { config, schema: create }, async (request, reply) => {
    const made = await createFeed(deps, await getSession(request).subject(), request.body)
    if (!made) throw new ApiError('not-found')
    return reply.code(201).send({ feed: made.feed, url: deps.linkTo(`/ical/${made.secret}.ics`) })
  })
  const params = Type.Object({ id: idSchema<'CalendarFeed'>() }, { additionalProperties: false })
  const revoke = {
    tags,
    summary: 'End a feed; its address shows nothing from then on',
    params,
    response: { 204: Type.Null() },
  }
  app.delete(`${PATH}/:id`, { config, schema: revoke }, async (request, reply) => {
    const isRevoked = await revokeFeed(deps, await getSession(request).subject(), request.params.id)
    if (!isRevoked) throw new ApiError('not-found')
    return reply.code(204).send(null)
  })
  registerFeed(app, deps)
}

const ICALENDAR = 'text/calendar; charset=utf-8'
/** Calendars poll some times an hour; a guesser would need more tries than the universe has time for, and gets fewer. */
const READS_PER_MINUTE = 60

function registerFeed(app: App, deps: Deps): void {
  const params = Type.Object({ secret: Type.String({ maxLength: 64 }) }, { additionalProperties: false })
  const schema = {
    tags,
    summary: 'Visits as iCalendar; the address is secret',
    params,
    response: {
      200: { description: 'iCalendar (RFC 5545)', content: { 'text/calendar': { schema: Type.String() } } },
      304: Type.Null({ description: 'Nothing has changed since the entity tag in If-None-Match' }),
    },
  }
  const limit = app.createRateLimit({
    max: READS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => request.ip,
  })
  app.get('/ical/:secret.ics', { config: { permission: 'public' }, schema }, async (request, reply) => {
    const state = await limit(request)
    if (!state.isAllowed && state.isExceeded) {
      throw new ApiError('too-many-requests', { retryAfterSeconds: state.ttlInSeconds })
    }
    const text = await readFeed(deps, request.params.secret)
    if (text === undefined) throw new ApiError('not-found')
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
    reply.headers({
      etag,
      'cache-control': 'private, no-cache',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    })
    const known = request.headers['if-none-match']
    if (known?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag))
      return reply.code(304).type(ICALENDAR).send(null)
    return reply.type(ICALENDAR).send(text)
  })
}
