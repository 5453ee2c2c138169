/**
 * What was pushed and did not become the base of what follows, by document: its answer was lost, or told more than that it was taken, while
 * the document was edited again. The server has it, or may have it. A later edit of the same fields then meets its own
 * earlier one in the server's state, and a merge would take that for somebody else's: it would join a person's words to their own, and
 * let their earlier time win over their later one. Such a field is no change of the other side.
 *
 * Forgotten with the page, and with the next push of the document that is taken.
 */
import { contentText, isSameField } from '#domain/sync/canonical.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Conflict } from '#domain/sync/conflict.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'

type State = PushRow['newDocumentState']
type Fields = { readonly [field: string]: unknown }

/** Newest states of one document that are kept; an edit is rarely followed by that many while the line is down. */
const KEPT = 8

const unanswered = new WeakMap<object, Map<string, readonly State[]>>()

/** Notes rows that the server has, or may have, without RxDB knowing. @param database as an identity only */
export function noteUnanswered(database: object, name: CollectionName, rows: readonly PushRow[]): void {
  const states = unanswered.get(database) ?? new Map<string, readonly State[]>()
  unanswered.set(database, states)
  for (const { newDocumentState: state } of rows) {
    const key = `${name}/${state.id}`
    const others = (states.get(key) ?? []).filter((other) => contentText(other) !== contentText(state))
    states.set(key, [...others, state].slice(-KEPT))
  }
}

/** The server has taken a push of the document and said no more: from there on that is its base. */
export function forgetUnanswered(database: object, name: CollectionName, id: string): void {
  unanswered.get(database)?.delete(`${name}/${id}`)
}

/**
 * The conflict with its base moved over what the server has from this device already.
 *
 * @returns the same conflict where there is no base, or where the master equals it: that is a refusal. Where the master is this
 * device's own doing to the last field, with that as what was first sent: what was done here since is kept
 */
export function beyondOwnPushes<Name extends CollectionName>(
  database: object,
  name: Name,
  conflict: Conflict<Name>,
): Conflict<Name> {
  const { assumedMasterState: base, realMasterState: master } = conflict
  const sent = unanswered.get(database)?.get(`${name}/${master.id}`) ?? []
  if (!base || sent.length === 0 || contentText(base) === contentText(master)) return conflict
  const theirs = master as unknown as Fields
  const isOurs = (field: string) =>
    sent.some((state) => isSameField(state, theirs, field)) && !isSameField(base, theirs, field)
  const own = Object.keys(theirs).filter((field) => field in base && isOurs(field))
  const moved = { ...base, ...Object.fromEntries(own.map((field) => [field, theirs[field]])) }
  if (contentText(moved) !== contentText(master)) return { ...conflict, assumedMasterState: moved }
  const { assumedMasterState: _, ...rest } = conflict
  return { ...rest, firstSent: moved }
}
