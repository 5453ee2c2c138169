/**
 * What a client keeps when the server answers a push with another state: total, never throws, no clock.
 *
 * 1. Master deleted, or its content equal to the base → master. (The server refused; its inbox row holds the attempt. Like the
 *    server, this leaves the count of writes out: content is what decides.)
 * 2. No base: the push was an insert whose answer got lost (repeated-insert.ts). What was first sent is the base, with what the
 *    server chose about it: what was changed here since is kept and pushed as an edit, what anybody changed there stands.
 * 3. Otherwise a three-way merge by field meaning: a field changed on one side only keeps that change; fields the server
 *    owns are always the master's; `status` goes to the later one in a visit's (or a waitlist entry's) life, and with it times of progress to the
 *    earliest; words added on both sides are joined; anything else changed on both sides, the time and the doctor above all,
 *    is the master's, because only the server decides a time. A visit moved here that lost its old time there asks for the new.
 * The result equals the master exactly when there is nothing left to push.
 */
import { type AppointmentStatus, laterStatus } from '#domain/appointment/appointment-status.ts'
import { laterWaitlistStatus, type WaitlistStatus } from '#domain/waitlist/waitlist-schemas.ts'
import { canonicalText, contentText } from './canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from './collections.ts'
import { asRepeatedInsert, PLACE } from './repeated-insert.ts'

export type Conflict<Name extends CollectionName> = {
  readonly newDocumentState: WireDocument<Name>
  readonly assumedMasterState?: WireDocument<Name> | undefined
  readonly realMasterState: WireDocument<Name>
  /** Of a push without a base: the document as it was first sent, where the device still knows it. */
  readonly firstSent?: WireDocument<Name> | undefined
}

/** True when both documents are the same to the last field, the server's count of writes included. */
export const isSameDocument = (a: unknown, b: unknown): boolean => canonicalText(a) === canonicalText(b)

type Fields = { readonly [field: string]: unknown }
type MergeField = (mine: unknown, master: unknown, base: unknown) => unknown

const GROUPS: Partial<Record<CollectionName, readonly (readonly string[])[]>> = {
  appointments: [PLACE],
  // A first day of one side and a last day of the other may be no days at all.
  day_notes: [['date', 'lastDate']],
}

const MERGE: Partial<Record<CollectionName, Readonly<Record<string, MergeField>>>> = {
  appointments: {
    arrivedAt: earliest,
    startedAt: earliest,
    finishedAt: earliest,
    note: joined,
    reason: joined,
    cancelReason: joined,
  },
  patients: { note: joined, alerts: united },
  waitlist_entries: { note: joined, status: furtherAlong },
  day_notes: { text: joined },
  notifications: { readAt: earliest },
}

/** The base of an edit. What comes back after the server's tombstone is new to it: a base that was deleted is none. */
export const baseOf = <Name extends CollectionName>({
  newDocumentState,
  assumedMasterState,
}: Conflict<Name>): WireDocument<Name> | undefined =>
  assumedMasterState?._deleted && !newDocumentState._deleted ? undefined : assumedMasterState

/** Resolves a conflict of one document; see the rules above. */
export function resolveConflict<Name extends CollectionName>(name: Name, conflict: Conflict<Name>): WireDocument<Name> {
  const { newDocumentState: mine, realMasterState: master } = conflict
  const base = baseOf(conflict)
  if (master._deleted) return master
  if (!base) return adoptInsert(name, conflict)
  if (contentText(master) === contentText(base)) return master
  if (mine._deleted) return isOnlyBookkeeping(name, base, master) ? { ...master, _deleted: true } : master
  return mergeFields(name, mine, master, base)
}

/** The server knows the document already: the difference is what was done here since, and what others did there. */
function adoptInsert<Name extends CollectionName>(name: Name, conflict: Conflict<Name>): WireDocument<Name> {
  const { newDocumentState, realMasterState: master, firstSent } = conflict
  const { mine, base } = asRepeatedInsert(name, newDocumentState, master, firstSent)
  if (mine._deleted) return isOnlyBookkeeping(name, base, master) ? { ...master, _deleted: true } : master
  return mergeFields(name, mine, master, base)
}

