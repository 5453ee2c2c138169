/** What a merge leaves out: the part of an edit that gave way because somebody else had changed the same. Pure, never throws. */
import { canonicalText, contentText } from './canonical.ts'
import { type CollectionName, definitionOf } from './collections.ts'
import { type Conflict, resolveConflict } from './conflict.ts'

/** Words of both sides are joined, and of two times of progress the earlier one stands: nobody's are lost. */
const JOINED: ReadonlySet<string> = new Set([
  'note',
  'text',
  'reason',
  'cancelReason',
  'alerts',
  'arrivedAt',
  'startedAt',
  'finishedAt',
])

/**
 * The fields that the author had changed and that stand otherwise after the merge.
 *
 * @returns their names in alphabetical order. None where the server refused the edit or has the document no longer (its own inbox row
 * tells of that), and none of the fields that the server owns: nobody means to change those
 */
export function lostFields<Name extends CollectionName>(name: Name, conflict: Conflict<Name>): readonly string[] {
  const { newDocumentState: mine, assumedMasterState: base, realMasterState: master } = conflict
  if (!base || master._deleted || mine._deleted || contentText(master) === contentText(base)) return []
  const merged = resolveConflict(name, conflict)
  const owned = new Set<string>([...definitionOf(name).serverOwned, '_deleted'])
  const isSame = (a: object, b: object, field: string): boolean => textOf(a, field) === textOf(b, field)
  return Object.keys(mine)
    .filter((field) => !owned.has(field) && !JOINED.has(field))
    .filter((field) => !isSame(mine, base, field) && !isSame(mine, merged, field))
    .sort()
}

const textOf = (document: object, field: string): string =>
  canonicalText({ value: (document as Readonly<Record<string, unknown>>)[field] })
