/**
 * What a client keeps when the server answers a push with another state: total, never throws, no clock.
 *
 * 1. Master deleted, or equal to the base → master. (The server refused; its inbox row holds the attempt.)
 * 2. Otherwise a three-way merge by field meaning: a field changed on one side only keeps that change; fields the server
 *    owns are always the master's; `status` goes to the later one in a visit's life; times of progress to the earliest;
 *    notes changed on both sides are joined; anything else changed on both sides, the time and the doctor above all, is
 *    the master's, because only the server decides a time.
 * The result equals the master exactly when there is nothing left to push.
 */
import { laterStatus } from '#domain/appointment/appointment-status.ts'
import { canonicalText } from './canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from './collections.ts'

export type Conflict<Name extends CollectionName> = {
  readonly newDocumentState: WireDocument<Name>
  readonly assumedMasterState?: WireDocument<Name> | undefined
  readonly realMasterState: WireDocument<Name>
}

/** True when both documents are the same to the last field, the server's count of writes included. */
export const isSameDocument = (a: unknown, b: unknown): boolean => canonicalText(a) === canonicalText(b)

type Fields = { readonly [field: string]: unknown }
type MergeField = (mine: unknown, master: unknown, base: unknown) => unknown

/** Fields that belong together: when both sides changed any of a group, all of it is the master's. */
const GROUPS: Partial<Record<CollectionName, readonly (readonly string[])[]>> = {
  appointments: [['doctorId', 'start', 'end', 'locationId', 'typeId']],
}

const MERGE: Partial<Record<CollectionName, Readonly<Record<string, MergeField>>>> = {
  appointments: {
    status: (mine, master) => laterStatus(mine as never, master as never),
    arrivedAt: earliest,
    startedAt: earliest,
    finishedAt: earliest,
    note: joined,
    reason: joined,
  },
  patients: { note: joined, alerts: united },
}

/** Resolves a conflict of one document; see the rules above. */
export function resolveConflict<Name extends CollectionName>(name: Name, conflict: Conflict<Name>): WireDocument<Name> {
  const { newDocumentState: mine, realMasterState: master, assumedMasterState: base } = conflict
  if (master._deleted || base === undefined || isSameDocument(master, base)) return master
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
  const changed = (from: Fields, field: string) => !isSameValue(from[field], old[field])
  const contested = new Set(
    (GROUPS[name] ?? []).filter((group) => group.some((field) => changed(their, field))).flatMap((group) => [...group]),
  )
  const isServers = (field: string) => definitionOf(name).serverOwned.includes(field) || contested.has(field)
  const merged = Object.keys(their).map((field) => {
    if (isServers(field) || !changed(my, field)) return [field, their[field]]
    if (!changed(their, field)) return [field, my[field]]
    const merge = MERGE[name]?.[field]
    return [field, merge ? merge(my[field], their[field], old[field]) : their[field]]
  })
  return Object.fromEntries(merged) as WireDocument<Name>
}

const isSameValue = (a: unknown, b: unknown): boolean => canonicalText({ value: a }) === canonicalText({ value: b })

function isOnlyBookkeeping<Name extends CollectionName>(
  name: Name,
  base: WireDocument<Name>,
  master: WireDocument<Name>,
): boolean {
  const owned = new Set(definitionOf(name).serverOwned)
  return Object.keys(master).every(
    (field) => owned.has(field) || isSameValue((base as Fields)[field], (master as Fields)[field]),
  )
}

/** The earlier of two instants; a missing one counts as never. */
function earliest(mine: unknown, master: unknown): unknown {
  if (typeof mine !== 'number') return master
  return typeof master === 'number' ? Math.min(mine, master) : mine
}

/** Both texts, each once, in an order that does not depend on who pushed first. */
function joined(mine: unknown, master: unknown, base: unknown): unknown {
  const [mineText, masterText, baseText] = [String(mine ?? ''), String(master ?? ''), String(base ?? '')]
  if (masterText.includes(mineText)) return masterText
  if (mineText.includes(masterText)) return mineText
  const added = (text: string) =>
    baseText !== '' && text.startsWith(baseText) ? text.slice(baseText.length).replace(/^\n/, '') : text
  const additions = [added(mineText), added(masterText)].sort()
  const keepsBase = mineText.startsWith(baseText) && masterText.startsWith(baseText)
  return [...(keepsBase && baseText !== '' ? [baseText] : []), ...additions].join('\n')
}

/** What either side added, without what either side removed. */
function united(mine: unknown, master: unknown, base: unknown): unknown {
  const [my, their, old] = [mine, master, base].map((value) =>
    Array.isArray(value) ? (value as readonly unknown[]) : [],
  )
  const all = new Set([...(old ?? []), ...[...(my ?? []), ...(their ?? [])].sort()])
  return [...all].filter((item) => !old?.includes(item) || (my?.includes(item) && their?.includes(item)))
}
