/** Doorways to what changes an appointment. Each takes an `Idempotency-Key`, so that a repeat after a lost answer is harmless. */
import {
  alternativesAnswerSchema,
  appointmentAnswerSchema,
  bookBodySchema,
  cancelBodySchema,
  confirmBodySchema,
  editBodySchema,
  moveBodySchema,
  statusBodySchema,
  undoBodySchema,
} from '#domain/api/appointment-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { bookAppointment } from '#server/operations/book-appointment.ts'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import type { BookingDeps } from '#server/operations/change-appointment.ts'
import { confirmAppointment } from '#server/operations/confirm-appointment.ts'
import { editAppointment } from '#server/operations/edit-appointment.ts'
import { findAlternatives } from '#server/operations/find-alternatives.ts'
import { followVisit } from '#server/operations/follow-visit.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { undoChange } from '#server/operations/undo-change.ts'
import { APPOINTMENTS_PATH, appointmentParams } from './appointment-routes.ts'
import { answer, keyedRequest, seen } from './booking-answers.ts'

type Deps = BookingDeps & { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }

const tags = ['appointments']
const params = appointmentParams

export function registerBookingRoutes(app: App, deps: Deps): void {
  app.post(
    APPOINTMENTS_PATH,
    {
      config: { permission: 'book-appointment' },
      schema: { tags, summary: 'Book', body: bookBodySchema, response: { 201: appointmentAnswerSchema } },
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      return answer(deps, request, reply, 201, bookAppointment(deps, subject, request.body, keyedRequest(request, 201)))
    },
  )
  registerChanges(app, deps)
  registerVisit(app, deps)
  app.get(
    `${APPOINTMENTS_PATH}/:id/alternatives`,
    {
      config: { permission: 'view-appointments' },
      schema: {
        tags,
        summary: 'Up to five free times near the wanted one, true at the moment of asking',
        params,
        response: { 200: alternativesAnswerSchema },
      },
    },
    async (request) => {
      const found = await findAlternatives(deps, await getSession(request).subject(), request.params.id)
      if (!found) throw new ApiError('not-found')
      return { alternatives: [...found] }
    },
  )
}

const describe = <Body>(summary: string, body: Body) => ({
  tags,
  summary,
  params,
  body,
  response: { 200: appointmentAnswerSchema },
})

function registerChanges(app: App, deps: Deps): void {
  app.post(
    `${APPOINTMENTS_PATH}/:id/move`,
    {
      config: { permission: 'move-appointment' },
      schema: describe('Give another time, doctor or both', moveBodySchema),
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params } = request
      return answer(
        deps,
        request,
        reply,
        200,
        moveAppointment(deps, subject, params.id, seen(request), keyedRequest(request, 200)),
      )
    },
  )
  app.post(
    `${APPOINTMENTS_PATH}/:id/cancel`,
    {
      config: { permission: 'cancel-appointment' },
      schema: describe('Call off; the time is free at once', cancelBodySchema),
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params } = request
      return answer(
        deps,
        request,
        reply,
        200,
        cancelAppointment(deps, subject, params.id, seen(request), keyedRequest(request, 200)),
      )
    },
  )
  app.post(
    `${APPOINTMENTS_PATH}/:id/confirm`,
    { config: { permission: 'confirm-appointment' }, schema: describe('Confirm', confirmBodySchema) },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params } = request
      return answer(
        deps,
        request,
        reply,
        200,
        confirmAppointment(deps, subject, params.id, seen(request), keyedRequest(request, 200)),
      )
    },
  )
}

function registerVisit(app: App, deps: Deps): void {
  app.post(
    `${APPOINTMENTS_PATH}/:id/status`,
    {
      config: { permission: 'check-in-patient' },
      schema: describe('Follow the visit, or take a step back', statusBodySchema),
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params } = request
      return answer(
        deps,
        request,
        reply,
        200,
        followVisit(deps, subject, params.id, seen(request), keyedRequest(request, 200)),
      )
    },
  )
  app.post(
    `${APPOINTMENTS_PATH}/:id/undo`,
    {
      // Who may take a step back is who may take it; which step that is, the operation finds.
      config: { permission: 'view-appointments' },
      schema: describe('Take the last change back, by the rules of a change', undoBodySchema),
    },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params } = request
      const undone = undoChange(deps, subject, params.id, seen(request), keyedRequest(request, 200))
      return answer(deps, request, reply, 200, undone)
    },
  )
  app.patch(
    `${APPOINTMENTS_PATH}/:id`,
    { config: { permission: 'edit-appointment' }, schema: describe('Change what is noted', editBodySchema) },
    async (request, reply) => {
      const subject = await getSession(request).subject()
      const { params } = request
      return answer(
        deps,
        request,
        reply,
        200,
        editAppointment(deps, subject, params.id, seen(request), keyedRequest(request, 200)),
      )
    },
  )
}
