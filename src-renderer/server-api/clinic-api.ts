/** The calls about what a clinic is made of: doctors, types of visits, places, days off, and what it has decided. */
import Type, { type TSchema } from 'typebox'
import { appliedSchema, type ClosureEntry, closuresAnswerSchema, impactSchema } from '#domain/api/availability-api.ts'
import {
  type ClinicChange,
  clinicAnswerSchema,
  equipmentViewSchema,
  locationViewSchema,
} from '#domain/api/clinic-api.ts'
import { appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import { roomSchema } from '#domain/clinic/room-schema.ts'
import { doctorSchema } from '#domain/people/people-schemas.ts'
import { nullable } from '#domain/schema-parts.ts'
import type { ApiResult } from './api-call.ts'
import { type Ask, askWith, nothingSchema, sawRevision } from './asking.ts'
import type { ServerApi } from './server-api.ts'

/** A kind of row that is listed, added and changed in the same way. */
export type RecordCalls<Row> = {
  readonly list: () => Promise<ApiResult<readonly Row[]>>
  readonly add: (values: Values) => Promise<ApiResult<Row>>
  /** Refused with `stale-revision` when somebody saved since the row was read. */
  readonly change: (row: Revised, values: Values) => Promise<ApiResult<Row>>
}
export type Values = Readonly<Record<string, unknown>>
export type Revised = { readonly id: string; readonly revision: number }

export type ClinicApi = ReturnType<typeof createClinicApi>

export function createClinicApi(api: Pick<ServerApi, 'call'>) {
  const ask = askWith(api)
  return {
    doctors: recordCalls(ask, '/doctors', 'doctor', 'doctors', doctorSchema),
    types: recordCalls(ask, '/appointment-types', 'appointmentType', 'appointmentTypes', appointmentTypeSchema),
    rooms: recordCalls(ask, '/rooms', 'room', 'rooms', roomSchema),
    locations: recordCalls(ask, '/locations', 'location', 'locations', locationViewSchema),
    equipment: recordCalls(ask, '/equipment', 'equipment', 'equipment', equipmentViewSchema),
    showClinic: () => ask({ method: 'GET', path: '/clinic', schema: clinicAnswerSchema }),
    changeClinic: (revision: number, body: ClinicChange) =>
      ask({ method: 'PATCH', path: '/clinic', body, headers: sawRevision(revision), schema: clinicAnswerSchema }),
    ...closureCalls(ask),
  }
}

/** All pages of a list, one after the other: settings are few. */
function recordCalls<Schema extends TSchema>(ask: Ask, path: string, one: string, many: string, schema: Schema) {
  type Row = Type.Static<Schema>
  const answer = Type.Object({ [one]: schema })
  const page = Type.Object({
    [many]: Type.Array(schema),
    nextCursor: Type.Optional(nullable(Type.String())),
  })
  const picked = (result: ApiResult<unknown>): ApiResult<Row> =>
    result.ok ? { ok: true, value: (result.value as Record<string, Row>)[one] as Row } : result
  const calls: RecordCalls<Row> = {
    list: async () => {
      const rows: Row[] = []
      for (let cursor = ''; ; ) {
        const query = cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`
        const result: ApiResult<unknown> = await ask({ method: 'GET', path: `${path}${query}`, schema: page })
        if (!result.ok) return result
        const value = result.value as Record<string, Row[]> & { readonly nextCursor?: string | null }
        rows.push(...(value[many] ?? []))
        if (!value.nextCursor) return { ok: true, value: rows }
        cursor = value.nextCursor
      }
    },
    add: async (body) => picked(await ask({ method: 'POST', path, body, schema: answer })),
    change: async ({ id, revision }, body) =>
      picked(
        await ask({
          method: 'PATCH',
          path: `${path}/${id}`,
          body,
          headers: sawRevision(revision),
          schema: answer,
        }),
      ),
  }
  return calls
}

/** `locationId` null closes the whole clinic. */
export type Closing = { readonly locationId: string | null; readonly entries: readonly ClosureEntry[] }

function closureCalls(ask: Ask) {
  const path = '/closures'
  return {
    listClosures: () => ask({ method: 'GET', path, schema: closuresAnswerSchema }),
    /** What days off would do to visits that are booked; nothing is changed. */
    previewClosing: (body: Closing) => ask({ method: 'POST', path: `${path}/preview`, body, schema: impactSchema }),
    /** @param impact the one of the preview that was looked at */
    close: (closing: Closing, impact: string) =>
      ask({ method: 'POST', path, body: { ...closing, mode: 'keep', impact }, schema: appliedSchema }),
    reopen: (id: string) => ask({ method: 'DELETE', path: `${path}/${id}`, schema: nothingSchema }),
  }
}
