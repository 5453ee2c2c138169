/** The XML of one worksheet (ECMA-376, part 1, section 18.3), piece by piece. */
import type { CellKind, ReportCell, ReportRow } from '#domain/report/report-model.ts'
import { daysBetween, minuteOfDayOf } from '#domain/time/clinic-time.ts'

export type SheetColumn = { readonly label: string; readonly kind: CellKind }

/** Indexes into `cellXfs` of the styles part. */
const STYLE_OF: Readonly<Record<CellKind | 'header', number>> = {
  text: 0,
  number: 0,
  header: 1,
  percent: 2,
  duration: 3,
  date: 4,
  time: 5,
}
const WIDTH_OF: Readonly<Record<CellKind, number>> = {
  text: 28,
  number: 12,
  percent: 10,
  duration: 12,
  date: 12,
  time: 8,
}

/** Day 0 of the 1900 date system, corrected for the leap day of 1900 that it believes in. */
const DAY_ZERO = '1899-12-30'
const MINUTES_PER_DAY = 1440
/** The most characters a cell may hold. */
const LONGEST_TEXT = 32_767

/** Up to and with the header row, which stays in sight. */
export function sheetStart(columns: readonly SheetColumn[]): string {
  const widths = columns.map(({ kind, label }, index) => {
    const width = Math.max(WIDTH_OF[kind], Math.min(label.length + 2, 40))
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`
  })
  const header = columns.map(({ label }) => textCell(label, STYLE_OF.header)).join('')
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">' +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths.join('')}</cols><sheetData><row>${header}</row>`
  )
}

export function sheetRow(row: ReportRow, columns: readonly Pick<SheetColumn, 'kind'>[]): string {
  let xml = '<row>'
  for (const [index, cell] of row.entries()) xml += toCell(cell, columns[index]?.kind ?? 'text')
  return `${xml}</row>`
}

export const sheetEnd = (): string => '</sheetData></worksheet>'

/** A value decides by its own type what it may be: only a number becomes a number, only a day of a date column a date. */
function toCell(cell: ReportCell, kind: CellKind): string {
  if (cell === null || cell === '') return '<c/>'
  if (typeof cell === 'number') return numberCell(kind === 'duration' ? cell / MINUTES_PER_DAY : cell, STYLE_OF[kind])
  if (kind === 'date') return numberCell(daysBetween(DAY_ZERO, cell), STYLE_OF.date)
  if (kind === 'time') return numberCell(minuteOfDayOf(cell) / MINUTES_PER_DAY, STYLE_OF.time)
  return textCell(cell, STYLE_OF.text)
}

const numberCell = (value: number, style: number): string =>
  Number.isFinite(value) ? `<c s="${style}"><v>${value}</v></c>` : '<c/>'

const textCell = (text: string, style: number): string =>
  `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text.slice(0, LONGEST_TEXT))}</t></is></c>`

// Characters that XML 1.0 cannot hold, lone surrogates among them, and `_x0041_`, which a spreadsheet would read as an escape.
const UNSAFE = /[&<>\r]|[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|_(?=x[0-9A-Fa-f]{4}_)/gu
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;', _: '_x005F_' }

export const escapeXml = (text: string): string => text.replace(UNSAFE, (found) => NAMED[found] ?? '\uFFFD')
