/** The world of one run: a server, its clients, the network between them, and a ledger of what each user changed. */
import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import { type SeededRandom, seededRandom } from '#domain/demo/seeded-random.ts'
import type { WireCheckpoint } from '#domain/sync/checkpoint.ts'
import { packCheckpoint, parseCheckpoint } from '#domain/sync/checkpoint.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { ClientModel } from './client-model.ts'
import { aVisit, DOCTORS, type Fault, placeAt, type Row, subjectFor, type Visit, wordsOf } from './documents.ts'
import type { Plan } from './plan.ts'
import { Network, Scheduler } from './scheduler.ts'
import { concerns, ServerJudge } from './server-judge.ts'
import { ServerStore } from './server-store.ts'

/** One change of a user: the word it added to the note, and the fields it set. */
export type Change = {
  readonly word: string
  readonly client: number
  readonly documentId: string
  readonly fields: Readonly<Record<string, unknown>>
}
export type Violation = { readonly kind: string; readonly text: string }
type Stored = ReturnType<ClientModel['snapshot']>
/** A device with its user, the states it may fall back to, and how far its clock is off. */
export type Seat = {
  readonly number: number
  readonly client: ClientModel
  subject: Subject
  readonly full: Subject
  durable: Stored
  readonly skew: number
}

export class World {
  readonly scheduler = new Scheduler()
  readonly network: Network
  readonly store: ServerStore
  readonly judge: ServerJudge
  readonly seats: readonly Seat[]
  readonly random: SeededRandom
  readonly ledger: Change[] = []
  /** Words of changes that a crash or a restore may have taken along. */
  readonly excused = new Set<string>()
  /** What the product does not do better yet, and how often a run met it: docs/sync.md, section 9. */
  readonly limits = { sentByALostState: 0, toldAgain: 0, lackedAfterGrant: 0, heldUnswept: 0 }
  /**
   * For each client, the documents it dropped without its checkpoint knowing: refused as unseen, or swept before the checkpoint
   * fell back. If the audience is granted again before the next pull, nobody sends them.
   */
  readonly dropped = new Map<number, Set<string>>()
  /**
   * For each client, the documents of an audience that its checkpoint does not name: it fell back behind it, or a push reached
   * into it before the first pull. If the audience is lost before that pull, nobody knows what to sweep.
   */
  readonly unswept = new Map<number, Set<string>>()
  /** For each client, the new documents that were first sent by a state of its store that it has lost. */
  readonly forgotten = new Map<number, Set<string>>()
  readonly violations: Violation[] = []
  readonly trace: string[] = []
  /** What the next restore restores. */
  backup: ReturnType<ServerStore['copy']> | null = null
  readonly met = { insertsRepeated: 0, crashes: 0, restores: 0, revocations: 0 }
  readonly #fault: Fault | undefined
  readonly #isTraced: boolean
  #words = 0

  constructor(seed: number, plan: Plan, fault: Fault | undefined, isTraced: boolean) {
    this.random = seededRandom(seed ^ 0x5eed)
    this.#fault = fault
    this.#isTraced = isTraced
    this.network = new Network(this.scheduler, this.random)
    this.store = new ServerStore(fault)
    this.judge = new ServerJudge(this.store)
    for (let n = 0; n < plan.seededVisits; n += 1) {
      const doctorId = DOCTORS[n % 2 === 0 ? 0 : 1]
      const visit = aVisit({ id: testId('Appointment', n + 1), doctorId, ...placeAt(n / 10), status: 'confirmed' })
      this.store.save(undefined, visit, n + 1)
    }
    this.seats = plan.calendars.map((calendar, number) => this.#seat(plan, number, calendar))
  }

  note(text: string): void {
    if (this.#isTraced) this.trace.push(`${String(this.scheduler.now).padStart(4)} ${text}`)
  }

  violate(kind: string, text: string): void {
    this.violations.push({ kind, text })
    this.note(`VIOLATION ${kind}: ${text}`)
  }

  nextWord(): string {
    this.#words += 1
    return `w${this.#words}`
  }

  /** The server's clock; nothing is ever ordered by it. */
  now(): number {
    return NINE_O_CLOCK + this.scheduler.now
  }

  /** Stores what the server itself changes, all of it under one number. */
  commit(changes: readonly (readonly [Visit | undefined, Visit])[]): void {
    const since = this.store.tables.counter
    const touched = changes.flatMap(([before, after]) => this.store.save(before, after, since + 1))
    this.#tell(touched, since)
  }

  #seat(plan: Plan, number: number, calendar: number): Seat {
    const name = `client ${number}`
    const subject = subjectFor(number + 1, calendar === 0 ? null : (DOCTORS[calendar - 1] ?? null))
    const client = new ClientModel({
      name,
      limit: plan.pageLimit,
      fault: this.#fault,
      isExcused: (word) => this.excused.has(word),
      violation: (kind, text) => this.violate(kind, text),
      line: {
        pull: (request, checkpoint, limit) =>
          this.network.toServer(name, () => this.#answerPull(number, request, checkpoint, limit)),
        push: (request, rows) => this.network.toServer(name, () => this.#answerPush(number, request, rows)),
        after: (ticks, run) => this.scheduler.after(ticks, run),
      },
    })
    return { number, client, subject, full: subject, durable: client.snapshot(), skew: plan.skews[number] ?? 0 }
  }

  #answerPull(number: number, request: number, checkpoint: WireCheckpoint | null, limit: number): void {
    const seat = this.seats[number]
    if (!seat) return
    const page = this.store.pull(seat.subject, checkpoint, limit)
    const ids = page.documents.map(({ id, _deleted }) => id.slice(-3) + (_deleted ? '-' : '')).join(' ')
    this.note(`server -> client ${number} page ${request} [${ids}] up to ${page.checkpoint.lwt}`)
    this.network.toClient(seat.client.name, () => seat.client.takePage(request, page))
  }

  /** A push waits for the clinic's lock, and is judged under it; its numbers are those of the moment it has the lock. */
  #answerPush(number: number, request: number, rows: readonly Row[]): void {
    const seat = this.seats[number]
    if (!seat) return
    const readEarly = this.store.tables.counter
    const life = this.store.epoch
    this.scheduler.after(this.network.isHealed ? 0 : this.random.between(0, 5), () => {
      if (life !== this.store.epoch) return
      const since = this.store.tables.counter
      let counter = this.#fault === 'number-read-before-lock' ? readEarly : since
      const nextSeq = () => {
        counter += 1
        return counter
      }
      const decided = rows.map((row) => this.judge.judge(seat.subject, row, this.now(), nextSeq))
      const answers = decided.flatMap(({ answer }) => answer ?? [])
      for (const [index, row] of rows.entries()) this.#meetLimits(number, row, decided[index]?.answer ?? null)
      const sent = rows.map(
        ({ newDocumentState: wanted, assumedMasterState: base }) => `${brief(wanted)} on ${brief(base)}`,
      )
      this.note(
        `server judges client ${number} push ${request} [${sent.join(', ')}], answers [${answers.map(brief).join(', ')}]`,
      )
      this.network.toClient(seat.client.name, () => seat.client.takeVerdicts(request, answers))
      this.#tell(
        decided.flatMap(({ touched }) => touched),
        since,
      )
    })
  }

