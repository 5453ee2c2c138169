/** Calls whose answer is taken as it came: the schema has been checked, nothing is picked out of it. */
import Type, { type Static, type TSchema } from 'typebox'
import type { ApiResult, Call } from './api-call.ts'
import type { ServerApi } from './server-api.ts'

export type Ask = <Schema extends TSchema>(
  request: Pick<Call<unknown>, 'method' | 'path' | 'body' | 'file' | 'headers'> & { readonly schema: Schema },
) => Promise<ApiResult<Static<Schema>>>

export const askWith =
  ({ call }: Pick<ServerApi, 'call'>): Ask =>
  (request) =>
    call({ ...request, pick: (answer) => answer as never })

/** For answers without anything to read. */
export const nothingSchema = Type.Unknown()

/** The header that names the revision a change was made from. */
export const sawRevision = (revision: number): Record<string, string> => ({ 'if-match': `"${revision}"` })

/** `?name=value`, without what is empty. */
export function queryText(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
