/** `/api/v1/appointments`: doorways to the operations that read appointments. */
import Type from 'typebox'
import { appointmentAnswerSchema, listAnswerSchema, listQuerySchema } from '#domain/api/appointment-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import { tag } from '#server/http/preconditions.ts'
import { findAppointment, listAppointments, type ReadDeps } from '#server/operations/find-appointments.ts'

export const APPOINTMENTS_PATH = '/api/v1/appointments'
export const appointmentParams = Type.Object({ id: idSchema<'Appointment'>() }, { additionalProperties: false })

const tags = ['appointments']

export function registerAppointmentRoutes(app: App, deps: ReadDeps & { readonly paging: Paging }): void {
  const config = { permission: 'view-appointments' } as const
  app.get(
    APPOINTMENTS_PATH,
    {
      config,
      schema: {
        tags,
        summary: 'The appointments of some days, as the caller may see them',
        querystring: listQuerySchema,
        response: { 200: listAnswerSchema },
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query
      const page = deps.paging(request)
      const answer = await listAppointments(deps, await getSession(request).subject(), filters, page)
      if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
      return { appointments: [...answer.page.items], nextCursor: page.cursorOf(answer.page.last) }
    },
  )
  app.get(
    `${APPOINTMENTS_PATH}/:id`,
    {
      config,
      schema: {
        tags,
        summary: 'One appointment',
        params: appointmentParams,
        response: { 200: appointmentAnswerSchema },
      },
    },
    async (request, reply) => {
      const appointment = await findAppointment(deps, await getSession(request).subject(), request.params.id)
      if (!appointment) throw new ApiError('not-found')
      return tag(reply, appointment.revision, { appointment })
    },
  )
}
