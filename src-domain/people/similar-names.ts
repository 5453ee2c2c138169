/** Whether two names may be one person's: for a list that people look through, so it would rather show one pair too many. */

/**
 * True when every word of the shorter name has a counterpart in the longer: the same word, one letter apart in words of four
 * letters and more, or its initial. Case, accents and order do not count. Source: what desks mistype (domain facts, section 3).
 */
export function areSimilarNames(one: string, other: string): boolean {
  const [few, many] = [wordsOf(one), wordsOf(other)].sort((a, b) => a.length - b.length)
  if (!few || !many || few.length === 0) return false
  const free = [...many]
  return few.every((word) => {
    const index = free.findIndex((candidate) => isSameWord(word, candidate))
    if (index >= 0) free.splice(index, 1)
    return index >= 0
  })
}

const wordsOf = (name: string): string[] =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøđ]/g, (letter) => PLAIN[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** Letters that Unicode does not take apart. */
const PLAIN: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd' }

function isSameWord(one: string, other: string): boolean {
  if (one === other) return true
  if (one.length === 1 || other.length === 1) return one[0] === other[0]
  return Math.min(one.length, other.length) >= 4 && areOneEditApart(one, other)
}

/** One letter added, missing, wrong, or two neighbours swapped. */
function areOneEditApart(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (long.length - short.length > 1) return false
  let start = 0
  while (start < short.length && short[start] === long[start]) start += 1
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1)
  const isWrong = short.slice(start + 1) === long.slice(start + 1)
  const isSwapped =
    short[start] === long[start + 1] &&
    short[start + 1] === long[start] &&
    short.slice(start + 2) === long.slice(start + 2)
  return isWrong || isSwapped
}
