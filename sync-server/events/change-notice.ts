/** What an instance tells the others after a commit, so that their sockets are poked too: names and audiences, no content. */
import Type from 'typebox'
import { Check } from 'typebox/value'
import { idSchema } from '#domain/ids.ts'
import { isPokedName } from '#domain/sync/live-names.ts'
import type { Committed } from '#server/operations/write-context.ts'

const noticeSchema = Type.Object({
  clinicId: idSchema<'Clinic'>(),
  seq: Type.Integer({ minimum: 0 }),
  touched: Type.Record(Type.String(), Type.Array(Type.String())),
})

export const textOfNotice = ({ clinicId, seq, touched }: Committed): string =>
  JSON.stringify({ clinicId, seq, touched: Object.fromEntries([...touched].map(([name, all]) => [name, [...all]])) })

/** @returns undefined for what is no notice: of another version, or of somebody else */
export function parseNotice(text: string): Committed | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Check(noticeSchema, value)) return undefined
  const known = Object.entries(value.touched).filter(([name]) => isPokedName(name))
  return { ...value, touched: new Map(known.map(([name, all]) => [name, new Set(all)])) as Committed['touched'] }
}
