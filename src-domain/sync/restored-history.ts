/**
 * What a device's copy of a document says about the state a restored server has of it. Both come from one life of the document up to
 * the backup: the server counts its writes (`revision`), and most collections note when it last wrote (`updatedAt`). Pure, total.
 */
import { isSameField } from './canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from './collections.ts'

type Counted = { readonly revision?: unknown; readonly updatedAt?: unknown }

/**
 * Whether a copy that differs is a later state of the same life: `yes`; `no`, it is an earlier one; `both-changed` where
 * either may be, because the server has written since.
 */
export function isAheadOf(copy: object, master: object): 'yes' | 'no' | 'both-changed' {
  const [mine, theirs]: readonly [Counted, Counted] = [copy, master]
  const [own, known] = [numberOf(mine.revision), numberOf(theirs.revision)]
  if (own < known) return 'no'
  // The same count of another content: a write of either history that the other does not know.
  return own === known || numberOf(theirs.updatedAt) > numberOf(mine.updatedAt) ? 'both-changed' : 'yes'
}

/** The fields in which two states differ, without those of the server; in alphabetical order. */
export function differingFields<Name extends CollectionName>(
  name: Name,
  a: WireDocument<Name>,
  b: WireDocument<Name>,
): readonly string[] {
  const owned = new Set<string>([...definitionOf(name).serverOwned, '_deleted'])
  return Object.keys(a)
    .filter((field) => !owned.has(field) && !isSameField(a, b, field))
    .sort()
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
