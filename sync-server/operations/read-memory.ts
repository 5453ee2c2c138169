/**
 * What searches remember of a clinic between requests: hours, types, what is taken. All of that changes only in transactions that
 * move the clinic's counter, so it is true exactly as long as the counter stands where it was read. Each snapshot is answered from
 * what was read at its own count; one that is older than what is remembered reads for itself.
 */
import type { ClinicId } from '#domain/ids.ts'
import type { Tx } from '#server/database/database.ts'
import { findCounter } from '#server/repositories/change-counters.ts'

/** Reads, or remembers what was read of the same clinic at the same count. Keys name all that the value depends on. */
export type Recall = <Value>(key: string, load: () => Promise<Value>) => Promise<Value>

/** For transactions that are not worth remembering, or write themselves. */
export const readAnew: Recall = (_key, load) => load()

type Memory = { readonly epoch: string; readonly count: number; readonly values: Map<string, Promise<unknown>> }

/** Clinics whose readings are kept; the one that was asked for longest ago goes first. */
const MOST_CLINICS = 50
/** Readings of one clinic before they are dropped: a search of a month keeps some hundred kilobytes. */
const MOST_VALUES = 100

export class ReadMemory {
  readonly #clinics = new Map<ClinicId, Memory>()

  /** For a transaction that reads one state of the database; its first statement, or one after a read of the same state. */
  async recallIn(tx: Tx, clinicId: ClinicId): Promise<Recall> {
    const counter = await findCounter(tx, clinicId)
    if (!counter) return readAnew
    const { epoch, value: count } = counter
    const known = this.#clinics.get(clinicId)
    if (known?.epoch === epoch && count < known.count) return readAnew
    const isCurrent = known?.epoch === epoch && known.count === count
    const memory = isCurrent ? known : { epoch, count, values: new Map() }
    this.#keep(clinicId, memory)
    return (key, load) => recall(memory.values, key, load)
  }

  #keep(clinicId: ClinicId, memory: Memory): void {
    this.#clinics.delete(clinicId)
    this.#clinics.set(clinicId, memory)
    const [oldest] = this.#clinics.keys()
    if (this.#clinics.size > MOST_CLINICS && oldest !== undefined) this.#clinics.delete(oldest)
  }
}

function recall<Value>(values: Memory['values'], key: string, load: () => Promise<Value>): Promise<Value> {
  const known = values.get(key)
  if (known) return known as Promise<Value>
  const value = load()
  if (values.size >= MOST_VALUES) values.clear()
  values.set(key, value)
  // A reading that failed is no reading.
  value.catch(() => values.delete(key))
  return value
}