  /** Notes where a verdict leads to what the product is known not to do better yet. */
  #meetLimits(number: number, { newDocumentState: wanted, assumedMasterState: base }: Row, answer: Visit | null): void {
    const { id } = wanted
    if (answer?._deleted && this.store.tables.documents.has(id)) {
      this.leaveDropped(number, [id])
    }
    const seat = this.seats[number]
    const named = audiencesIn(seat?.client.stored.checkpoint ?? null)
    if (seat && audiencesFor(seat.subject, 'appointments').some((one) => !named.includes(one)))
      this.leaveUnswept(number, [id])
    if (base || !answer || answer._deleted) return
    const isAsSent = answer.revision === 1 && answer.status !== 'unplaced'
    if (isAsSent && wordsOf(answer).every((word) => wordsOf(wanted).includes(word))) return
    this.met.insertsRepeated += 1
  }

  leaveDropped(number: number, ids: readonly string[]): void {
    addTo(this.dropped, number, ids)
  }

  leaveUnswept(number: number, ids: readonly string[]): void {
    addTo(this.unswept, number, ids)
  }

  #tell(touched: readonly string[], since: number): void {
    if (touched.length === 0) return
    for (const { client, subject } of this.seats) {
      if (!client.isOnline || !concerns(subject, touched)) continue
      if (this.#fault === 'documents-in-stream') {
        const page = this.#streamed(subject, since)
        this.network.toClient(client.name, () => client.takeStreamed(page))
      } else {
        this.network.toClient(client.name, () => client.isOnline && client.poke())
      }
    }
  }

  /** The last commit as a page, its checkpoint included. */
  #streamed(subject: Subject, since: number) {
    const whole = parseCheckpoint(this.store.pull(subject, null, 1_000).checkpoint)
    const audiences = new Map([...(whole?.audiences.keys() ?? [])].map((one) => [one, since] as const))
    const from = packCheckpoint({ epoch: this.store.epoch, audiences, leaving: new Map() })
    return this.store.pull(subject, from, 1_000)
  }

  /** Restores a backup: what only the lost history knew is excused, unless a device still holds it as its own change. */
  restore(backup: ReturnType<ServerStore['copy']>): void {
    const judged = new Set<string>()
    for (const visit of this.store.tables.documents.values()) for (const word of wordsOf(visit)) judged.add(word)
    for (const { attempted } of this.store.tables.inbox.values())
      for (const word of wordsOf(attempted)) judged.add(word)
    const kept = new Set([...backup.documents.values()].flatMap(wordsOf))
    for (const { attempted } of backup.inbox.values()) for (const word of wordsOf(attempted)) kept.add(word)
    for (const word of judged) if (!kept.has(word)) this.excused.add(word)
    this.met.restores += 1
    this.network.endServer()
    this.store.restore(backup)
  }
}

export function addTo(sets: Map<number, Set<string>>, number: number, ids: Iterable<string>): void {
  sets.set(number, new Set([...(sets.get(number) ?? []), ...ids]))
}

/** The audiences that a checkpoint names. */
export function audiencesIn(wire: WireCheckpoint | null): readonly string[] {
  const checkpoint = wire ? parseCheckpoint(wire) : undefined
  return checkpoint ? [...checkpoint.audiences.keys(), ...checkpoint.leaving.keys()] : []
}

/** A document in a few letters, for traces. */
const brief = (visit: Visit | undefined): string =>
  visit
    ? `${visit.id.slice(-3)}${visit._deleted ? '-' : `(${wordsOf(visit).join()} ${visit.status} ${visit.localStart})`}`
    : 'nothing'
