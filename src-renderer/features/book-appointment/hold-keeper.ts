/**
 * Keeps one time free at the server while it is chosen. Requests go one after the other: a later choice takes the place of an
 * earlier one, and nothing that was asked for is left behind.
 *
 * The hold is a courtesy, never a condition: without an answer the booking goes on, and the server decides as ever.
 */
import type { HoldBody, HoldView } from '#domain/api/hold-api.ts'
import type { HoldId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { HeldTimes } from '#renderer/local-db/held-times.ts'
import type { BookingCalls } from '#renderer/server-api/booking-calls.ts'

export type HoldState =
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly until: Instant }
  /** Somebody else holds or has the time; `code` says which. */
  | { readonly kind: 'refused'; readonly code: string }

export type HoldWish = Required<Pick<HoldBody, 'doctorId' | 'typeId'>> &
  Pick<HoldBody, 'patientId'> & { readonly start: Instant }

/** So long a booking waits for a server that does not answer. */
const PATIENCE_MS = 1_500
const NONE: HoldState = { kind: 'none' }
/** Codes that say that the time itself cannot be had. */
const TAKEN: ReadonlySet<string> = new Set(['held', 'slot-taken', 'group-full', 'room-taken', 'equipment-taken'])

export class HoldKeeper {
  #hold: HoldView | undefined
  #wish: HoldWish | null = null
  #working: Promise<void> = Promise.resolve()
  readonly #calls: Pick<BookingCalls, 'hold' | 'releaseHold'>
  readonly #onState: (state: HoldState) => void
  readonly #held: Pick<HeldTimes, 'noteAsked' | 'noteOwn'>

  constructor(
    calls: Pick<BookingCalls, 'hold' | 'releaseHold'>,
    onState: (state: HoldState) => void,
    held: Pick<HeldTimes, 'noteAsked' | 'noteOwn'>,
  ) {
    this.#calls = calls
    this.#onState = onState
    this.#held = held
  }

  /** Wants this time held from now on; null gives everything free. */
  keep(wish: HoldWish | null): Promise<void> {
    this.#wish = wish
    this.#working = this.#working.then(() => this.#follow(wish))
    return this.#working
  }

  /** Before a booking: what is under way is over, and a hold that the booking cannot take the place of is gone. */
  async ready(wish: HoldWish): Promise<void> {
    await Promise.race([this.#working, new Promise((over) => setTimeout(over, PATIENCE_MS))])
    const isSame = this.#hold && isFor(this.#hold, wish) && this.#hold.patientId === wish.patientId
    if (this.#hold && !isSame) await this.#release()
    // The booking redeems what is left; nothing is to be given free after it.
    this.#hold = undefined
    this.#wish = null
  }

  async #follow(wish: HoldWish | null): Promise<void> {
    // A newer wish waits behind this one.
    if (wish !== this.#wish) return
    if (wish === null) {
      await this.#release()
      this.#onState(NONE)
      return
    }
    const replaces: { replaces?: HoldId } = this.#hold ? { replaces: this.#hold.id } : {}
    this.#held.noteAsked(wish)
    const answer = await this.#calls.hold({ ...wish, ...replaces })
    if (answer.ok) {
      this.#hold = answer.value.hold
      this.#held.noteOwn(answer.value.hold.id)
      if (wish === this.#wish) this.#onState({ kind: 'held', until: answer.value.hold.expiresAt })
      return
    }
    this.#held.noteAsked(null)
    // A refused hold leaves the one that it was to replace.
    await this.#release()
    if (wish !== this.#wish) return
    const isTaken = answer.kind === 'refused' && TAKEN.has(answer.code)
    this.#onState(isTaken ? { kind: 'refused', code: answer.code } : NONE)
  }

  async #release(): Promise<void> {
    const { id } = this.#hold ?? {}
    this.#hold = undefined
    // Without an answer it runs out by itself.
    if (id !== undefined) await this.#calls.releaseHold(id)
  }
}

const isFor = (hold: HoldView, wish: HoldWish): boolean =>
  hold.doctorId === wish.doctorId && hold.typeId === wish.typeId && hold.start === wish.start
