/** `/api/v1/slots`: doorways to the searches for free times. They read, hold nothing, and are true at the moment of asking. */
import Type from 'typebox'
import {
  doctorSlotsQuerySchema,
  nextFreeAnswerSchema,
  nextFreeQuerySchema,
  slotsAnswerSchema,
  slotsQuerySchema,
  thirdNextAnswerSchema,
  thirdNextQuerySchema,
} from '#domain/api/slot-api.ts'
import { idSchema } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Page, Paging } from '#server/http/paging.ts'
import {
  findNextFree,
  findSlots,
  findThirdNext,
  type SlotPage,
  type SlotRefusal,
  type SlotsFound,
} from '#server/operations/find-slots.ts'
import type { ReadMemory } from '#server/operations/read-memory.ts'

type Deps = {
  readonly database: Database
  readonly memory: ReadMemory
  readonly now: () => Instant
  readonly paging: Paging
}

const SLOTS_PATH = '/api/v1/slots'
const tags = ['slots']
const toBook = { permission: 'book-appointment' } as const

export function registerSlotRoutes(app: App, deps: Deps): void {
  app.get(
    SLOTS_PATH,
    {
      config: toBook,
      schema: {
        tags,
        summary: 'Free times of one doctor, of a specialization, or of any doctor the type allows',
        querystring: slotsQuerySchema,
        response: { 200: slotsAnswerSchema },
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query
      const page = deps.paging(request)
      return toPage(page, await findSlots(deps, await getSession(request).subject(), filters, placeIn(page)))
    },
  )
  app.get(
    '/api/v1/doctors/:id/slots',
    {
      config: toBook,
      schema: {
        tags,
        summary: 'Free times of one doctor',
        params: Type.Object({ id: idSchema<'Doctor'>() }, { additionalProperties: false }),
        querystring: doctorSlotsQuerySchema,
        response: { 200: slotsAnswerSchema },
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query
      const page = deps.paging(request)
      const subject = await getSession(request).subject()
      const answer = await findSlots(deps, subject, { ...filters, doctorId: request.params.id }, placeIn(page))
      // Here the doctor is the address: one who is not there is nothing found, not a field to correct.
      const isNobody = !answer.ok && answer.reason === 'unknown-reference' && answer.field === 'doctorId'
      if (isNobody) throw new ApiError('not-found')
      return toPage(page, answer)
    },
  )
  registerMeasures(app, deps)
}

function registerMeasures(app: App, deps: Deps): void {
  app.get(
    `${SLOTS_PATH}/next-free`,
    {
      config: toBook,
      schema: {
        tags,
        summary: 'The first free times from now on, across doctors',
        querystring: nextFreeQuerySchema,
        response: { 200: nextFreeAnswerSchema },
      },
    },
    async (request) => {
      const answer = found(await findNextFree(deps, await getSession(request).subject(), request.query))
      return { slots: answer.slots, searchedTo: answer.searchedTo }
    },
  )
  app.get(
    `${SLOTS_PATH}/third-next-available`,
    {
      config: { permission: 'view-schedules' },
      schema: {
        tags,
        summary: 'How many days off the third free visit of a type lies, per doctor',
        querystring: thirdNextQuerySchema,
        response: { 200: thirdNextAnswerSchema },
      },
    },
    async (request) => {
      const answer = found(await findThirdNext(deps, await getSession(request).subject(), request.query))
      return { doctors: answer.doctors, today: answer.today, searchedTo: answer.searchedTo }
    },
  )
}

/** A place of this list is a time and a doctor: what `toPage` has sealed. */
function placeIn({ limit, after }: Page): SlotPage {
  const [start, doctorId] = after ?? []
  return { limit, after: typeof start === 'number' && typeof doctorId === 'string' ? { start, doctorId } : null }
}

function toPage(page: Page, answer: SlotsFound | SlotRefusal) {
  const { slots, last } = found(answer)
  return { slots, nextCursor: page.cursorOf(last && [last.start, last.doctorId]) }
}

function found<Found extends { readonly ok: true }>(answer: Found | SlotRefusal): Found {
  if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
  return answer
}