function mergeFields<Name extends CollectionName>(
  name: Name,
  mine: WireDocument<Name>,
  master: WireDocument<Name>,
  base: WireDocument<Name>,
): WireDocument<Name> {
  const [my, their, old]: readonly [Fields, Fields, Fields] = [mine, master, base]
  const isTheirs = (fields: readonly string[]) => fields.some((field) => isChanged(their, old, field))
  const contested = new Set((GROUPS[name] ?? []).filter(isTheirs).flat())
  const isServers = (field: string) => definitionOf(name).serverOwned.includes(field) || contested.has(field)
  const merged = Object.keys(their).map((field) => {
    if (isServers(field) || !isChanged(my, old, field)) return [field, their[field]]
    if (!isChanged(their, old, field) || isSameValue(my[field], their[field])) return [field, my[field]]
    const merge = MERGE[name]?.[field]
    return [field, merge ? merge(my[field], their[field], old[field]) : their[field]]
  })
  const document: Fields = Object.fromEntries(merged)
  return (name === 'appointments' ? settleVisit(document, my, their, old) : document) as unknown as WireDocument<Name>
}

/** What belongs to a visit's status follows it, so that no visit ends half in one state and half in another. */
function settleVisit(merged: Fields, my: Fields, their: Fields, old: Fields): Fields {
  const isMine = isChanged(my, old, 'status')
  const isTheirs = isChanged(their, old, 'status')
  if (!isTheirs) return merged
  if (!isMine) {
    const asksAnew = their.status === 'unplaced' && PLACE.some((field) => !isSameValue(merged[field], their[field]))
    return asksAnew ? { ...merged, status: my.status } : merged
  }
  if (my.status === their.status) return merged
  const status = laterStatus(my.status as AppointmentStatus, their.status as AppointmentStatus)
  const later = status === my.status ? my : their
  const reached = ['arrivedAt', 'startedAt', 'finishedAt'].map((field) => [field, merged[field] ?? later[field]])
  return { ...merged, ...Object.fromEntries(reached), status, cancelReason: later.cancelReason }
}

const isSameValue = (a: unknown, b: unknown): boolean => canonicalText({ value: a }) === canonicalText({ value: b })

const isChanged = (from: Fields, old: Fields, field: string): boolean => !isSameValue(from[field], old[field])

function isOnlyBookkeeping<Name extends CollectionName>(
  name: Name,
  base: WireDocument<Name>,
  master: WireDocument<Name>,
): boolean {
  const owned = new Set(definitionOf(name).serverOwned)
  return Object.keys(master).every((field) => owned.has(field) || !isChanged(master, base, field))
}

/** The earlier of two instants; a missing one counts as never. */
function earliest(mine: unknown, master: unknown): unknown {
  if (typeof mine !== 'number') return master
  return typeof master === 'number' ? Math.min(mine, master) : mine
}

/**
 * Two versions of a text, line by line: lines of the base that neither removed, then what each added, each once, in an order
 * that does not depend on who came first. A side that only moved or spaced lines has changed nothing.
 */
function joined(mine: unknown, master: unknown, base: unknown): unknown {
  const [my, their, old] = [linesOf(mine), linesOf(master), linesOf(base)] as const
  if (isSameSet(my, old)) return master
  if (isSameSet(their, old)) return mine
  const kept = old.filter((line) => my.includes(line) && their.includes(line))
  const additions = [my, their].map((lines) => lines.filter((line) => !old.includes(line)))
  const [first = [], second = []] = additions.sort((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1))
  // When one side's additions hold the other's, their order stands.
  const added = first.every((line) => second.includes(line)) ? [...second, ...first] : [...first, ...second]
  return [...new Set([...kept, ...added])].join('\n')
}

const linesOf = (text: unknown): readonly string[] =>
  typeof text === 'string' ? [...new Set(text.split('\n').filter((line) => line.trim() !== ''))] : []

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line) => b.includes(line))

/** Who got a time waits for none, whatever the other side last knew. */
function furtherAlong(mine: unknown, master: unknown): unknown {
  return laterWaitlistStatus(mine as WaitlistStatus, master as WaitlistStatus)
}

/** What either side added, without what either side removed. */
function united(mine: unknown, master: unknown, base: unknown): unknown {
  const [my, their, old] = [listOf(mine), listOf(master), listOf(base)]
  const added = [...my, ...their].filter((item) => !old.includes(item)).sort()
  return [...new Set([...old.filter((item) => my.includes(item) && their.includes(item)), ...added])]
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
