/** Names compared as people type them: without case and accents, from the beginning of a word. */

/** Letters that stay apart from their plain form under NFD. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
}
const APART = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')

/** Lower case, no marks, one space between words: `Łucja  Müller-Öz` → `lucja muller oz`. */
export function normalised(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(APART, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** True when the words of `wanted` stand in the name in this order, the last perhaps unfinished. Every name has the empty one. */
export const hasWordsLike = (name: string, wanted: string): boolean =>
  ` ${normalised(name)}`.includes(` ${normalised(wanted)}`)
