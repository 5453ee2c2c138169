/** `/api/v1/doctors/{id}/day`: a doctor's whole day called off or moved, with the list of whom to call. */
import Type from 'typebox'
import {
  callListSchema,
  callTasksSchema,
  cancelDayBodySchema,
  changeDayAnswerSchema,
  changeDayBodySchema,
  dayAnswerSchema,
  moveDayBodySchema,
  tickTaskBodySchema,
} from '#domain/api/series-api.ts'
import { idSchema } from '#domain/ids.ts'
import { localDaySchema } from '#domain/schema-parts.ts'
import { isLocalDay, type LocalDay } from '#domain/time/clinic-time.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { listTasks, tickTask } from '#server/operations/call-tasks.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import {
  cancelDoctorDay,
  changeDoctorDay,
  type DayAnswer,
  moveDoctorDay,
} from '#server/operations/change-doctor-day.ts'
import { listCalls } from '#server/operations/list-calls.ts'
import { viewOutcomes } from './series-routes.ts'

type Deps = BookingDeps & { readonly database: Database; readonly audit: NoteAccess }

const PATH = '/api/v1/doctors/:id/day'
const tags = ['appointments']
const params = Type.Object({ id: idSchema<'Doctor'>() }, { additionalProperties: false })
const response = { 200: dayAnswerSchema }

export function registerDoctorDayRoutes(app: App, deps: Deps): void {
  app.post(
    `${PATH}/cancel`,
    {
      config: { permission: 'cancel-appointment' },
      schema: {
        tags,
        summary: 'Call off what is still to come of a doctor’s day',
        params,
        body: cancelDayBodySchema,
        response,
      },
    },
    async (request) => {
      const { params, body } = request
      dayOf(body)
      return answer(deps, await cancelDoctorDay(deps, await getSession(request).subject(), params.id, body))
    },
  )
  app.post(
    `${PATH}/move`,
    {
      config: { permission: 'move-appointment' },
      schema: {
        tags,
        summary: 'Move what is still to come of a doctor’s day to another day or doctor',
        params,
        body: moveDayBodySchema,
        response,
      },
    },
    async (request) => {
      const { params, body } = request
      dayOf(body)
      return answer(deps, await moveDoctorDay(deps, await getSession(request).subject(), params.id, body))
    },
  )
  app.post(
    `${PATH}/change`,
    {
      config: { permission: 'cancel-appointment' },
      schema: {
        tags,
        summary:
          'Move or call off visits of a doctor’s day, each as it is said; writes the calls to make on the day’s list',
        params,
        body: changeDayBodySchema,
        response: { 200: changeDayAnswerSchema },
      },
    },
    async (request) => {
      const { params, body } = request
      dayOf(body)
      const outcomes = await changeDoctorDay(deps, await getSession(request).subject(), params.id, body)
      if (!outcomes) throw new ApiError('not-found')
      return { outcomes: [...outcomes] }
    },
  )
  registerCalls(app, deps)
}

/** Whom to call, before and after. */
function registerCalls(app: App, deps: Deps): void {
  app.get(
    `${PATH}/tasks`,
    {
      config: { permission: 'view-patients' },
      schema: {
        tags,
        summary: 'The calls to make after a doctor’s day was changed, those that are done included',
        params,
        querystring: Type.Object({ day: localDaySchema() }, { additionalProperties: false }),
        response: { 200: callTasksSchema },
      },
    },
    async (request) => {
      const subject = await getSession(request).subject()
      const tasks = await listTasks(deps, subject, request.params.id, dayOf(request.query))
      if (!tasks) throw new ApiError('not-found')
      return { tasks: [...tasks] }
    },
  )
  app.post(
    `${PATH}/tasks`,
    {
      config: { permission: 'cancel-appointment' },
      schema: {
        tags,
        summary: 'Tick a call off, or take the tick back',
        params,
        body: tickTaskBodySchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      dayOf(body)
      if (!(await tickTask(deps, await getSession(request).subject(), params.id, body))) throw new ApiError('not-found')
      return reply.code(204).send(null)
    },
  )
  app.get(
    `${PATH}/calls`,
    {
      config: { permission: 'view-patients' },
      schema: {
        tags,
        summary: 'Whom to call about a doctor’s day; those nobody can reach come first',
        params,
        querystring: Type.Object({ day: localDaySchema() }, { additionalProperties: false }),
        response: { 200: callListSchema },
      },
    },
    async (request) => {
      const subject = await getSession(request).subject()
      const calls = await listCalls(deps, subject, request.params.id, dayOf(request.query))
      if (!calls) throw new ApiError('not-found')
      return { calls }
    },
  )
}

/** A day that is in the calendar: the schema knows only its shape. */
function dayOf({ day }: { readonly day: LocalDay }): LocalDay {
  if (!isLocalDay(day)) throw new ApiError('invalid-field', { field: 'day' })
  return day
}

async function answer(deps: Deps, done: DayAnswer | undefined) {
  if (!done) throw new ApiError('not-found')
  return { outcomes: await viewOutcomes(deps, done.outcomes), calls: [...done.calls] }
}
