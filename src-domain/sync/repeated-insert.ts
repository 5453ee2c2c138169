/**
 * A document sent as new that the server knows already: the answer to the first try got lost, or a history was restored that
 * does not name the document to this device. There is no base on the wire; what was sent first (or known before) is one, once it
 * has what the server chooses about a new document. Pure, total.
 */
import { contentText, isSameField } from './canonical.ts'
import { type CollectionName, definitionOf, type WireDocument } from './collections.ts'

/** The place of a visit: when both sides changed any part of it, all of it is the master's. */
export const PLACE = [
  'doctorId',
  'start',
  'end',
  'locationId',
  'roomId',
  'equipmentIds',
  'typeId',
  'overbookReason',
] as const

/** Words of both sides are joined, and of two times of progress or of reading the earlier one stands: nobody's are lost. */
export const JOINED: readonly string[] = [
  'note',
  'text',
  'reason',
  'cancelReason',
  'alerts',
  'arrivedAt',
  'startedAt',
  'finishedAt',
  'readAt',
]

type Fields = { readonly [field: string]: unknown }
type Repeated<Name extends CollectionName> = {
  readonly mine: WireDocument<Name>
  readonly base: WireDocument<Name>
}

/**
 * The two documents to merge with `master`: what stands here, and the base of it.
 *
 * @param sent the document as it was first sent; undefined where this device does not know (it fell back to an older state of its
 * store). Then nothing counts as changed here since, but for words and times that a merge keeps from both sides.
 */
export function asRepeatedInsert<Name extends CollectionName>(
  name: Name,
  mine: WireDocument<Name>,
  master: WireDocument<Name>,
  sent: WireDocument<Name> | undefined,
): Repeated<Name> {
  const before: Fields = sent ?? { ...mine, ...(!mine._deleted && blankJoined(master)) }
  const chosen = chosenByServer(name, before, master)
  const isMovedSince = name === 'appointments' && PLACE.some((field) => !isSameField(mine, before, field))
  const followed = Object.entries(chosen).filter(
    // An unplaced booking that was given another time here since asks for that.
    ([field]) => isSameField(mine, before, field) && !(field === 'status' && isMovedSince),
  )
  return {
    mine: { ...mine, ...Object.fromEntries(followed) },
    base: { ...before, ...chosen, _deleted: false } as unknown as WireDocument<Name>,
  }
}

/** True when the server has the document as it was sent, but for what it chooses about a new one. */
export const isAsSent = <Name extends CollectionName>(
  name: Name,
  sent: WireDocument<Name>,
  master: WireDocument<Name>,
): boolean => contentText(asRepeatedInsert(name, sent, master, sent).base) === contentText(master)

/** What the server makes of a new document without anybody having changed it. */
function chosenByServer(name: CollectionName, before: Fields, master: Fields): Fields {
  const owned = definitionOf(name).serverOwned.filter((field) => field in master)
  const chosen = Object.fromEntries(owned.map((field) => [field, master[field]]))
  if (name !== 'appointments') return chosen
  return {
    ...chosen,
    ...(before.roomId === null && { roomId: master.roomId }),
    ...(master.overbookReason === '' && { overbookReason: '' }),
    ...(master.status === 'unplaced' && { status: 'unplaced' }),
  }
}

const blankJoined = (master: Fields): Fields =>
  Object.fromEntries(
    JOINED.filter((field) => field in master).map((field) => [
      field,
      Array.isArray(master[field]) ? [] : blank(master[field]),
    ]),
  )

const blank = (value: unknown): unknown => (typeof value === 'string' ? '' : null)
