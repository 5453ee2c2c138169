/**
 * What a clinic's writer remembers between writes: doctors, types, working hours, all of which change only under the clinic's
 * lock. So a memory is true exactly as long as the locked counter stands where this writer left it; any other value means that
 * another instance has written, and everything is forgotten.
 */

/** Entries before the memory is emptied and filled anew. */
const CAPACITY = 5_000

export class ClinicMemory {
  readonly #values = new Map<string, unknown>()
  #mark = ''

  /** Keeps what is remembered if the counter stands where `settle` last left it. */
  openAt(counter: { readonly epoch: string; readonly value: number }): void {
    if (this.#mark !== markOf(counter)) this.forget()
    this.#mark = ''
  }

  /** Called after COMMIT with the counter as committed. Without it the next `openAt` forgets. */
  settle(counter: { readonly epoch: string; readonly value: number }): void {
    this.#mark = markOf(counter)
  }

  async recall<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
    if (this.#values.has(key)) return this.#values.get(key) as Value
    const value = await load()
    if (this.#values.size >= CAPACITY) this.#values.clear()
    this.#values.set(key, value)
    return value
  }

  /** Forgets what a write or a rollback may have made untrue: one entry, or everything. */
  forget(key?: string): void {
    if (key === undefined) this.#values.clear()
    else this.#values.delete(key)
  }
}

const markOf = ({ epoch, value }: { readonly epoch: string; readonly value: number }): string => `${epoch}/${value}`
