/** The calls about what revoked devices had not sent: to hand it in, and to look at it. */
import {
  HAND_IN_TICKET_HEADER,
  handedInAnswerSchema,
  handInAnswerSchema,
  MAX_HAND_IN_BYTES,
  MAX_HANDED_IN,
} from '#domain/api/hand-in-api.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { askWith, nothingSchema } from './asking.ts'
import type { ServerApi } from './server-api.ts'

/** A change as it would be pushed. */
export type UnsentRow = { readonly collection: CollectionName; readonly row: PushRow }

export function createHandInApi(api: Pick<ServerApi, 'call'>) {
  const ask = askWith(api)
  return {
    /** @returns how many were taken, and how many did not fit into one hand-in */
    handIn: async (ticket: string, unsent: readonly UnsentRow[]) => {
      const changes = within(unsent)
      const path = '/devices/hand-in'
      const headers = { [HAND_IN_TICKET_HEADER]: ticket }
      const body = { ticket, changes }
      const answer = await ask({ method: 'POST', path, headers, body, schema: handInAnswerSchema })
      if (!answer.ok) return answer
      return { ok: true, value: { count: answer.value.handedIn, left: unsent.length - changes.length } } as const
    },
    listHandedIn: () => ask({ method: 'GET', path: '/devices/handed-in', schema: handedInAnswerSchema }),
    markHandedIn: (id: string, isDone: boolean) =>
      ask({ method: 'PUT', path: `/devices/handed-in/${id}`, body: { isDone }, schema: nothingSchema }),
  }
}

function within(unsent: readonly UnsentRow[]): readonly UnsentRow[] {
  const chosen: UnsentRow[] = []
  let bytes = 0
  for (const change of unsent) {
    const size = new TextEncoder().encode(JSON.stringify(change)).length + 1
    if (chosen.length === MAX_HANDED_IN || bytes + size > MAX_HAND_IN_BYTES) continue
    chosen.push(change)
    bytes += size
  }
  return chosen
}
