/** The calls of whoever books for themselves: free times, holds, the waiting list, calendars, and a copy of their data. */
import Type, { type Static, type TSchema } from 'typebox'
import { feedAddressAnswerSchema, feedListAnswerSchema } from '#domain/api/calendar-feed-api.ts'
import { type HoldBody, holdAnswerSchema } from '#domain/api/hold-api.ts'
import { nextFreeAnswerSchema, type SlotAnswer, slotsAnswerSchema } from '#domain/api/slot-api.ts'
import { acceptAnswerSchema, entryAnswerSchema, offersAnswerSchema, type WaitBody } from '#domain/api/waitlist-api.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import type { ApiResult, Call } from './api-call.ts'
import type { ServerApi } from './server-api.ts'

/** What is looked for; without a doctor whoever the type allows. */
export type Wanted = { readonly typeId: AppointmentTypeId; readonly doctorId: DoctorId | null }

export type PatientApi = ReturnType<typeof createPatientApi>

const nothingSchema = Type.Unknown()
const PAGE = '500'

export function createPatientApi({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    method: Call<unknown>['method'],
    path: string,
    schema: Schema,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiResult<Static<Schema>>> =>
    call({
      method,
      path,
      schema,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
      pick: (answer) => answer as Static<Schema>,
    })
  return {
    /** The first free times from now on. */
    nextFree: (wanted: Wanted, limit: number) =>
      ask('GET', `/slots/next-free?${queryOf(wanted, { limit: String(limit) })}`, nextFreeAnswerSchema),
    /** Every free time of these days, both included. */
    slots: async (wanted: Wanted, from: LocalDay, to: LocalDay): Promise<ApiResult<readonly SlotAnswer[]>> => {
      const found: SlotAnswer[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const more: Record<string, string> = cursor === '' ? {} : { cursor }
        const query = queryOf(wanted, { from, to, limit: PAGE, ...more })
        const page: ApiResult<Static<typeof slotsAnswerSchema>> = await ask('GET', `/slots?${query}`, slotsAnswerSchema)
        if (!page.ok) return page
        found.push(...page.value.slots)
        cursor = page.value.nextCursor
      }
      return { ok: true, value: found }
    },
    hold: (body: HoldBody) => ask('POST', '/holds', holdAnswerSchema, body),
    releaseHold: (id: string) => ask('DELETE', `/holds/${id}`, nothingSchema),
    wait: (body: WaitBody) => ask('POST', '/waitlist', entryAnswerSchema, body),
    stopWaiting: ({ id, revision }: Pick<WaitlistEntry, 'id' | 'revision'>) =>
      ask('PATCH', `/waitlist/${id}`, entryAnswerSchema, { status: 'withdrawn' }, { 'if-match': `"${revision}"` }),
    offers: () => ask('GET', '/waitlist/offers', offersAnswerSchema),
    acceptOffer: (id: string) => ask('POST', `/waitlist/offers/${id}/accept`, acceptAnswerSchema),
    declineOffer: (id: string) => ask('POST', `/waitlist/offers/${id}/decline`, nothingSchema),
    feeds: () => ask('GET', '/calendar-feeds', feedListAnswerSchema),
    addFeed: (patientId: PatientId) => ask('POST', '/calendar-feeds', feedAddressAnswerSchema, { patientId }),
    endFeed: (id: string) => ask('DELETE', `/calendar-feeds/${id}`, nothingSchema),
    /** Everything the clinic keeps about the patient, as a file. */
    exportOf: (id: PatientId) =>
      call<Uint8Array>({
        method: 'GET',
        path: `/patients/${id}/export`,
        isFile: true,
        schema: nothingSchema,
        pick: (bytes) => bytes as Uint8Array,
      }),
  }
}

function queryOf({ typeId, doctorId }: Wanted, more: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ typeId, ...(doctorId && { doctorId }), ...more })
}
