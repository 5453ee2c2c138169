/**
 * From a text as it is stored to what is drawn from left to right: Arabic letters joined, right-to-left stretches reversed
 * (Unicode Bidirectional Algorithm), and split into runs of one font each. A character that no font has becomes □ and is counted.
 */
import bidiFactory, { type Bidi } from 'bidi-js'
import type { jsPDF } from 'jspdf'
import type { Fonts } from './fonts.ts'

export type Run = { readonly font: number; readonly text: string; readonly width: number }
export type Line = {
  readonly runs: readonly Run[]
  /** At a size of one point; runs likewise. */
  readonly width: number
  /** Characters that no font has. */
  readonly missing: number
}

export type TextLayout = {
  /** The text as one line. */
  readonly line: (text: string) => Line
  /** The text in lines no wider than `maxWidth` (at a size of one point), broken at blanks, inside a word where it must be. */
  readonly wrap: (text: string, maxWidth: number) => readonly Line[]
}

const BOX = '□'
// Its types describe the module for bundlers; Node gives the function itself, as bundlers do.
const bidi = (bidiFactory as unknown as () => Bidi)()
const IS_RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/
const IS_ARABIC = /[\u0600-\u06FF\u0750-\u077F]/
/** Marks that steer the order or join, and are not drawn. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}/gu
const CACHE_SIZE = 20_000

export function createTextLayout(document: jsPDF, fonts: Fonts): TextLayout {
  const cache = new Map<string, Line>()
  const line = (text: string): Line => {
    const known = cache.get(text)
    if (known) return known
    if (cache.size >= CACHE_SIZE) cache.clear()
    const made = toLine(toVisual(document, text), fonts)
    cache.set(text, made)
    return made
  }
  return { line, wrap: (text, maxWidth) => wrapText(text, maxWidth, line) }
}

function toVisual(document: jsPDF, text: string): string {
  const plain = text.normalize('NFC').replace(/\p{Cc}+/gu, ' ')
  if (!IS_RIGHT_TO_LEFT.test(plain)) return plain.replace(INVISIBLE, '')
  const levels = bidi.getEmbeddingLevels(plain)
  if (!IS_ARABIC.test(plain)) return bidi.getReorderedString(plain, levels).replace(INVISIBLE, '')
  const joined = joinArabic(document, plain.replace(INVISIBLE, ''))
  return bidi.getReorderedString(joined, bidi.getEmbeddingLevels(joined))
}

/** jsPDF knows the forms a letter takes beside its neighbours; its types do not tell. */
const joinArabic = (document: jsPDF, text: string): string =>
  (document as unknown as { processArabic(text: string): string })
    .processArabic(text)
    // The ligature of one word, which few fonts have: its letters instead.
    .replaceAll('\uFDF2', '\uFE8D\uFEDF\uFEE0\uFEEA')

function toLine(visual: string, fonts: Fonts): Line {
  const runs: { font: number; text: string; width: number }[] = []
  let missing = 0
  for (const character of visual) {
    const codePoint = character.codePointAt(0) ?? 0
    const current = runs.at(-1)
    // A blank stays with the run it follows, so that words of one script are drawn at once.
    const found = codePoint === 0x20 && current ? current.font : fonts.findFont(codePoint)
    if (found === undefined) missing += 1
    const drawn = found === undefined ? BOX : character
    const font = found ?? fonts.findFont(BOX.charCodeAt(0)) ?? 0
    const width = fonts.widthOf(drawn.codePointAt(0) ?? 0, font) / 1000
    if (current?.font === font) {
      current.text += drawn
      current.width += width
    } else runs.push({ font, text: drawn, width })
  }
  return { runs, width: runs.reduce((sum, run) => sum + run.width, 0), missing }
}

function wrapText(text: string, maxWidth: number, line: (text: string) => Line): readonly Line[] {
  const whole = line(text)
  if (whole.width <= maxWidth) return [whole]
  const lines: Line[] = []
  let rest = ''
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, maxWidth, line))) {
    const longer = rest ? `${rest} ${word}` : word
    if (rest && line(longer).width > maxWidth) {
      lines.push(line(rest))
      rest = word
    } else rest = longer
  }
  return [...lines, line(rest)]
}

/** A word that is too wide for a line alone, cut where it fills it. */
function pieces(word: string, maxWidth: number, line: (text: string) => Line): string[] {
  if (line(word).width <= maxWidth) return [word]
  const parts: string[] = []
  let part = ''
  for (const character of word) {
    if (part && line(part + character).width > maxWidth) {
      parts.push(part)
      part = character
    } else part += character
  }
  return [...parts, part]
}
