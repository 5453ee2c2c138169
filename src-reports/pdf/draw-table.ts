import type { CellKind, ReportColumn, ReportRow, ReportTotal } from '#domain/report/report-model.ts'
import type { CellText } from '#reports/cell-text.ts'
import { type Colour, FAINT, type Pen, SHADE } from './pen.ts'
import type { Line } from './text-layout.ts'

const SIZE = 8
const LEADING = 1.35
const PADDING = 3
const HEADING = 11
/** The narrowest a column of text gets before its words are cut. */
const NARROWEST = 50

type Table = {
  readonly columns: readonly ReportColumn[]
  readonly widths: readonly number[]
  readonly heading: string | undefined
}
export type TableContent = {
  readonly cellText: CellText
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly ReportRow[]
  readonly totals: readonly ReportTotal[]
  /** What stands before the totals in their row. */
  readonly totalLabel: string
  /** Stands above the header, on every page. */
  readonly heading?: string
  /** Rows that decide the widths, where tables under each other have the same columns; the table's own otherwise. */
  readonly measured?: readonly ReportRow[]
}

/** Draws header, rows and totals from where the pen is, with the header again on every page. */
export function drawTable(pen: Pen, content: TableContent): void {
  const { columns, rows, heading, measured = rows } = content
  const closing = totalsRow(content)
  const widths = widthsOf(pen, content, closing ? [...measured, closing] : measured)
  const table = { columns, widths, heading }
  const [first] = rows
  // A header alone at the foot of a page would belong to nothing.
  const firstHeight = first ? heightOf(wrapped(pen, table, toTexts(first, content))) : 0
  pen.makeRoom(SIZE * 4 + (heading === undefined ? 0 : HEADING * 2 + firstHeight))
  drawHeader(pen, table)
  for (const row of rows) drawUnderHeader(pen, table, toTexts(row, content))
  if (closing) drawUnderHeader(pen, table, closing, SHADE)
}

function drawHeader(pen: Pen, table: Table): void {
  if (table.heading !== undefined) pen.paragraph(table.heading, HEADING)
  drawRow(
    pen,
    table,
    table.columns.map(({ label }) => label),
    SHADE,
  )
}

const toTexts = (row: ReportRow, { columns, cellText }: TableContent): string[] =>
  columns.map(({ kind }, index) => cellText(row[index] ?? null, kind))

function totalsRow({ columns, totals, totalLabel: label, cellText }: TableContent) {
  const ofColumn = columns.map(({ key }) => totals.find(({ column }) => column === key))
  if (ofColumn.every((total) => !total)) return undefined
  const texts = ofColumn.map((total) => (total ? cellText(total.value, total.kind) : ''))
  return texts[0] === '' ? [label, ...texts.slice(1)] : texts
}

function drawUnderHeader(pen: Pen, table: Table, texts: readonly string[], shade?: Colour): void {
  if (pen.makeRoom(heightOf(wrapped(pen, table, texts)))) drawHeader(pen, table)
  drawRow(pen, table, texts, shade)
}

const wrapped = (pen: Pen, { widths }: Pick<Table, 'widths'>, texts: readonly string[]): (readonly Line[])[] =>
  texts.map((text, index) => pen.layout.wrap(text, ((widths[index] ?? 0) - 2 * PADDING) / SIZE))

const heightOf = (cells: readonly (readonly Line[])[]): number =>
  Math.max(1, ...cells.map((lines) => lines.length)) * SIZE * LEADING + PADDING

function drawRow(pen: Pen, table: Table, texts: readonly string[], shade?: Colour): void {
  const cells = wrapped(pen, table, texts)
  const height = heightOf(cells)
  if (shade) pen.fill(pen.left, pen.y, pen.width, height, shade)
  let x = pen.left
  for (const [index, lines] of cells.entries()) {
    const width = table.widths[index] ?? 0
    const isRight = isNumeric(table.columns[index]?.kind ?? 'text')
    for (const [row, line] of lines.entries()) {
      const shift = isRight ? width - PADDING - line.width * SIZE : PADDING
      pen.draw(line, x + shift, pen.y + PADDING / 2 + row * SIZE * LEADING, SIZE)
    }
    x += width
  }
  pen.y += height
  pen.stroke([pen.left, pen.y], [pen.left + pen.width, pen.y], FAINT, 0.2)
}

const isNumeric = (kind: CellKind): boolean => kind === 'number' || kind === 'percent' || kind === 'duration'

/** As wide as its widest cell; where that is too much for the page, columns of text give way in proportion. */
function widthsOf(pen: Pen, { columns, cellText }: TableContent, rows: readonly ReportRow[]): number[] {
  const natural = columns.map(({ label, kind }, index) => {
    let widest = pen.layout.line(label).width
    for (const row of rows) widest = Math.max(widest, pen.layout.line(cellText(row[index] ?? null, kind)).width)
    return widest * SIZE + 2 * PADDING
  })
  const sum = natural.reduce((total, width) => total + width, 0)
  if (sum <= pen.width) return natural.map((width) => width * (pen.width / sum))
  const fixed = natural.reduce((total, width, index) => total + (columns[index]?.kind === 'text' ? 0 : width), 0)
  const room = Math.max(pen.width - fixed, NARROWEST)
  const given = natural.map((width, index) =>
    columns[index]?.kind === 'text' ? Math.max(NARROWEST, (width * room) / (sum - fixed)) : width,
  )
  const used = given.reduce((total, width) => total + width, 0)
  return given.map((width) => width * (pen.width / used))
}
