/** How late doctors run today, and telling their patients. */
import {
  type DelayView,
  delayAnswerSchema,
  delayListSchema,
  type TellDelayAnswer,
  tellDelayAnswerSchema,
} from '#domain/api/delay-api.ts'
import type { DoctorId, Id } from '#domain/ids.ts'
import type { ApiResult } from './api-call.ts'
import { askWith, nothingSchema } from './asking.ts'
import type { ServerApi } from './server-api.ts'

export type DelayCalls = {
  readonly list: () => Promise<ApiResult<readonly DelayView[]>>
  readonly say: (doctorId: DoctorId, minutes: number) => Promise<ApiResult<{ readonly delay: DelayView }>>
  readonly tell: (doctorId: DoctorId, minutes: number) => Promise<ApiResult<TellDelayAnswer>>
  readonly takeBack: (doctorId: DoctorId, batchId: Id<'DelayBatch'>) => Promise<ApiResult<unknown>>
}

export function createDelayCalls(api: Pick<ServerApi, 'call'>): DelayCalls {
  const ask = askWith(api)
  const path = (doctorId: DoctorId): string => `/doctors/${doctorId}/delay`
  return {
    list: async () => {
      const answer = await ask({ method: 'GET', path: '/delays', schema: delayListSchema })
      return answer.ok ? { ok: true, value: answer.value.delays } : answer
    },
    say: (doctorId, minutes) =>
      ask({ method: 'PUT', path: path(doctorId), body: { minutes }, schema: delayAnswerSchema }),
    tell: (doctorId, minutes) =>
      ask({ method: 'POST', path: `${path(doctorId)}/messages`, body: { minutes }, schema: tellDelayAnswerSchema }),
    takeBack: (doctorId, batchId) =>
      ask({ method: 'DELETE', path: `${path(doctorId)}/messages/${batchId}`, schema: nothingSchema }),
  }
}
