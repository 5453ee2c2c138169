/**
 * All patients of this device in memory, searched by the beginning of any name word, of the birth date's digits or of the
 * phone number. Names lie encrypted on the device, so no query of the database can do this.
 *
 * Keys lie in buckets by their first characters; a bucket is sorted when it is first asked for, or before that in idle moments,
 * so that neither building nor a change sorts everything. Numbers share long beginnings (an area code, a century), so their
 * buckets are finer. Drop the index when the screen is locked: it holds every name in plain.
 */
import type { PatientId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { type Asked, digitKeys, nameWords, parseAsked, type Readings } from './patient-keys.ts'

export type PatientHit = Pick<Patient, 'id' | 'name' | 'birthDate' | 'gender' | 'phone' | 'alerts'>

type Entry = { readonly key: string; readonly record: PatientRecord }
type PatientRecord = {
  readonly hit: PatientHit
  readonly words: readonly string[]
  readonly numbers: readonly string[]
}
type Bucket = { entries: Entry[]; isSorted: boolean }

const bucketName = (key: string): string => key.slice(0, key.charCodeAt(0) <= LAST_DIGIT ? 5 : 3)
const LAST_DIGIT = '9'.charCodeAt(0)
const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

export class PatientIndex {
  readonly #records = new Map<PatientId, PatientRecord>()
  readonly #buckets = new Map<string, Bucket>()
  /** Sorted. */
  readonly #bucketNames: string[] = []

  get size(): number {
    return this.#records.size
  }

  get(id: PatientId): PatientHit | undefined {
    return this.#records.get(id)?.hit
  }

  /** Everybody, by surname and then the rest of the name; names of one word by that. */
  list(): readonly PatientHit[] {
    const sorted = [...this.#records.values()].map(({ hit, words }) => ({ hit, key: surnameFirst(words) }))
    return sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ hit }) => hit)
  }

  /** Adds a patient, or replaces what was known of them. */
  put(patient: Patient): void {
    this.remove(patient.id)
    const { id, name, birthDate, gender, phone, alerts } = patient
    const hit = { id, name, birthDate, gender, phone, alerts }
    const record = { hit, words: nameWords(name), numbers: digitKeys(patient) }
    this.#records.set(id, record)
    for (const key of keysOf(record)) {
      const bucket = this.#bucketOf(key)
      bucket.entries.push({ key, record })
      bucket.isSorted = false
    }
  }

  remove(id: PatientId): void {
    const record = this.#records.get(id)
    if (!record) return
    this.#records.delete(id)
    for (const key of keysOf(record)) {
      const bucket = this.#bucketOf(key)
      bucket.entries = bucket.entries.filter((entry) => entry.record !== record)
    }
  }

  /**
   * Patients that match every word and number typed, in order of the key they were found by.
   * @param limit at most so many; a screen that shows fewer than it got says so itself
   * @param before whoever of these matches stands before all others
   */
  search(text: string, limit = 20, before: readonly PatientId[] = []): readonly PatientHit[] {
    const asked = parseAsked(text)
    if (asked.words.length + asked.numbers.length === 0) return []
    const known = before.flatMap((id) => this.#records.get(id) ?? []).filter((record) => matches(record, asked))
    const found = new Set<PatientHit>(known.slice(0, limit).map(({ hit }) => hit))
    for (const prefix of startsOf(asked)) {
      for (const { record } of this.#entriesFrom(prefix)) {
        if (matches(record, asked)) found.add(record.hit)
        if (found.size >= limit) return [...found]
      }
    }
    return [...found]
  }

  /**
   * Sorts some of what is unsorted, for an idle moment.
   * @param entries roughly how many to sort
   * @returns whether something is left
   */
  sortSome(entries: number): boolean {
    let sorted = 0
    for (const bucket of this.#buckets.values()) {
      if (bucket.isSorted) continue
      if (sorted >= entries) return true
      sorted += sortedEntries(bucket).length
    }
    return false
  }

  *#entriesFrom(prefix: string): Generator<Entry> {
    const start = bucketName(prefix)
    for (let at = lowerBound(this.#bucketNames, (name) => name < start); ; at += 1) {
      const name = this.#bucketNames[at]
      if (name === undefined || !name.startsWith(start)) return
      const entries = sortedEntries(this.#buckets.get(name))
      for (let index = lowerBound(entries, ({ key }) => key < prefix); index < entries.length; index += 1) {
        const entry = entries[index]
        if (!entry?.key.startsWith(prefix)) break
        yield entry
      }
    }
  }

  #bucketOf(key: string): Bucket {
    const name = bucketName(key)
    const known = this.#buckets.get(name)
    if (known) return known
    const bucket: Bucket = { entries: [], isSorted: false }
    this.#buckets.set(name, bucket)
    this.#bucketNames.splice(
      lowerBound(this.#bucketNames, (other) => other < name),
      0,
      name,
    )
    return bucket
  }
}

const surnameFirst = (words: readonly string[]): string => [words.at(-1), ...words.slice(0, -1)].join(' ')

/** A name under each of its words first, so that the list reads in order whichever word was typed. */
function keysOf({ words, numbers }: PatientRecord): readonly string[] {
  const turned = words.map((word, at) => [word, ...words.filter((_, other) => other !== at)].join(' '))
  return [...turned, ...numbers]
}

/** Where to look: every reading of the longest thing typed, so that the fewest entries are read. */
function startsOf({ words, numbers }: Asked): Readings {
  const lengthOf = (readings: Readings): number => Math.min(...readings.map(({ length }) => length))
  const [longest = []] = [...words.map((word) => [word]), ...numbers].sort((a, b) => lengthOf(b) - lengthOf(a))
  return longest
}

function matches({ words, numbers }: PatientRecord, asked: Asked): boolean {
  const free = [...words]
  // Longest first, so that `an anna` does not spend `anna` on `an`.
  const hasWords = [...asked.words]
    .sort((a, b) => b.length - a.length)
    .every((word) => {
      const at = free.findIndex((candidate) => candidate.startsWith(word))
      if (at >= 0) free.splice(at, 1)
      return at >= 0
    })
  const isNumberOf = (readings: Readings): boolean =>
    readings.some((digits) => numbers.some((number) => number.startsWith(digits)))
  return hasWords && asked.numbers.every(isNumberOf)
}

function sortedEntries(bucket: Bucket | undefined): readonly Entry[] {
  if (!bucket) return []
  if (!bucket.isSorted) bucket.entries.sort(byKey)
  bucket.isSorted = true
  return bucket.entries
}

/** The first position whose item is not before the wanted place. */
function lowerBound<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(items[middle] as Item)) low = middle + 1
    else high = middle
  }
  return low
}
