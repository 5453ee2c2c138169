/** What happens in a run, drawn from its seed before it begins: so a run can be shortened without becoming another one. */
import type { SeededRandom } from '#domain/demo/seeded-random.ts'

/** How often each kind of event comes, relative to the others. */
const WEIGHTS = {
  /** A user of a device. */
  note: 12,
  move: 12,
  status: 10,
  book: 12,
  /** The server by itself, or somebody at REST. */
  'server-move': 4,
  'server-status': 4,
  'server-bulk': 3,
  'server-delete': 1,
  /** Lines and devices. */
  offline: 5,
  online: 8,
  cut: 4,
  durable: 6,
  crash: 2,
  'checkpoint-behind': 2,
  /** Who sees what. */
  revoke: 3,
  grant: 5,
  /** The server's past. */
  backup: 2,
  restore: 1,
} as const
export type Kind = keyof typeof WEIGHTS

/** `picks`: fractions in [0, 1) that choose the document, the place and the like. */
export type PlannedEvent = {
  readonly at: number
  readonly kind: Kind
  readonly client: number
  readonly picks: readonly [number, number, number]
}
export type Plan = {
  /** For each client: the number of its doctor's calendar, 0 for the desk. */
  readonly calendars: readonly number[]
  /** By how many ticks each client's clock is off. */
  readonly skews: readonly number[]
  readonly pageLimit: number
  readonly seededVisits: number
  readonly events: readonly PlannedEvent[]
}

const KINDS = (Object.keys(WEIGHTS) as Kind[]).flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind))

/** A plan of 2 to 8 clients and 30 to 80 events. */
export function planFrom(random: SeededRandom): Plan {
  const clients = random.chance(0.6) ? random.between(2, 4) : random.between(5, 8)
  const count = random.between(30, 80)
  const horizon = random.between(200, 500)
  const events = Array.from({ length: count }, (): PlannedEvent => {
    const picks = [random.next(), random.next(), random.next()] as const
    return { at: random.between(0, horizon), kind: random.pick(KINDS), client: random.between(0, clients - 1), picks }
  })
  return {
    calendars: Array.from({ length: clients }, (_, n) => (n === 0 ? 0 : random.between(0, 2))),
    skews: Array.from({ length: clients }, () => random.between(-2_000_000, 2_000_000)),
    pageLimit: random.between(2, 6),
    seededVisits: random.between(3, 8),
    events: events.sort((a, b) => a.at - b.at),
  }
}
