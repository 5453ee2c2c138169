/** The calls around times that devices keep for when they lose their connection. */
import type { Static, TSchema } from 'typebox'
import { allotmentAnswerSchema, allotmentListSchema } from '#domain/api/allotment-api.ts'
import type { AllotmentId } from '#domain/ids.ts'
import type { ApiResult, Call } from './api-call.ts'
import type { ServerApi } from './server-api.ts'

export type AllotmentCalls = ReturnType<typeof createAllotmentCalls>

export function createAllotmentCalls({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    request: Pick<Call<unknown>, 'method' | 'path' | 'body'> & { readonly schema: Schema },
  ): Promise<ApiResult<Static<Schema>>> => call({ ...request, pick: (answer) => answer as Static<Schema> })
  return {
    /** For the device of the session; asked again it makes up what is missing. */
    lease: () => ask({ method: 'POST', path: '/allotments', schema: allotmentListSchema }),
    handBack: (allotmentIds: readonly AllotmentId[]) =>
      ask({ method: 'POST', path: '/allotments/hand-back', body: { allotmentIds }, schema: allotmentListSchema }),
    /** With when its device was last heard of. */
    show: (id: AllotmentId) => ask({ method: 'GET', path: `/allotments/${id}`, schema: allotmentAnswerSchema }),
    takeBack: (id: AllotmentId) =>
      ask({ method: 'POST', path: `/allotments/${id}/take-back`, schema: allotmentAnswerSchema }),
  }
}
