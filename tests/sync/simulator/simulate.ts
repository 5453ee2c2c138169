/** One run of the protocol simulator from its seed to its judgement; see docs/sync.md, section 7. */
import { seededRandom } from '#domain/demo/seeded-random.ts'
import { checkEnd, type Told } from './checks.ts'
import { DEEDS } from './deeds.ts'
import type { Fault } from './documents.ts'
import { planFrom } from './plan.ts'
import { type Violation, World } from './world.ts'

export type RunOptions = {
  readonly fault?: Fault | undefined
  /** Only so many of the planned events happen. */
  readonly most?: number | undefined
  readonly isTraced?: boolean
}
/** What a run has seen, to be added up: a generator that is too tame proves nothing. */
export type Counts = Record<string, number>
export type RunResult = {
  readonly violation: Violation | undefined
  readonly counts: Counts
  readonly planned: number
  readonly trace: readonly string[]
}

/** No run comes near it: more events mean that something goes round in circles. */
const MOST_EVENTS = 30_000

/** Runs a seed to its end. Pure: the same arguments give the same result. */
export function simulate(seed: number, { fault, most, isTraced = false }: RunOptions = {}): RunResult {
  const plan = planFrom(seededRandom(seed))
  const world = new World(seed, plan, fault, isTraced)
  for (const event of plan.events.slice(0, most)) {
    world.scheduler.after(event.at, () => {
      const seat = world.seats[event.client]
      if (seat) DEEDS[event.kind](world, seat, event)
    })
  }
  for (const { client } of world.seats) client.connect()
  const end = plan.events.at(-1)?.at ?? 0
  const isCalm = world.scheduler.run(end, MOST_EVENTS)
  heal(world)
  const isQuiet = isCalm && world.scheduler.run(Number.POSITIVE_INFINITY, MOST_EVENTS)
  const told: Told = { overruled: 0, inInbox: 0, toldThoughTaken: 0, excused: 0 }
  if (isQuiet) checkEnd(world, told)
  else world.violate('never-quiet', 'there is always something more to do')
  return {
    violation: world.violations[0],
    counts: countsOf(world, told),
    planned: plan.events.length,
    trace: world.trace,
  }
}

/** From here on nothing is lost, and every line is new, so that each device asks once. */
function heal(world: World): void {
  world.note('the network heals')
  world.network.isHealed = true
  for (const { client } of world.seats) {
    world.network.cut(client.name)
    client.connect()
  }
}

function countsOf(world: World, told: Told): Counts {
  const counts: Counts = { events: world.scheduler.ran, changes: world.ledger.length, ...world.met }
  const parts: object[] = [
    world.network.stats,
    world.judge.stats,
    world.limits,
    told,
    ...world.seats.map(({ client }) => client.stats),
  ]
  for (const part of parts) {
    for (const [name, count] of Object.entries(part)) counts[name] = (counts[name] ?? 0) + (count as number)
  }
  return counts
}

/** The smallest number of planned events, found by halving, with which a seed still fails in the same way. */
export function shorten(seed: number, options: RunOptions): { readonly most: number; readonly result: RunResult } {
  const kind = simulate(seed, options).violation?.kind
  let [low, high] = [0, simulate(seed, options).planned]
  while (low < high) {
    const middle = (low + high) >> 1
    if (simulate(seed, { ...options, most: middle }).violation?.kind === kind) high = middle
    else low = middle + 1
  }
  return { most: high, result: simulate(seed, { ...options, most: high, isTraced: true }) }
}

/** A failing run in words: its seed, what is wrong, and the end of what happened. */
export function describeFailure(seed: number, options: RunOptions = {}): string {
  const { most, result } = shorten(seed, options)
  const lines = result.trace.slice(-60).join('\n')
  return `TEST_SEED=${seed} with ${most} of ${result.planned} events: ${result.violation?.kind}, ${result.violation?.text}\n${lines}`
}
