/** The calls about working hours, leave and a doctor's whole day; the server judges who may make them. */
import type { Static, TSchema } from 'typebox'
import {
  type ApplyBody,
  type AvailabilityChange,
  appliedSchema,
  closuresAnswerSchema,
  impactSchema,
} from '#domain/api/availability-api.ts'
import {
  type CancelDayBody,
  type ChangeDayBody,
  callListSchema,
  callTasksSchema,
  changeDayAnswerSchema,
  dayAnswerSchema,
  type MoveDayBody,
  type TickTaskBody,
} from '#domain/api/series-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { ApiResult, Call } from './api-call.ts'
import { nothingSchema } from './asking.ts'
import type { ServerApi } from './server-api.ts'

export type AvailabilityApi = ReturnType<typeof createAvailabilityApi>

export function createAvailabilityApi({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    request: Pick<Call<unknown>, 'method' | 'path' | 'body'> & { readonly schema: Schema },
  ): Promise<ApiResult<Static<Schema>>> => call({ ...request, pick: (answer) => answer as Static<Schema> })
  const post = <Schema extends TSchema>(path: string, body: unknown, schema: Schema) =>
    ask({ method: 'POST', path, body, schema })
  return {
    /** What a change would strand; changes nothing. */
    preview: (change: AvailabilityChange) => post('/availability/preview', { change }, impactSchema),
    apply: (body: ApplyBody) => post('/availability/apply', body, appliedSchema),
    closures: () => ask({ method: 'GET', path: '/closures', schema: closuresAnswerSchema }),
    /** Whom to call about a day; those nobody can reach come first. */
    calls: (doctorId: DoctorId, day: LocalDay) =>
      ask({ method: 'GET', path: `/doctors/${doctorId}/day/calls?day=${day}`, schema: callListSchema }),
    /** Moves or calls off each visit that is named. */
    changeDay: (doctorId: DoctorId, body: ChangeDayBody) =>
      post(`/doctors/${doctorId}/day/change`, body, changeDayAnswerSchema),
    /** The calls to make since, those that are done included. */
    tasks: (doctorId: DoctorId, day: LocalDay) =>
      ask({ method: 'GET', path: `/doctors/${doctorId}/day/tasks?day=${day}`, schema: callTasksSchema }),
    tickTask: (doctorId: DoctorId, body: TickTaskBody) => post(`/doctors/${doctorId}/day/tasks`, body, nothingSchema),
    cancelDay: (doctorId: DoctorId, body: CancelDayBody) =>
      post(`/doctors/${doctorId}/day/cancel`, body, dayAnswerSchema),
    moveDay: (doctorId: DoctorId, body: MoveDayBody) => post(`/doctors/${doctorId}/day/move`, body, dayAnswerSchema),
  }
}
