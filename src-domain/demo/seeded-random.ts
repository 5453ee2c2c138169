/** A repeatable source of random values: the same seed gives the same sequence on every machine. Not for secrets. */
export type SeededRandom = {
  /** A number in [0, 1). */
  readonly next: () => number
  /** A whole number in [low, high], both ends included. */
  readonly between: (low: number, high: number) => number
  /** One item of a list that is not empty. */
  readonly pick: <Item>(items: readonly Item[]) => Item
  /** True with the given probability. */
  readonly chance: (probability: number) => boolean
  /** The items in random order; the argument is left alone. */
  readonly shuffled: <Item>(items: readonly Item[]) => Item[]
}

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, passes gjrand, plenty for demo data and tests. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[between(0, items.length - 1)]
    if (item === undefined) throw new RangeError('Nothing to pick from')
    return item
  }
  const shuffled = <Item>(items: readonly Item[]): Item[] => {
    const keyed = items.map((item) => ({ item, key: next() }))
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
  }
  return { next, between, pick, chance: (probability) => next() < probability, shuffled }
}
