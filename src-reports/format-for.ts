/** Which file a report becomes: what was wanted, or CSV where that could not hold its rows. */
import type { Translate } from '#domain/report/report-model.ts'

export const REPORT_FORMATS = ['pdf', 'csv', 'xlsx'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** Beyond these rows a PDF is no document anybody turns pages of, and a worksheet nears its format's end. */
export const ROW_CAPS: Readonly<Record<ReportFormat, number>> = {
  pdf: 5_000,
  xlsx: 100_000,
  csv: Number.POSITIVE_INFINITY,
}

export type FormatChoice = {
  readonly format: ReportFormat
  /** Set when it is not the wanted one. */
  readonly because: { readonly wanted: ReportFormat; readonly rows: number; readonly cap: number } | null
}

/** @param rowCount how many rows the report has, at least */
export function formatFor(wanted: ReportFormat, rowCount: number): FormatChoice {
  const cap = ROW_CAPS[wanted]
  if (rowCount <= cap) return { format: wanted, because: null }
  return { format: 'csv', because: { wanted, rows: rowCount, cap } }
}

/** The sentence that tells why a report is a CSV file; empty when it is what was wanted. */
export function whyInWords({ because }: FormatChoice, t: Translate): string {
  if (!because) return ''
  const { wanted, rows, cap } = because
  return t('report.notes.too-many-rows', { wanted: wanted.toUpperCase(), rows, cap })
}
