/**
 * What is changed here, on its way to the server: cut into pushes that fit, repeated while the line or the server is in trouble,
 * and set aside when the change itself is what fails.
 *
 * A request may fail because of one row in it. Then its rows are sent in halves until those that fail stand alone and all
 * others are through. A row that has been sent alone and unchanged for the fifth time without effect is parked
 * (parked-changes.ts): it is kept there, the document returns to the state it was based on, and the collection goes on.
 * Lost lines, missing answers, BUSY and UNAVAILABLE count for nothing: they say nothing about a row.
 */
import type { RxReplicationWriteToMasterRow, WithDeleted } from 'rxdb'
import { canonicalText, contentText } from '#domain/sync/canonical.ts'
import { type CollectionName, type Documents, definitionOf, type WireDocument } from '#domain/sync/collections.ts'
import { isSameDocument, resolveConflict } from '#domain/sync/conflict.ts'
import { MAX_FRAME_BYTES } from '#domain/sync/protocol-version.ts'
import { stubOf } from '#domain/sync/stub.ts'
import { MAX_PUSH_ROWS, type PushRow } from '#domain/sync/wire-messages.ts'
import { pause } from './clock.ts'
import { IdenticalPushes } from './identical-pushes.ts'
import type { LocalDatabase } from './local-database.ts'
import type { NewHistory } from './new-history.ts'
import { withOwnKnowledge } from './own-knowledge.ts'
import { changeParked, type ParkedChange, type ParkReason, pushText, readParked } from './parked-changes.ts'
import { SentInserts } from './sent-inserts.ts'
import { isPassing, SyncError } from './sync-error.ts'
import type { SyncSocket } from './sync-socket.ts'
import { forgetUnanswered, noteUnanswered } from './unanswered-pushes.ts'
import { type Patience, pauseBefore, untilAnswered } from './until-answered.ts'

export type PushOptions<Name extends CollectionName> = Patience & {
  readonly database: LocalDatabase
  readonly name: Name
  readonly socket: Pick<SyncSocket, 'push'>
  /** Which history of the server the bases belong to; absent for what does not wait for that. */
  readonly history?: Pick<NewHistory, 'mayPush' | 'adapt' | 'settle'>
}

type Row<Name extends CollectionName> = RxReplicationWriteToMasterRow<Documents[Name]>
type PushHandler<Name extends CollectionName> = (rows: Row<Name>[]) => Promise<WithDeleted<Documents[Name]>[]>
type State = PushRow['newDocumentState']
type Failure = { readonly row: PushRow; readonly reason: ParkReason; readonly message: string }

/** Text of one push; a frame may have four times as much. */
const PUSH_CHARACTERS = 1024 * 1024
/** What a frame has around its rows. */
const AROUND_ROWS_BYTES = 1024

/** Pushes for RxDB; answers the states it has to take over. */
export function pushHandler<Name extends CollectionName>(
  options: PushOptions<Name>,
  signal: AbortSignal,
): PushHandler<Name> {
  const memory = { counts: new IdenticalPushes(), sent: new SentInserts(options.database, options.name) }
  return async (rows) => {
    const parked = (await readParked(options.database)).filter(({ collection }) => collection === options.name)
    const round = new PushRound(options as unknown as PushOptions<CollectionName>, signal, memory, parked)
    return (await round.run(rows.map((row) => wireRow(options.name, row)))) as unknown as WithDeleted<Documents[Name]>[]
  }
}

/** One call of the handler. */
class PushRound {
  readonly #options: PushOptions<CollectionName>
  readonly #signal: AbortSignal
  readonly #counts: IdenticalPushes
  readonly #sent: SentInserts
  readonly #parked: readonly ParkedChange[]
  readonly #answers: State[] = []

  constructor(
    options: PushOptions<CollectionName>,
    signal: AbortSignal,
    memory: { readonly counts: IdenticalPushes; readonly sent: SentInserts },
    parked: readonly ParkedChange[],
  ) {
    this.#options = options
    this.#signal = signal
    this.#counts = memory.counts
    this.#sent = memory.sent
    this.#parked = parked
  }

