/** Time and the network of a simulated run: events in order of their moment, and lines that lose, double, delay and reorder. */
import type { SeededRandom } from '#domain/demo/seeded-random.ts'

type Event = { readonly at: number; readonly run: () => void }

/** Runs events one after the other; `now` is a count of ticks and no clock of anybody. */
export class Scheduler {
  now = 0
  ran = 0
  readonly #queue: Event[] = []

  /** Runs something so many ticks from now, after what was planned for the same tick before. */
  after(ticks: number, run: () => void): void {
    const at = this.now + ticks
    let place = this.#queue.length
    while (place > 0 && (this.#queue[place - 1]?.at ?? 0) > at) place -= 1
    this.#queue.splice(place, 0, { at, run })
  }

  /** Runs events until none is left, or none up to a moment. @returns false when there were more than `most` of them. */
  run(until: number, most: number): boolean {
    for (let left = most; left > 0; left -= 1) {
      const next = this.#queue[0]
      if (!next || next.at > until) return true
      this.#queue.shift()
      this.now = next.at
      this.ran += 1
      next.run()
    }
    return false
  }
}

export type NetworkStats = { dropped: number; doubled: number; overtaken: number }

/** Lines between clients and the server; what is on a line when it is cut is lost, but for requests that were as good as there. */
export class Network {
  readonly stats: NetworkStats = { dropped: 0, doubled: 0, overtaken: 0 }
  isHealed = false
  readonly #lines = new Map<string, number>()
  readonly #latest = new Map<string, number>()
  #serverLife = 0

  private readonly scheduler: Scheduler
  private readonly random: SeededRandom
  constructor(scheduler: Scheduler, random: SeededRandom) {
    this.scheduler = scheduler
    this.random = random
  }

  /** From a client to the server: may be lost, come late, come twice, and come after its line was cut. */
  toServer(client: string, deliver: () => void): void {
    if (this.#isLost(client)) return
    const line = this.#lineOf(client)
    this.#carry(`${client} up`, () => {
      const isCut = line !== this.#lineOf(client)
      if (!isCut || this.random.chance(0.5)) deliver()
      else this.stats.dropped += 1
    })
  }

  /** From the server to a client: may be lost or come late, never over another line than it was sent on. */
  toClient(client: string, deliver: () => void): void {
    if (this.#isLost(client)) return
    const line = this.#lineOf(client)
    this.#carry(`${client} down`, () => {
      if (line === this.#lineOf(client)) deliver()
      else this.stats.dropped += 1
    })
  }

  cut(client: string): void {
    this.#lines.set(client, this.#lineOf(client) + 1)
  }

  /** The server's process ends: nothing that is on its way, in either direction, arrives any more. */
  endServer(): void {
    this.#serverLife += 1
  }

  #isLost(client: string): boolean {
    const isLost = !this.isHealed && this.random.chance(0.08)
    if (isLost) {
      this.stats.dropped += 1
      this.cut(client)
    }
    return isLost
  }

  #carry(way: string, deliver: () => void): void {
    const copies = !this.isHealed && this.random.chance(0.08) ? 2 : 1
    if (copies === 2) this.stats.doubled += 1
    const life = this.#serverLife
    for (let copy = 0; copy < copies; copy += 1) {
      const ticks = this.isHealed
        ? 1
        : this.random.chance(0.15)
          ? this.random.between(10, 60)
          : this.random.between(1, 6)
      const arrival = this.scheduler.now + ticks
      if (arrival < (this.#latest.get(way) ?? 0)) this.stats.overtaken += 1
      this.#latest.set(way, Math.max(arrival, this.#latest.get(way) ?? 0))
      this.scheduler.after(ticks, () => {
        if (life === this.#serverLife) deliver()
      })
    }
  }

  #lineOf(client: string): number {
    return this.#lines.get(client) ?? 0
  }
}
