import type { DaySheet } from '#domain/report/day-sheet.ts'
import type { Translate } from '#domain/report/report-model.ts'
import { cellTextIn } from '#reports/cell-text.ts'
import { drawTable } from './draw-table.ts'
import type { FontFile } from './fonts.ts'
import { FAINT, Pen } from './pen.ts'
import { drawFooters, TEXT, TITLE } from './render-pdf.ts'

/**
 * A day sheet on A4 pages: title, clinic, as of when, and a table for each doctor whose heading stands again on every page it
 * reaches. Characters that none of the fonts has are drawn as □, and the last page says how many.
 * @param fonts asked in this order
 */
export function renderDaySheet(sheet: DaySheet, t: Translate, fonts: readonly FontFile[]): Uint8Array {
  const { title, clinicName, asOf, columns, sections } = sheet
  const pen = new Pen('landscape', fonts)
  pen.title(title)
  pen.paragraph(title, TITLE)
  for (const line of [clinicName, asOf]) pen.paragraph(line, TEXT, FAINT)
  pen.y += TEXT
  if (sections.length === 0) pen.paragraph(t('report.document.no-visits'), TEXT)
  const cellText = cellTextIn(t)
  const measured = sections.flatMap(({ rows }) => rows)
  for (const { heading, rows } of sections) {
    drawTable(pen, { cellText, columns, rows, totals: [], totalLabel: '', heading, measured })
    pen.y += TEXT * 1.5
  }
  drawFooters(pen, asOf, t)
  return pen.bytes()
}
