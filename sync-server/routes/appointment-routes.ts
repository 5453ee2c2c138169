/** `/api/v1/appointments`: doorways to the operations that read appointments. */
import Type from 'typebox'
import { appointmentAnswerSchema, listAnswerSchema, listQuerySchema } from '#domain/api/appointment-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { findAppointment, listAppointments, type ReadDeps } from '#server/operations/find-appointments.ts'

export const APPOINTMENTS_PATH = '/api/v1/appointments'
export const appointmentParams = Type.Object({ id: idSchema<'Appointment'>() }, { additionalProperties: false })

const tags = ['appointments']

export function registerAppointmentRoutes(app: App, deps: ReadDeps): void {
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
      const answer = await listAppointments(deps, await getSession(request).subject(), request.query)
      if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
      return { appointments: answer.appointments }
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
    async (request) => {
      const appointment = await findAppointment(deps, await getSession(request).subject(), request.params.id)
      if (!appointment) throw new ApiError('not-found')
      return { appointment }
    },
  )
}
