/** Fields that only the server sets, as a pushed change may and may not touch them. */
import { canonicalText } from '#domain/sync/canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from '#domain/sync/collections.ts'

/** The count of writes and its time: a client may guess them, they are never read. */
const BOOKKEEPING: ReadonlySet<string> = new Set(['revision', 'updatedAt'])

type Fields = Readonly<Record<string, unknown>>

/**
 * The first server-owned field in which a change differs from the current document; undefined when there is none.
 * Appointments are judged by their own rules: some of their fields follow from others, and may come as they will be.
 */
export function changedServerField<Name extends CollectionName>(
  name: Name,
  current: WireDocument<Name>,
  wanted: WireDocument<Name>,
): string | undefined {
  if (name === 'appointments') return undefined
  const [before, after] = [current, wanted] as unknown as readonly [Fields, Fields]
  return definitionOf(name).serverOwned.find(
    (field) =>
      !BOOKKEEPING.has(field) && canonicalText({ value: before[field] }) !== canonicalText({ value: after[field] }),
  )
}

/** The change with the current count of writes: what a client says of it is a guess or out of date. */
export function withCurrentCount<Name extends CollectionName>(
  current: WireDocument<Name>,
  wanted: WireDocument<Name>,
): WireDocument<Name> {
  const { revision, updatedAt } = current as { readonly revision: number; readonly updatedAt?: number }
  return Object.assign({}, wanted, { revision }, updatedAt === undefined ? {} : { updatedAt })
}