  async run(rows: readonly PushRow[]): Promise<readonly State[]> {
    const { clock, random } = this.#options
    const sendable = rows.filter((row) => !this.#isHeld(row))
    await this.#sent.beforePush(sendable)
    let failures: readonly Failure[] = sendable.filter(isTooLarge).map((row) => ({ row, ...TOO_LARGE }))
    for (const part of partsOf(sendable.filter((row) => !isTooLarge(row)))) {
      failures = [...failures, ...(await this.#send(part))]
    }
    for (let tries = 0; failures.length > 0 && !this.#signal.aborted; tries += 1) {
      const toRepeat = await this.#parkSpent(failures)
      failures = []
      if (toRepeat.length > 0) await pause(clock, pauseBefore(tries, random), this.#signal)
      for (const { row } of toRepeat) failures = [...failures, ...(await this.#send([row]))]
    }
    return this.#answers
  }

  /** What is set aside stays there; the document stands at its base. */
  #isHeld(row: PushRow): boolean {
    const { newDocumentState: wanted, assumedMasterState: base } = row
    const own = this.#parked.filter((change) => change.row.newDocumentState.id === wanted.id)
    if (own.length === 0 || own.some(({ isAgain }) => isAgain)) return false
    // RxDB sends what it has just taken over; a server that fails over this document would fail again.
    if (base && canonicalText(base) === canonicalText(wanted)) return true
    const isParked = own.some((change) => pushText(change.row) === pushText(row))
    if (isParked) this.#answers.push(standing(this.#options.name, row))
    return isParked
  }

  /** Sends rows and takes the answer; returns those that cannot be sent with others. */
  async #send(part: readonly PushRow[]): Promise<readonly Failure[]> {
    try {
      const answer = await untilAnswered<State[] | null>(this.#options, this.#signal, () => this.#push(part), null)
      if (answer !== null) await this.#take(part, known(answer, part))
      return []
    } catch (error) {
      const reason = reasonOf(error)
      const [row] = part
      if (!reason || !row) throw error
      if (part.length === 1) return [{ row, reason, message: (error as SyncError).message }]
      const half = Math.ceil(part.length / 2)
      return [...(await this.#send(part.slice(0, half))), ...(await this.#send(part.slice(half)))]
    }
  }

  async #push(part: readonly PushRow[]): Promise<State[]> {
    const { database, name, socket } = this.#options
    const rows = await this.#asSent(part)
    this.#sent.onSend(rows)
    try {
      return await socket.push(name, rows)
    } catch (error) {
      // The server may have stored it all the same.
      if (isPassing(error)) noteUnanswered(database, name, rows)
      throw error
    }
  }

  /** The rows as they fit the server's history, when they may be pushed. */
  async #asSent(part: readonly PushRow[]): Promise<readonly PushRow[]> {
    const { history } = this.#options
    if (!history) return part
    await history.mayPush(this.#signal)
    const adapted = part.map((row) => history.adapt(row))
    const rows = adapted.map(({ row }) => row)
    const formers = adapted.flatMap(({ row, former }) => (former ? [[row.newDocumentState.id, former] as const] : []))
    if (formers.length > 0) await this.#sent.beforePush(rows, new Map(formers))
    return rows
  }

  async #take(part: readonly PushRow[], answer: readonly State[]): Promise<void> {
    const { database, name } = this.#options
    const masters = new Map(answer.map((document) => [document.id, document]))
    this.#answers.push(...answer)
    await this.#sent.afterAnswer(part, masters)
    const asking = new Set<PushRow>()
    for (const row of part) {
      const master = masters.get(row.newDocumentState.id)
      if (!master) forgetUnanswered(database, name, row.newDocumentState.id)
      // Taken, and answered for its count of writes: RxDB sees a conflict and keeps the base where it was edited meanwhile.
      else if (contentText(master) === contentText(row.newDocumentState)) noteUnanswered(database, name, [row])
      if (master && (await this.#asksAgain(row, master))) asking.add(row)
    }
    const asks = (row: PushRow): boolean => asking.has(row)
    // What is parked here comes once more with the state just answered as its base, at the latest when the answers repeat
    // themselves: there it is held, and the document stands.
    const stuck = part.filter((row) => asks(row) && this.#counts.add(row))
    if (stuck.length > 0) await this.#park(stuck.map((row) => ({ row, reason: 'no-progress', message: '' })))
    const settled = part.filter((row) => !asks(row))
    for (const { newDocumentState } of settled) this.#counts.forget(newDocumentState.id)
    await this.#options.history?.settle(part.map(({ newDocumentState }) => newDocumentState.id))
    await this.#dropTaken(settled)
  }

  /** True when the answer leaves something to push: the next push should then have another base. */
  async #asksAgain({ newDocumentState, assumedMasterState }: PushRow, master: State): Promise<boolean> {
    const { database, name } = this.#options
    const pushed = { newDocumentState, assumedMasterState: assumedMasterState ?? undefined, realMasterState: master }
    const conflict = await withOwnKnowledge(database, name, pushed as never)
    return !isSameDocument(resolveConflict(name, conflict), master)
  }

  /** What was sent once more and has been taken, or refused into the inbox by the server, need not be kept here. */
  async #dropTaken(settled: readonly PushRow[]): Promise<void> {
    const ids = new Set(settled.map(({ newDocumentState }) => newDocumentState.id))
    const taken = this.#parked.filter(({ isAgain, row }) => isAgain && ids.has(row.newDocumentState.id))
    if (taken.length === 0) return
    await changeParked(this.#options.database, (changes) =>
      changes.filter(({ id }) => !taken.some((change) => change.id === id)),
    )
  }

  /** Parks what has failed often enough, and what was sent once more; returns the rest. */
  async #parkSpent(failures: readonly Failure[]): Promise<readonly Failure[]> {
    const again = new Set(this.#parked.filter(({ isAgain }) => isAgain).map(({ row }) => row.newDocumentState.id))
    const isSpent = ({ row, reason }: Failure) =>
      reason === 'too-large' || this.#counts.add(row) || again.has(row.newDocumentState.id)
    const spent = failures.filter(isSpent)
    if (spent.length > 0) await this.#park(spent)
    this.#answers.push(...spent.map(({ row }) => standing(this.#options.name, row)))
    return failures.filter((failure) => !spent.includes(failure))
  }

  /** Written before RxDB hears of it: whatever happens then, the change is kept. */
  async #park(failures: readonly Failure[]): Promise<void> {
    const { database, name, clock } = this.#options
    const at = clock.now()
    const ids = new Set(failures.map(({ row }) => row.newDocumentState.id))
    const added = failures.map(({ row, reason, message }): ParkedChange => {
      return {
        id: `${name}/${row.newDocumentState.id}/${at}`,
        collection: name,
        schemaVersion: definitionOf(name).version,
        row,
        reason,
        message,
        at,
        isAgain: false,
      }
    })
    await changeParked(database, (changes) => {
      const isReplaced = ({ collection, isAgain, row }: ParkedChange) =>
        collection === name && isAgain && ids.has(row.newDocumentState.id)
      return [...changes.filter((change) => !isReplaced(change)), ...added]
    })
    for (const id of ids) this.#counts.forget(id)
  }
}

const TOO_LARGE = { reason: 'too-large', message: '' } as const

function isTooLarge(row: PushRow): boolean {
  const text = JSON.stringify(row)
  return text.length > PUSH_CHARACTERS && new TextEncoder().encode(text).length > MAX_FRAME_BYTES - AROUND_ROWS_BYTES
}

/** Why a push fails that would fail again; undefined for what concerns all of replication. */
function reasonOf(error: unknown): ParkReason | undefined {
  if (!(error instanceof SyncError)) return undefined
  if (error.code === 'BAD_REQUEST') return 'refused-request'
  return error.code === 'PROTOCOL' ? 'senseless-answer' : undefined
}

/** What a document returns to when its change is set aside: what it was based on, or nothing. */
const standing = (name: CollectionName, { newDocumentState, assumedMasterState }: PushRow): State =>
  assumedMasterState ?? (stubOf(name, newDocumentState.id) as WireDocument as unknown as State)

/**
 * A row as it travels. What the server owns goes back as it came: locally such fields hold guesses (the local day of a moved
 * visit), and a push that changes one would be refused.
 */
function wireRow<Name extends CollectionName>(name: Name, row: Row<Name>): PushRow {
  const { newDocumentState, assumedMasterState } = row as unknown as PushRow
  // What comes back after the server's tombstone is new to it: a base that was deleted is none.
  if (!assumedMasterState || (assumedMasterState._deleted && !newDocumentState._deleted)) return { newDocumentState }
  const owned = definitionOf(name).serverOwned.filter((field) => field in assumedMasterState)
  const back = Object.fromEntries(owned.map((field) => [field, (assumedMasterState as Record<string, unknown>)[field]]))
  return { newDocumentState: { ...newDocumentState, ...back }, assumedMasterState }
}

/** Cuts rows into pushes that stay within the wire's limits. */
function* partsOf(rows: readonly PushRow[]): Generator<readonly PushRow[]> {
  let part: PushRow[] = []
  let size = 0
  for (const row of rows) {
    const length = JSON.stringify(row).length
    if (part.length > 0 && (part.length >= MAX_PUSH_ROWS || size + length > PUSH_CHARACTERS)) {
      yield part
      part = []
      size = 0
    }
    part.push(row)
    size += length
  }
  if (part.length > 0) yield part
}

/** The answer, when it speaks of the rows sent and of nothing else: RxDB fails on anything else for good. */
function known(answer: readonly State[], rows: readonly PushRow[]): readonly State[] {
  const sent = new Set(rows.map(({ newDocumentState }) => newDocumentState.id))
  if (answer.every((document) => sent.has(document?.id))) return answer
  throw new SyncError('PROTOCOL', 'the answer to a push names a document that was not pushed')
}
