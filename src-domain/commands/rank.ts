/**
 * What somebody meant by a few letters. Pure: the same letters and the same list give the same order on every computer.
 *
 * A match is better the nearer it is to how people abbreviate: the label's beginning, then a word's, then letters anywhere in
 * order. Among equals what was used last comes first, then the order of the list.
 */

export type Candidate = {
  readonly label: string
  /** Place among what was used last, 0 the latest; undefined when it was not. */
  readonly recency?: number | undefined
}

const PREFIX = 0
const WORD_START = 1
const INSIDE = 2
const SUBSEQUENCE = 3

/** The candidates that fit, best first; all of them, the recent before the others, where nothing was typed. */
export function rank<Item extends Candidate>(items: readonly Item[], text: string): readonly Item[] {
  const words = plain(text).split(/\s+/).filter(Boolean)
  const scored = items.flatMap((item) => {
    const scores = words.map((word) => scoreOf(plain(item.label), word))
    return scores.includes(null) ? [] : [{ item, score: scores.reduce<number>((sum, each) => sum + (each ?? 0), 0) }]
  })
  return scored.toSorted((a, b) => a.score - b.score || recencyOf(a.item) - recencyOf(b.item)).map(({ item }) => item)
}

function scoreOf(label: string, word: string): number | null {
  if (label.startsWith(word)) return PREFIX
  if (label.split(/[\s/-]+/).some((part) => part.startsWith(word))) return WORD_START
  if (label.includes(word)) return INSIDE
  // Two letters fit nearly everything in this way.
  return word.length > 2 && isSubsequence(word, label) ? SUBSEQUENCE : null
}

function isSubsequence(word: string, label: string): boolean {
  let from = 0
  for (const letter of word) {
    from = label.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}

const recencyOf = ({ recency }: Candidate): number => recency ?? Number.POSITIVE_INFINITY

/** Case and marks do not matter. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
