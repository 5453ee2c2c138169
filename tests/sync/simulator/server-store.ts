/** The simulated server's tables and its pull: docs/sync.md, section 2, and sync-server/operations/pull-changes.ts. */
import { type Audience, audiencesFor, clinicAudience, doctorAudience, userAudience } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import {
  type Checkpoint,
  EMPTY_CHECKPOINT,
  packCheckpoint,
  parseCheckpoint,
  type WireCheckpoint,
} from '#domain/sync/checkpoint.ts'
import { BOOKMARK_ID, stubOf } from '#domain/sync/stub.ts'
import type { Fault, Visit } from './documents.ts'

type View = { readonly documentId: string; readonly seq: number; readonly isVisible: boolean }
export type Page = { readonly documents: readonly Visit[]; readonly checkpoint: WireCheckpoint }
/** A refused change, as its author's inbox holds it. */
export type InboxRow = {
  readonly userId: string
  readonly documentId: string
  readonly reason: string
  readonly attempted: Visit
  readonly base: Visit | undefined
}
type Tables = {
  counter: number
  documents: Map<string, Visit>
  views: Map<Audience, Map<string, View>>
  readBy: Map<string, ReadonlySet<string>>
  inbox: Map<string, InboxRow>
}

const stubs = new Map<string, Visit>()

/** The stub of a visit; one object for each id. */
export function stubFor(id: string): Visit {
  const stub = stubs.get(id) ?? stubOf('appointments', id)
  stubs.set(id, stub)
  return stub
}

/** Who sees a visit; a deleted one keeps its own. */
function audiencesOf({ clinicId, doctorId, status, createdBy }: Visit): readonly Audience[] {
  const isUnplaced = status === 'unplaced'
  const author = isUnplaced && createdBy ? [userAudience(createdBy)] : []
  return [clinicAudience(clinicId), ...(isUnplaced ? [] : [doctorAudience(doctorId)]), ...author]
}

export class ServerStore {
  epoch = 'epoch-1'
  tables: Tables = { counter: 0, documents: new Map(), views: new Map(), readBy: new Map(), inbox: new Map() }
  /** All that was ever stored, whatever was restored since: for the judgement at the end. */
  readonly versions = new Map<string, Visit[]>()
  readonly #fault: Fault | undefined
  #restores = 0

  constructor(fault: Fault | undefined) {
    this.#fault = fault
  }

  /** Stores a visit under a number and tells which audiences have to hear of it. */
  save(before: Visit | undefined, after: Visit, seq: number): readonly Audience[] {
    const stored: Visit = { ...after, revision: (before?.revision ?? 0) + 1 }
    const { documents, views } = this.tables
    documents.set(stored.id, stored)
    this.versions.set(stored.id, [...(this.versions.get(stored.id) ?? []), stored])
    const seenNow = audiencesOf(stored)
    const touched = [...new Set([...(before ? audiencesOf(before) : []), ...seenNow])]
    for (const audience of touched) {
      const shelf = views.get(audience) ?? new Map<string, View>()
      shelf.set(stored.id, { documentId: stored.id, seq, isVisible: seenNow.includes(audience) })
      views.set(audience, shelf)
    }
    this.tables.counter = Math.max(this.tables.counter, seq)
    return touched
  }

  copy(): Tables {
    const { counter, documents, views, readBy, inbox } = this.tables
    return {
      counter,
      documents: new Map(documents),
      views: new Map([...views].map(([audience, shelf]) => [audience, new Map(shelf)])),
      readBy: new Map(readBy),
      inbox: new Map(inbox),
    }
  }

  /** The server as it was: another history begins. */
  restore(backup: Tables): void {
    this.tables = backup
    this.tables = this.copy()
    this.#restores += 1
    this.epoch = `epoch-${this.#restores + 1}`
  }

  isSeenBy(subject: Subject, visit: Visit): boolean {
    const own: readonly string[] = audiencesFor(subject, 'appointments')
    return audiencesOf(visit).some((audience) => own.includes(audience))
  }

  /** What this person's devices are to hold. */
  visibleTo(subject: Subject): readonly Visit[] {
    return [...this.tables.documents.values()].filter((visit) => !visit._deleted && this.isSeenBy(subject, visit))
  }

