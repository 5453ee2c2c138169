/** `/api/v1/waitlist`: who waits, whom a free time fits, and offers of it. */
import Type from 'typebox'
import {
  acceptAnswerSchema,
  entryAnswerSchema,
  fitsAnswerSchema,
  fitsQuerySchema,
  offerBodySchema,
  offersAnswerSchema,
  waitBodySchema,
  waitChangeSchema,
  waitlistPageSchema,
  waitlistQuerySchema,
} from '#domain/api/waitlist-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError, toApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { acceptOffer, declineOffer } from '#server/operations/answer-offer.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import { viewAppointment } from '#server/operations/find-appointments.ts'
import { asEntry, findFits, listOffers, listWaitlist, viewOffer } from '#server/operations/list-waitlist.ts'
import { offerTime } from '#server/operations/offer-time.ts'
import { addWaitlistEntry, changeWaitlistEntry, type EntryAnswer } from '#server/operations/save-waitlist-entry.ts'

type Deps = BookingDeps & {
  readonly database: Database
  readonly now: () => Instant
  readonly audit: NoteAccess
  readonly paging: Paging
}

const PATH = '/api/v1/waitlist'
const tags = ['waitlist']
const config = { permission: 'manage-waitlist' } as const
const params = Type.Object({ id: idSchema<'WaitlistEntry'>() }, { additionalProperties: false })
const offerParams = Type.Object({ id: idSchema<'WaitlistOffer'>() }, { additionalProperties: false })

export function registerWaitlistRoutes(app: App, deps: Deps): void {
  registerEntries(app, deps)
  registerOffers(app, deps)
}

function stored(answer: EntryAnswer) {
  if (!answer.ok) throw toApiError(answer.rejection)
  return asEntry(answer.stored)
}

function registerEntries(app: App, deps: Deps): void {
  app.get(
    PATH,
    {
      config,
      schema: {
        tags,
        summary: 'Who waits, longest first',
        querystring: waitlistQuerySchema,
        response: { 200: waitlistPageSchema },
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query
      const page = deps.paging(request)
      const { items, last } = await listWaitlist(deps, await getSession(request).subject(), filters, page)
      return { entries: [...items], nextCursor: page.cursorOf(last) }
    },
  )
  app.post(
    PATH,
    {
      config,
      schema: {
        tags,
        summary: 'Put somebody on the waitlist',
        body: waitBodySchema,
        response: { 201: entryAnswerSchema },
      },
    },
    async (request, reply) => {
      const entry = stored(await addWaitlistEntry(deps, await getSession(request).subject(), request.body))
      reply.code(201)
      return tag(reply, entry.revision, { entry })
    },
  )
  app.patch(
    `${PATH}/:id`,
    {
      config,
      schema: {
        tags,
        summary: 'Change what somebody waits for, take them off or back on',
        params,
        body: waitChangeSchema,
        response: { 200: entryAnswerSchema },
      },
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params, body } = request
      const entry = stored(await changeWaitlistEntry(deps, subject, params.id, body, seenRevision(request)))
      return tag(reply, entry.revision, { entry })
    },
  )
  app.get(
    `${PATH}/fits`,
    {
      config,
      schema: {
        tags,
        summary: 'Whom a free time fits, in the order to ask',
        querystring: fitsQuerySchema,
        response: { 200: fitsAnswerSchema },
      },
    },
    async (request) => {
      const entries = await findFits(deps, await getSession(request).subject(), request.query)
      if (!entries) throw new ApiError('not-found')
      return { entries: [...entries] }
    },
  )
}

function registerOffers(app: App, deps: Deps): void {
  app.get(
    `${PATH}/offers`,
    { config, schema: { tags, summary: 'The offers that are open', response: { 200: offersAnswerSchema } } },
    async (request) => ({ offers: [...(await listOffers(deps, await getSession(request).subject()))] }),
  )
  app.post(
    `${PATH}/offers`,
    {
      config: { permission: 'book-appointment' },
      schema: {
        tags,
        summary: 'Offer a free time to somebody who waits, or to several: the first to accept gets it',
        body: offerBodySchema,
        response: { 201: offersAnswerSchema },
      },
    },
    async (request, reply) => {
      const answer = await offerTime(deps, await getSession(request).subject(), request.body)
      if (!answer.ok) throw toApiError(answer.rejection)
      return reply.code(201).send({ offers: answer.offers.map(viewOffer) })
    },
  )
  app.post(
    `${PATH}/offers/:id/accept`,
    {
      config,
      schema: { tags, summary: 'Take an offered time', params: offerParams, response: { 201: acceptAnswerSchema } },
    },
    async (request, reply) => {
      const answer = await acceptOffer(deps, await getSession(request).subject(), request.params.id)
      if (!answer.ok) throw toApiError(answer.rejection)
      return reply.code(201).send({ appointment: await viewAppointment(deps, answer.appointment) })
    },
  )
  app.post(
    `${PATH}/offers/:id/decline`,
    {
      config,
      schema: { tags, summary: 'Say no to an offered time', params: offerParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const isDeclined = await declineOffer(deps, await getSession(request).subject(), request.params.id)
      if (!isDeclined) throw new ApiError('not-found')
      return reply.code(204).send(null)
    },
  )
}
