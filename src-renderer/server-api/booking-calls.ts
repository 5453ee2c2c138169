/** The calls around a booking: times kept free while it is filled in, visits that repeat, and who waits. */
import Type, { type Static, type TSchema } from 'typebox'
import { appointmentAnswerSchema } from '#domain/api/appointment-api.ts'
import { type HoldBody, type HoldListQuery, holdAnswerSchema, holdListAnswerSchema } from '#domain/api/hold-api.ts'
import {
  type CancelSeriesBody,
  type MoveSeriesBody,
  type SeriesBody,
  type SeriesPreviewBody,
  seriesAnswerSchema,
  seriesPreviewSchema,
  seriesViewSchema,
} from '#domain/api/series-api.ts'
import { entryAnswerSchema, type WaitBody } from '#domain/api/waitlist-api.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentSeriesId, HoldId } from '#domain/ids.ts'
import type { ApiResult, Call } from './api-call.ts'
import { queryText } from './asking.ts'
import type { ServerApi } from './server-api.ts'

const nothingSchema = Type.Unknown()

export type BookingCalls = ReturnType<typeof createBookingCalls>

export function createBookingCalls({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    request: Pick<Call<unknown>, 'method' | 'path' | 'body' | 'headers' | 'alsoAnswers'> & { readonly schema: Schema },
  ): Promise<ApiResult<Static<Schema>>> => call({ ...request, pick: (answer) => answer as Static<Schema> })
  return {
    hold: (body: HoldBody) => ask({ method: 'POST', path: '/holds', body, schema: holdAnswerSchema }),
    holds: ({ withPatients, ...query }: HoldListQuery) =>
      ask({
        method: 'GET',
        path: `/holds${queryText({ ...query, ...(withPatients !== undefined && { withPatients: String(withPatients) }) })}`,
        schema: holdListAnswerSchema,
      }),
    releaseHold: (id: HoldId) => ask({ method: 'DELETE', path: `/holds/${id}`, schema: nothingSchema }),
    /** What booking it now would come to; books nothing. */
    previewSeries: (body: SeriesPreviewBody) =>
      ask({ method: 'POST', path: '/series/preview', body, schema: seriesPreviewSchema }),
    /** Each visit has its own outcome; without a `seriesId` nothing was booked. */
    bookSeries: (body: SeriesBody, idempotencyKey: string) =>
      ask({
        method: 'POST',
        path: '/series',
        body,
        headers: { 'idempotency-key': idempotencyKey },
        alsoAnswers: [409],
        schema: seriesAnswerSchema,
      }),
    viewSeries: (id: AppointmentSeriesId) => ask({ method: 'GET', path: `/series/${id}`, schema: seriesViewSchema }),
    cancelSeries: (id: AppointmentSeriesId, body: CancelSeriesBody) =>
      ask({ method: 'POST', path: `/series/${id}/cancel`, body, schema: seriesAnswerSchema }),
    moveSeries: (id: AppointmentSeriesId, body: MoveSeriesBody) =>
      ask({ method: 'POST', path: `/series/${id}/move`, body, schema: seriesAnswerSchema }),
    /** Takes the last change of a visit back, where it has not been changed again since. */
    undoVisit: ({ id, revision }: Pick<Appointment, 'id' | 'revision'>) =>
      ask({ method: 'POST', path: `/appointments/${id}/undo`, body: { revision }, schema: appointmentAnswerSchema }),
    putOnWaitlist: (body: WaitBody) => ask({ method: 'POST', path: '/waitlist', body, schema: entryAnswerSchema }),
  }
}
