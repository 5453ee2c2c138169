/**
 * The fonts of one document: which of them has a character, and how wide it is. A font is read when a character is looked for
 * that those before it lack, so that a large one costs nothing in a report that does not need it.
 */
import type { jsPDF } from 'jspdf'

/** A TrueType font (`glyf` outlines; jsPDF knows no others). */
export type FontFile = { readonly name: string; readonly read: () => Uint8Array }

export type Fonts = {
  /** The index of the first font that has the character, or undefined when none has. */
  readonly findFont: (codePoint: number) => number | undefined
  /** In thousandths of the font's size. */
  readonly widthOf: (codePoint: number, font: number) => number
  readonly nameOf: (font: number) => string
}

/** What jsPDF keeps of a font that it has read. */
type FontMetadata = { characterToGlyph(codePoint: number): number; widthOfGlyph(glyph: number): number }
type LoadedFont = { readonly name: string; readonly metadata: FontMetadata }

/** jsPDF writes text in units of 16 bits and would split what lies beyond. */
const LAST_CODE_POINT = 0xffff

/** @param files in the order in which they are asked; the first is the one of numbers and blanks */
export function openFonts(document: jsPDF, files: readonly FontFile[]): Fonts {
  const loaded: LoadedFont[] = []
  const known = new Map<number, number | undefined>()
  const widths = new Map<number, number>()
  const fontAt = (index: number): LoadedFont | undefined => {
    const file = files[index]
    if (!loaded[index] && file) loaded[index] = loadFont(document, file)
    return loaded[index]
  }
  const search = (codePoint: number): number | undefined => {
    if (codePoint > LAST_CODE_POINT) return undefined
    for (let index = 0; index < files.length; index += 1) {
      if (fontAt(index)?.metadata.characterToGlyph(codePoint)) return index
    }
    return undefined
  }
  return {
    findFont: (codePoint) => {
      if (!known.has(codePoint)) known.set(codePoint, search(codePoint))
      return known.get(codePoint)
    },
    widthOf: (codePoint, font) => {
      const key = font * 0x110000 + codePoint
      const width = widths.get(key) ?? widthIn(fontAt(font), codePoint)
      widths.set(key, width)
      return width
    },
    nameOf: (font) => fontAt(font)?.name ?? '',
  }
}

const widthIn = (font: LoadedFont | undefined, codePoint: number): number =>
  font ? font.metadata.widthOfGlyph(font.metadata.characterToGlyph(codePoint)) : 0

function loadFont(document: jsPDF, { name, read }: FontFile): LoadedFont {
  document.addFileToVFS(`${name}.ttf`, toBinaryText(read()))
  document.addFont(`${name}.ttf`, name, 'normal')
  document.setFont(name, 'normal')
  const { metadata } = document.getFont() as unknown as { metadata: FontMetadata }
  return { name, metadata }
}

const CHUNK = 0x8000

/** One character for each byte, which is how jsPDF takes a file. */
function toBinaryText(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)))
  return parts.join('')
}