  pull(subject: Subject, wire: WireCheckpoint | null, limit: number): Page {
    const from = (wire && parseCheckpoint(wire)) ?? EMPTY_CHECKPOINT
    const audiences = audiencesFor(subject, 'appointments')
    const known = this.tables.readBy.get(subject.userId) ?? new Set<string>()
    this.tables.readBy.set(subject.userId, new Set([...known, ...audiences]))
    const isSameHistory = from.epoch === this.epoch
    const lost = [...new Set([...from.leaving.keys(), ...from.audiences.keys()])].filter(
      (one) => !audiences.some((audience) => audience === one) && known.has(one),
    )
    const at = (map: ReadonlyMap<string, number>, one: string) => (isSameHistory ? (map.get(one) ?? 0) : 0)
    const leaving = new Map(
      this.#fault === 'sweep-forgotten' ? [] : lost.map((one) => [one, at(from.leaving, one)] as const),
    )
    const ids = new Set<string>()
    const swept = this.#sweep(audiences, leaving, ids, limit)
    const read = this.#read(new Map(audiences.map((one) => [one, at(from.audiences, one)])), ids, limit)
    const checkpoint: Checkpoint = { epoch: this.epoch, audiences: read, leaving: swept }
    const documents = [...ids].map((id) => this.#shown(subject, id))
    if (documents.length === 0 && !namesTheSame(from, checkpoint)) documents.push(stubFor(BOOKMARK_ID))
    return { documents, checkpoint: packCheckpoint(checkpoint) }
  }

  #shown(subject: Subject, id: string): Visit {
    const visit = this.tables.documents.get(id)
    return visit && !visit._deleted && this.isSeenBy(subject, visit) ? visit : stubFor(id)
  }

  #changesOf(audience: string, after: number): readonly View[] {
    const shelf = this.tables.views.get(audience as Audience)
    return shelf ? [...shelf.values()].filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq) : []
  }

  #sweep(own: readonly string[], leaving: ReadonlyMap<string, number>, ids: Set<string>, limit: number) {
    const positions = new Map(leaving)
    const isStillSeen = (id: string) =>
      own.some((audience) => this.tables.views.get(audience as Audience)?.get(id)?.isVisible)
    for (const [audience, after] of leaving) {
      const taken = this.#takeWhole(this.#changesOf(audience, after), ids, limit, (id) => !isStillSeen(id))
      if (taken.isCut) positions.set(audience, taken.last ?? after)
      else positions.delete(audience)
    }
    return positions
  }

  /** All audiences merged by number, until the page is full. */
  #read(start: ReadonlyMap<string, number>, ids: Set<string>, limit: number): ReadonlyMap<string, number> {
    const upTo = this.tables.counter
    const changes = [...start].flatMap(([audience, after]) => this.#changesOf(audience, after))
    const inOrder = changes.filter(({ seq }) => seq <= upTo).sort((a, b) => a.seq - b.seq)
    const taken = this.#takeWhole(inOrder, ids, limit, () => true)
    if (taken.isCut && taken.last === undefined) return start
    const end = taken.isCut ? (taken.last ?? 0) : upTo
    return new Map([...start].map(([audience, seq]) => [audience, Math.max(seq, end)]))
  }

  /** Rows in order until the page is full, and the rest of the number it stands in. */
  #takeWhole(rows: readonly View[], ids: Set<string>, limit: number, counts: (id: string) => boolean) {
    const mayCut = (seq: number, last: number | undefined) =>
      this.#fault === 'page-ends-inside-number' ? true : seq !== last
    let last: number | undefined
    for (const { documentId, seq } of rows) {
      if (ids.size >= limit && !ids.has(documentId) && mayCut(seq, last)) return { last, isCut: true }
      if (counts(documentId)) ids.add(documentId)
      last = seq
    }
    return { last, isCut: false }
  }
}

function namesTheSame(a: Checkpoint, b: Checkpoint): boolean {
  const names = ({ epoch, audiences, leaving }: Checkpoint) =>
    [epoch, ...[...audiences.keys()].sort(), '', ...[...leaving.keys()].sort()].join()
  return names(a) === names(b)
}
