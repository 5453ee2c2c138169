/** The calls about patients: their accounts, how they want to be told, copies of their data, and who may be in the list twice. */
import Type, { type Static, type TSchema } from 'typebox'
import { type DuplicatePair, likelyDuplicatesAnswerSchema, linkCodeAnswerSchema } from '#domain/api/account-schemas.ts'
import { type Preference, preferenceAnswerSchema } from '#domain/api/notification-api.ts'
import type { PatientId } from '#domain/ids.ts'
import type { ApiResult, Call } from './api-call.ts'
import type { ServerApi } from './server-api.ts'

const nothingSchema = Type.Unknown()

export type PatientCalls = ReturnType<typeof createPatientCalls>

export function createPatientCalls({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    request: Pick<Call<unknown>, 'method' | 'path' | 'body'> & { readonly schema: Schema },
  ): Promise<ApiResult<Static<Schema>>> => call({ ...request, pick: (answer) => answer as Static<Schema> })
  const of = (id: PatientId, what: string): string => `/patients/${id}/${what}`
  return {
    preferences: (id: PatientId) =>
      ask({ method: 'GET', path: of(id, 'notification-preferences'), schema: preferenceAnswerSchema }),
    setPreferences: (id: PatientId, body: Preference) =>
      ask({ method: 'PUT', path: of(id, 'notification-preferences'), body, schema: preferenceAnswerSchema }),
    /** A one-use code for the patient to type in; it is shown once. */
    linkCode: (id: PatientId) =>
      ask({ method: 'POST', path: of(id, 'link-code'), body: {}, schema: linkCodeAnswerSchema }),
    invite: (id: PatientId, email: string) =>
      ask({ method: 'POST', path: of(id, 'invitation'), body: { email }, schema: nothingSchema }),
    duplicates: () => ask({ method: 'GET', path: '/patients/likely-duplicates', schema: likelyDuplicatesAnswerSchema }),
    settleDuplicate: (body: DuplicatePair) =>
      ask({ method: 'POST', path: '/patients/likely-duplicates/settle', body, schema: nothingSchema }),
    /** All data about the patient, as a file. */
    exportData: (id: PatientId) =>
      call<Uint8Array>({
        method: 'GET',
        path: of(id, 'export'),
        isFile: true,
        schema: nothingSchema,
        pick: (bytes) => bytes as Uint8Array,
      }),
  }
}
