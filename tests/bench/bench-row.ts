/** One measured figure beside what it may be; the shape is that of `--json` (DESIGN, section 9). */
export type BenchRow = {
  readonly name: string
  /** What was done, in words with its size. */
  readonly work: string
  readonly engine: string
  readonly ours: number
  readonly unit: 'ms' | 'KB' | 'MB' | '×' | '/s' | 'each'
  /** Floors and peers measured in the same run. */
  readonly against: readonly { readonly name: string; readonly value: number }[]
  /** Ours by the first of `against`; null without one. */
  readonly ratio: number | null
  /** Null where the figure is shown and not judged. */
  readonly budget: number | null
  readonly ok: boolean
}

/** A benchmark: takes an engine that can be reached, gives its rows. */
export type Bench = (engine: 'sqlite' | 'mysql') => Promise<BenchRow[]>

/** The middle of some repetitions in milliseconds, after warm-up: robust against a neighbour on the machine. */
export async function medianMs(repetitions: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = -3; turn < repetitions; turn += 1) {
    const begin = performance.now()
    await work()
    if (turn >= 0) times.push(performance.now() - begin)
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length / 2)] ?? Number.NaN
}
