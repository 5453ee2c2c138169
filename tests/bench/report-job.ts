/** One job of the benchmark `reports`, alone in its process: `node report-job.ts NAME` prints time, memory and size as JSON. */
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { toCell } from '#domain/report/csv.ts'
import type { ReportColumn, ReportRow, StreamedReport, Translate } from '#domain/report/report-model.ts'
import { renderPdf } from '#reports/pdf/render-pdf.ts'
import { renderCsv } from '#reports/render-csv.ts'
import { renderXlsx } from '#reports/xlsx/render-xlsx.ts'

const MANY = 100_000
const PDF_ROWS = 5_000
const peers = createRequire(join(import.meta.dirname, '../peers/package.json'))
const dejaVu = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')

const COLUMNS: readonly ReportColumn[] = (
  [
    ['day', 'date'],
    ['start', 'time'],
    ['length', 'duration'],
    ['doctor', 'text'],
    ['patient', 'text'],
    ['type', 'text'],
    ['room', 'text'],
    ['status', 'text'],
  ] as const
).map(([key, kind]) => ({ key, label: key, kind }))

function* rowsOf(count: number): Generator<ReportRow> {
  for (let index = 0; index < count; index += 1) {
    const day = `2026-${String(1 + (index % 12)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`
    const start = `${String(8 + (index % 10)).padStart(2, '0')}:${index % 2 ? '30' : '00'}`
    yield [
      day,
      start,
      30,
      `Dr Nowak ${index % 12}`,
      `Zażółć Gęślą ${index}`,
      'Konsultacja',
      `Room ${index % 9}`,
      'Done',
    ]
  }
}

const words: Translate = (key, values) => [key, ...Object.values(values ?? {})].join(' ')
const report = (count: number): StreamedReport => ({
  head: {
    definition: 'appointments',
    title: 'Appointments',
    clinicName: 'Bench',
    filter: [],
    asOf: { instant: 0, zone: 'UTC', text: 'now' },
    columns: COLUMNS,
  },
  rows: rowsOf(count),
  tail: () => ({ charts: [], totals: [], notes: [] }),
})

type Job = (file: string) => Promise<void>
const JOBS = {
  csv: (file) => pipeline(renderCsv(report(MANY)), createWriteStream(file)),
  'raw-write': async (file) => {
    const out = createWriteStream(file)
    for (const row of rowsOf(MANY)) {
      const line = `${row.map((cell) => toCell(String(cell))).join(',')}\r\n`
      if (!out.write(line)) await once(out, 'drain')
    }
    out.end()
    await once(out, 'finish')
  },
  xlsx: (file) => pipeline(renderXlsx(report(MANY), words), createWriteStream(file)),
  exceljs: async (file) => {
    const Excel = peers('exceljs')
    const book = new Excel.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true })
    const sheet = book.addWorksheet('Appointments')
    sheet.addRow(COLUMNS.map(({ label }) => label)).commit()
    for (const row of rowsOf(MANY)) sheet.addRow([new Date(`${row[0]}T00:00Z`), ...row.slice(1)]).commit()
    await book.commit()
  },
  pdf: async (file) => {
    const fonts = [{ name: 'DejaVuSans', read: () => readFileSync(dejaVu) }]
    const bytes = await renderPdf(report(PDF_ROWS), words, fonts)
    await pipeline([bytes], createWriteStream(file))
  },
  pdfkit: async (file) => {
    const PdfDocument = peers('pdfkit')
    const document = new PdfDocument({ size: 'A4', layout: 'landscape', margin: 40 })
    const out = createWriteStream(file)
    document.pipe(out)
    document.font(dejaVu).fontSize(8)
    let y = 40
    for (const row of rowsOf(PDF_ROWS)) {
      if (y > 530) {
        document.addPage()
        y = 40
      }
      for (const [index, cell] of row.entries()) document.text(String(cell), 40 + index * 95, y, { lineBreak: false })
      y += 13.8
    }
    document.end()
    await once(out, 'finish')
  },
} as const satisfies Record<string, Job>
export type ReportJobName = keyof typeof JOBS

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'report-job-'))
  const file = join(folder, 'file')
  const begin = performance.now()
  await JOBS[process.argv[2] as ReportJobName](file)
  const ms = performance.now() - begin
  const size = statSync(file).size / 1e6
  rmSync(folder, { recursive: true })
  // Kilobytes on Linux; libuv makes them so elsewhere too.
  process.stdout.write(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1024, size }))
}
