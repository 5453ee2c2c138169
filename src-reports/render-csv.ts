import { BYTE_ORDER_MARK, LINE_END, toCell } from '#domain/report/csv.ts'
import type { ReportCell, ReportRow, StreamedReport } from '#domain/report/report-model.ts'

/** Pieces of about this many characters, so that a writer is not called for every row. */
const PIECE = 64 * 1024

/**
 * The table as CSV (RFC 4180), piece by piece: header and rows, nothing else, so that every program can read it. Text is never
 * read as a formula; numbers stay numbers, with a share as a fraction and a duration in minutes.
 */
export async function* renderCsv({ head, rows }: Pick<StreamedReport, 'head' | 'rows'>): AsyncGenerator<string> {
  let piece = BYTE_ORDER_MARK + toLine(head.columns.map(({ label }) => label))
  for await (const row of rows) {
    piece += toLine(row)
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  if (piece) yield piece
}

const toLine = (row: ReportRow): string => row.map(toField).join(',') + LINE_END

function toField(cell: ReportCell): string {
  if (cell === null) return ''
  return typeof cell === 'number' ? String(cell) : toCell(cell)
}
