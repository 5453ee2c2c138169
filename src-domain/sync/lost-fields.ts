/** What a merge leaves out: the part of an edit that gave way because somebody else had changed the same. Pure, never throws. */
import { contentText, isSameField } from './canonical.ts'
import { type CollectionName, definitionOf } from './collections.ts'
import { baseOf, type Conflict, resolveConflict } from './conflict.ts'
import { asRepeatedInsert, JOINED } from './repeated-insert.ts'

/**
 * The fields that the author had changed and that stand otherwise after the merge.
 *
 * @returns their names in alphabetical order. None where the server refused the edit or has the document no longer (its own inbox row
 * tells of that), and none of the fields that the server owns: nobody means to change those. Words of both sides are joined, and of two
 * times of progress the earlier one stands: nobody's are lost
 */
export function lostFields<Name extends CollectionName>(name: Name, conflict: Conflict<Name>): readonly string[] {
  const { realMasterState: master, newDocumentState, firstSent } = conflict
  const assumedMasterState = baseOf(conflict)
  if (master._deleted || newDocumentState._deleted) return []
  if (assumedMasterState && contentText(master) === contentText(assumedMasterState)) return []
  const { mine, base } = assumedMasterState
    ? { mine: newDocumentState, base: assumedMasterState }
    : asRepeatedInsert(name, newDocumentState, master, firstSent)
  // A device that does not know what it first sent cannot say what was changed since: all that stands otherwise may be.
  const isKnown = assumedMasterState !== undefined || firstSent !== undefined
  const merged = resolveConflict(name, conflict)
  const owned = new Set<string>([...definitionOf(name).serverOwned, ...JOINED, '_deleted'])
  return Object.keys(mine)
    .filter((field) => !owned.has(field))
    .filter((field) => !(isKnown && isSameField(mine, base, field)) && !isSameField(mine, merged, field))
    .sort()
}
