/**
 * The simulated server's judgement of a pushed row, in the order of docs/sync.md, section 4, with the real rules of statuses,
 * permissions and overlapping times. What REST and jobs write beside the pushes is here as well.
 */
import { audiencesFor } from '#domain/access/audiences.ts'
import { can, type Subject } from '#domain/access/can.ts'
import { holdsTime, stepsBetween } from '#domain/appointment/appointment-status.ts'
import { overlaps } from '#domain/schedule/interval.ts'
import type { RejectionReason } from '#domain/sync/rejection-reasons.ts'
import { CLINIC, contentOf, localStartOf, type Row, textOf, type Visit } from './documents.ts'
import { type ServerStore, stubFor } from './server-store.ts'

export type JudgeStats = {
  conflicts: number
  refused: number
  unplaced: number
  nothingNew: number
  gone: number
  unseen: number
}
type Decided = { readonly answer: Visit | null; readonly touched: readonly string[] }
type Ruling = { readonly ok: true; readonly visit: Visit } | { readonly ok: false; readonly reason: RejectionReason }

const no = (reason: RejectionReason): Ruling => ({ ok: false, reason })

export class ServerJudge {
  readonly stats: JudgeStats = { conflicts: 0, refused: 0, unplaced: 0, nothingNew: 0, gone: 0, unseen: 0 }
  readonly #store: ServerStore
  constructor(store: ServerStore) {
    this.#store = store
  }

  /** Judges one row and stores what comes of it under the number given out by `nextSeq`. */
  judge(subject: Subject, row: Row, now: number, nextSeq: () => number): Decided {
    const { newDocumentState: wanted, assumedMasterState: base } = row
    const stored = this.#store.tables.documents.get(wanted.id)
    const current = stored && this.#store.isSeenBy(subject, stored) ? stored : undefined
    if (!current) return this.#judgeUnseen(subject, row, now, nextSeq, stored !== undefined)
    const isEqual = contentOf(current) === contentOf(wanted)
    if (isEqual || (base && contentOf(base) === contentOf(wanted)) || (current._deleted && wanted._deleted)) {
      this.stats.nothingNew += 1
      const isKnown = wanted._deleted ? current._deleted : textOf(current) === textOf(wanted)
      return { answer: isKnown ? null : asSent(current), touched: [] }
    }
    if (current._deleted) {
      this.stats.gone += 1
      return this.#refuse(subject, row, 'gone', current)
    }
    if (!base || contentOf(base) !== contentOf(current)) {
      this.stats.conflicts += 1
      return { answer: current, touched: [] }
    }
    const ruling = this.#change(subject, current, wanted, now)
    if (!ruling.ok) return this.#refuse(subject, row, ruling.reason, current)
    return { answer: null, touched: this.#store.save(current, ruling.visit, nextSeq()) }
  }

  /** What the server does by itself or for somebody at REST; undefined when the rules are against it. */
  command(current: Visit, wanted: Visit, now: number): Visit | undefined {
    const ruling = this.#change(null, current, wanted, now)
    return ruling.ok ? ruling.visit : undefined
  }

  #judgeUnseen(subject: Subject, row: Row, now: number, nextSeq: () => number, exists: boolean): Decided {
    const { newDocumentState: wanted, assumedMasterState: base } = row
    if (wanted._deleted) return { answer: null, touched: [] }
    this.stats.unseen += exists ? 1 : 0
    if (base) return this.#refuse(subject, row, 'not-found', undefined)
    if (exists) return this.#refuse(subject, row, 'not-allowed', undefined)
    const ruling = this.#book(subject, wanted, now)
    if (!ruling.ok) return this.#refuse(subject, row, ruling.reason, undefined)
    if (ruling.visit.status === 'unplaced') this.stats.unplaced += 1
    return { answer: null, touched: this.#store.save(undefined, ruling.visit, nextSeq()) }
  }

  /** One row in the author's inbox, however often the same attempt comes. */
  #refuse(subject: Subject, row: Row, reason: RejectionReason, current: Visit | undefined): Decided {
    const { newDocumentState: attempted, assumedMasterState: base } = row
    const id = [subject.userId, attempted.id, contentOf(attempted), base ? contentOf(base) : ''].join('|')
    const { inbox } = this.#store.tables
    if (!inbox.has(id)) inbox.set(id, { userId: subject.userId, documentId: attempted.id, reason, attempted, base })
    this.stats.refused += 1
    return { answer: current ? asSent(current) : stubFor(attempted.id), touched: [] }
  }

