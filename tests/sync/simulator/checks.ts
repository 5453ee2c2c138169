/** What has to hold when the network has healed and nothing is on its way any more. */
import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import { contentOf, textOf, type Visit, wordsOf } from './documents.ts'
import type { Change, World } from './world.ts'

export type Told = { overruled: number; inInbox: number; toldThoughTaken: number; excused: number }

export function checkEnd(world: World, told: Told): void {
  checkReplicas(world)
  checkTimes(world)
  checkChanges(world, told)
  checkInbox(world)
}

/** Each replica holds what its user may see, as the server has it, and nothing else. */
function checkReplicas(world: World): void {
  for (const { client, subject, number } of world.seats) {
    if (!client.isQuiet()) world.violate('never-quiet', `client ${number} still has something to do`)
    const shown = new Map(world.store.visibleTo(subject).map((visit) => [visit.id as string, visit]))
    for (const visit of client.live()) {
      const master = shown.get(visit.id)
      if (!master && world.unswept.get(number)?.has(visit.id)) world.limits.heldUnswept += 1
      else if (!master)
        world.violate('held-unseen', `client ${number} holds ${visit.id.slice(-3)}, which it may not see`)
      else if (textOf(master) !== textOf(visit)) {
        world.violate('replica-differs', `client ${number} has another ${visit.id.slice(-3)} than the server`)
      }
      shown.delete(visit.id)
    }
    for (const id of shown.keys()) {
      if (world.dropped.get(number)?.has(id)) world.limits.lackedAfterGrant += 1
      else world.violate('replica-lacks', `client ${number} lacks ${id.slice(-3)}`)
    }
  }
}

/** No doctor has two placed visits at once. */
function checkTimes(world: World): void {
  const placed = [...world.store.tables.documents.values()].filter(
    (visit) => !visit._deleted && holdsTime(visit.status),
  )
  for (const [index, visit] of placed.entries()) {
    for (const other of placed.slice(index + 1)) {
      if (other.doctorId !== visit.doctorId || !overlaps(visit, other)) continue
      world.violate('overlap', `${visit.id.slice(-3)} and ${other.id.slice(-3)} overlap`)
    }
  }
}

/** Each change of a user stands at the server, or its author is told. */
function checkChanges(world: World, told: Told): void {
  const latest = new Map<string, Change>()
  for (const change of world.ledger) {
    for (const field of Object.keys(change.fields)) latest.set(`${change.client} ${change.documentId} ${field}`, change)
  }
  for (const change of world.ledger) {
    if (world.excused.has(change.word)) told.excused += 1
    else
      checkChange(
        world,
        change,
        told,
        (field) => latest.get(`${change.client} ${change.documentId} ${field}`) === change,
      )
  }
}

function checkChange(world: World, change: Change, told: Told, isLatest: (field: string) => boolean): void {
  const { word, documentId, client, fields } = change
  const versions = world.store.versions.get(documentId) ?? []
  const current = world.store.tables.documents.get(documentId)
  const seat = world.seats[client]
  const rows = [...world.store.tables.inbox.values()].filter(
    ({ userId, attempted }) => userId === seat?.subject.userId && wordsOf(attempted).includes(word),
  )
  const isRefused = rows.some(({ base }) => !base || !wordsOf(base).includes(word))
  const isTaken = current?._deleted ? versions.some(has(word)) : current !== undefined && has(word)(current)
  if (isRefused) told.inInbox += 1
  if (isRefused && isTaken) told.toldThoughTaken += 1
  if (!(isTaken || isRefused) && world.forgotten.get(client)?.has(documentId)) {
    world.limits.sentByALostState += 1
    return
  }
  if (!isTaken && !isRefused) world.violate('change-lost', `${word} of client ${client} is nowhere`)
  // A booking that lost its time says so itself, whatever status it was sent with.
  const isUnplaced = versions.find(has(word))?.status === 'unplaced'
  if (isRefused) return
  const notes = [...(seat?.client.stored.overruled.values() ?? [])].filter((note) => note.documentId === documentId)
  for (const [field, value] of Object.entries(fields)) {
    if (
      !isLatest(field) ||
      (isUnplaced && field === 'status') ||
      versions.some((visit) => visit[field as keyof Visit] === value)
    )
      continue
    const isTold = notes.some(
      ({ fields: lost, wanted }) => lost.includes(field) && wanted[field as keyof Visit] === value,
    )
    if (isTold) told.overruled += 1
    else if (world.forgotten.get(client)?.has(documentId)) world.limits.sentByALostState += 1
    else world.violate('change-lost', `${field} of ${word} (client ${client}) was dropped in silence`)
  }
}

const has =
  (word: string) =>
  (visit: Visit): boolean =>
    wordsOf(visit).includes(word)

/**
 * The same attempt on the same base is one row. On another base it is told again: where the answer of a refusal was lost and the
 * document changed before the attempt was repeated.
 */
function checkInbox(world: World): void {
  const bases = new Map<string, Set<string>>()
  const ledger = new Set(world.ledger.map(({ word }) => word))
  for (const { userId, documentId, attempted, base } of world.store.tables.inbox.values()) {
    const own = wordsOf(attempted).filter((word) => ledger.has(word) && !(base && wordsOf(base).includes(word)))
    const key = [userId, documentId, ...own.filter((word) => !world.excused.has(word)).sort()].join(' ')
    const seen = bases.get(key) ?? new Set()
    if (seen.size > 0 && own.length > 0) world.limits.toldAgain += 1
    bases.set(key, seen.add(base ? contentOf(base) : ''))
  }
}
