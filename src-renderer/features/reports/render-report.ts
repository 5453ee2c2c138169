/** A finished report as the bytes of a file. Runs in the worker; nothing here knows the page. */
import type { ReportModel, StreamedReport, Translate } from '#domain/report/report-model.ts'
import type { ReportFormat } from '#reports/format-for.ts'
import { type FontFile, renderPdf } from '#reports/pdf/render-pdf.ts'
import { renderCsv } from '#reports/render-csv.ts'
import { renderXlsx } from '#reports/xlsx/render-xlsx.ts'

/** @param fonts asked in this order; only a PDF needs any */
export async function renderReport(
  model: ReportModel,
  format: ReportFormat,
  t: Translate,
  fonts: readonly FontFile[],
): Promise<Uint8Array> {
  const report: StreamedReport = { head: model, rows: model.rows, tail: () => model }
  if (format === 'pdf') return renderPdf(report, t, fonts)
  return joined(format === 'csv' ? renderCsv(report) : renderXlsx(report, t))
}

async function joined(pieces: AsyncIterable<string | Uint8Array>): Promise<Uint8Array> {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(typeof piece === 'string' ? encoder.encode(piece) : piece)
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