  #book(subject: Subject, wanted: Visit, now: number): Ruling {
    if (!can(subject, 'book-appointment', wanted)) return no('not-allowed')
    const steps = stepsBetween('pending', wanted.status, wanted)
    if (!steps || wanted.status === 'unplaced') return no('status-jump')
    if (!steps.every(({ permission }) => can(subject, permission, wanted))) return no('not-allowed')
    const booked: Visit = {
      ...wanted,
      clinicId: CLINIC,
      localStart: localStartOf(wanted.start),
      createdBy: subject.userId,
      createdAt: now,
      updatedAt: now,
      unplaced: null,
      ...progressOf(wanted, now),
    }
    if (!holdsTime(booked.status) || this.#isFree(booked)) return { ok: true, visit: booked }
    const unplaced = { reason: 'slot-taken', at: now, takenBy: '', takenAt: null }
    return { ok: true, visit: { ...booked, status: 'unplaced', unplaced } }
  }

  #change(subject: Subject | null, current: Visit, wanted: Visit, now: number): Ruling {
    const steps = stepsBetween(current.status, wanted.status, wanted)
    if (!steps) return no('status-jump')
    const isMoved =
      current.start !== wanted.start ||
      current.end !== wanted.end ||
      current.doctorId !== wanted.doctorId ||
      (current.status === 'unplaced' && holdsTime(wanted.status))
    if (subject) {
      if (!steps.every(({ permission }) => can(subject, permission, current))) return no('not-allowed')
      const mayMove = can(subject, 'move-appointment', current) && can(subject, 'move-appointment', wanted)
      if (isMoved && !mayMove) return no('not-allowed')
      if (current.note !== wanted.note && !can(subject, 'edit-appointment', current)) return no('not-allowed')
    }
    if (isMoved && (!MOVABLE.has(current.status) || wanted.status === 'unplaced')) return no('status-jump')
    const { doctorId, start, end, status, note } = wanted
    const isCancelled = status === 'cancelled'
    const next: Visit = {
      ...current,
      doctorId,
      start,
      end,
      status,
      note,
      localStart: localStartOf(start),
      updatedAt: now,
      cancelReason: isCancelled ? wanted.cancelReason : '',
      cancelledAt: isCancelled ? (current.cancelledAt ?? now) : null,
      unplaced: status === 'unplaced' ? current.unplaced : null,
      ...progressOf(wanted, now),
    }
    const claims = holdsTime(next.status) && (isMoved || !holdsTime(current.status))
    return claims && !this.#isFree(next) ? no('slot-taken') : { ok: true, visit: next }
  }

  #isFree(wanted: Visit): boolean {
    return ![...this.#store.tables.documents.values()].some(
      (other) =>
        other.id !== wanted.id &&
        !other._deleted &&
        other.doctorId === wanted.doctorId &&
        holdsTime(other.status) &&
        overlaps(other, wanted),
    )
  }
}

const MOVABLE: ReadonlySet<string> = new Set(['pending', 'confirmed', 'arrived', 'unplaced'])

const asSent = (current: Visit): Visit => (current._deleted ? stubFor(current.id) : current)

/** Times of progress that fit the status: set when it is reached, gone when it is taken back. */
function progressOf({ status, arrivedAt, startedAt, finishedAt }: Visit, now: number) {
  if (status === 'arrived') return { arrivedAt: arrivedAt ?? now, startedAt, finishedAt }
  if (status === 'fulfilled') return { arrivedAt: arrivedAt ?? now, startedAt, finishedAt: finishedAt ?? now }
  if (status === 'cancelled') return { arrivedAt, startedAt, finishedAt }
  return { arrivedAt: null, startedAt: null, finishedAt: null }
}

/** True when a commit that touched these audiences concerns the subject. */
export const concerns = (subject: Subject, touched: readonly string[]): boolean =>
  audiencesFor(subject, 'appointments').some((audience) => touched.includes(audience))
