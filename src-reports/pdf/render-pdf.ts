import type { ReportRow, StreamedReport, Translate } from '#domain/report/report-model.ts'
import { cellTextIn } from '#reports/cell-text.ts'
import { drawChart } from './draw-chart.ts'
import { drawTable } from './draw-table.ts'
import type { FontFile } from './fonts.ts'
import { FAINT, Pen } from './pen.ts'

export type { FontFile } from './fonts.ts'

export const TITLE = 16
export const TEXT = 9
const SMALL = 8
/** More columns than these want the long side of the page. */
const PORTRAIT_COLUMNS = 5

/**
 * A report on A4 pages: title, filter, charts, table, totals and notes. The rows are held in memory: the caller keeps to the
 * cap of `formatFor`. Characters that none of the fonts has are drawn as □, and the last page says how many.
 * @param fonts asked in this order
 */
export async function renderPdf(
  { head, rows, tail }: StreamedReport,
  t: Translate,
  fonts: readonly FontFile[],
): Promise<Uint8Array> {
  const taken: ReportRow[] = []
  for await (const row of rows) taken.push(row)
  const { charts, totals, notes } = tail()
  const cellText = cellTextIn(t)

  const pen = new Pen(head.columns.length > PORTRAIT_COLUMNS ? 'landscape' : 'portrait', fonts)
  pen.title(head.title)
  pen.paragraph(head.title, TITLE)
  for (const line of [head.clinicName, ...head.filter, head.asOf.text]) pen.paragraph(line, TEXT, FAINT)
  pen.y += TEXT
  for (const chart of charts) drawChart(pen, chart, cellText)
  if (taken.length === 0) pen.paragraph(t('report.document.no-rows'), TEXT)
  else drawTable(pen, { cellText, columns: head.columns, rows: taken, totals, totalLabel: t('report.document.total') })
  pen.y += TEXT
  for (const { column, label, value, kind } of totals)
    if (column === null) pen.paragraph(`${label}: ${cellText(value, kind)}`, TEXT)
  for (const note of notes) pen.paragraph(note, SMALL, FAINT)
  drawFooters(pen, head.asOf.text, t)
  return pen.bytes()
}

/** The note on missing characters comes last, because what is drawn before decides it. */
export function drawFooters(pen: Pen, asOf: string, t: Translate): void {
  if (pen.missing > 0) pen.paragraph(t('report.notes.missing-glyphs', { count: pen.missing }), SMALL, FAINT)
  const { pages } = pen
  pen.eachFooter((page, y) => {
    const number = pen.layout.line(t('report.document.page', { page, pages }))
    pen.draw(pen.layout.line(asOf), pen.left, y, SMALL, FAINT)
    pen.draw(number, pen.left + pen.width - number.width * SMALL, y, SMALL, FAINT)
  })
}
