/** Draws on the pages of one document, and knows how far down the page it is. Lengths in points, from the upper left corner. */
import { jsPDF } from 'jspdf'
import { type FontFile, type Fonts, openFonts } from './fonts.ts'
import { createTextLayout, type Line, type TextLayout } from './text-layout.ts'

export type Colour = readonly [red: number, green: number, blue: number]
export const INK: Colour = [30, 36, 44]
export const FAINT: Colour = [110, 118, 128]
export const SHADE: Colour = [233, 237, 242]
export const ACCENT: Colour = [36, 102, 176]

const MARGIN = 40
const FOOTER = 24
/** What jsPDF would do to right-to-left text has been done before: what comes in goes out. */
const AS_IT_IS = { isInputVisual: true, isOutputVisual: true, isInputRtl: false, isOutputRtl: false } as const

export class Pen {
  readonly #document: jsPDF
  readonly #fonts: Fonts
  readonly layout: TextLayout
  readonly left = MARGIN
  readonly width: number
  readonly #bottom: number
  y = MARGIN
  /** Characters drawn as □ so far. */
  missing = 0

  constructor(orientation: 'portrait' | 'landscape', files: readonly FontFile[]) {
    this.#document = new jsPDF({ orientation, unit: 'pt', format: 'a4', compress: true, putOnlyUsedFonts: true })
    const { pageSize } = this.#document.internal
    this.width = pageSize.getWidth() - 2 * MARGIN
    this.#bottom = pageSize.getHeight() - MARGIN - FOOTER
    this.#fonts = openFonts(this.#document, files)
    this.layout = createTextLayout(this.#document, this.#fonts)
  }

  get pages(): number {
    return this.#document.getNumberOfPages()
  }

  /** @returns whether a new page was begun because the height did not fit on this one */
  makeRoom(height: number): boolean {
    if (this.y + height <= this.#bottom || this.y === MARGIN) return false
    this.#document.addPage()
    this.y = MARGIN
    return true
  }

  /** A line of text whose upper edge is at `y`; `x` is its left edge. */
  draw(line: Line, x: number, y: number, size: number, colour: Colour = INK): void {
    this.missing += line.missing
    this.#document.setFontSize(size).setTextColor(...colour)
    let at = x
    for (const { font, text, width } of line.runs) {
      this.#document.setFont(this.#fonts.nameOf(font), 'normal').text(text, at, y + size, AS_IT_IS)
      at += width * size
    }
  }

  /** Text over the width of the page, moving down. */
  paragraph(text: string, size: number, colour: Colour = INK): void {
    for (const line of this.layout.wrap(text, this.width / size)) {
      this.makeRoom(size * 1.4)
      this.draw(line, this.left, this.y, size, colour)
      this.y += size * 1.4
    }
  }

  fill(x: number, y: number, width: number, height: number, colour: Colour): void {
    this.#document.setFillColor(...colour).rect(x, y, width, height, 'F')
  }

  stroke(from: readonly [number, number], to: readonly [number, number], colour: Colour, thickness: number): void {
    this.#document
      .setDrawColor(...colour)
      .setLineWidth(thickness)
      .line(...from, ...to)
  }

  /** Writes below every page what is only known at the end, such as the count of pages. */
  eachFooter(write: (page: number, y: number) => void): void {
    for (let page = 1; page <= this.pages; page += 1) {
      this.#document.setPage(page)
      write(page, this.#bottom + FOOTER / 2)
    }
  }

  title(text: string): void {
    this.#document.setDocumentProperties({ title: text, creator: 'Healthcare Appointments' })
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#document.output('arraybuffer'))
  }
}
