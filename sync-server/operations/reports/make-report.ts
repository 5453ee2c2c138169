/** One report from the database to a file. Runs in the process of the worker, so nothing here knows the server. */
import { readdirSync, readFileSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ReportType } from '#domain/api/report-api.ts'
import type { AppointmentId } from '#domain/ids.ts'
import type { ReportRow as Row, StreamedReport } from '#domain/report/report-model.ts'
import { formatFor, whyInWords } from '#reports/format-for.ts'
import { type FontFile, renderPdf } from '#reports/pdf/render-pdf.ts'
import { renderCsv } from '#reports/render-csv.ts'
import { renderXlsx } from '#reports/xlsx/render-xlsx.ts'
import { openDatabase } from '#server/database/database.ts'
import { openReportOf, type ReportQuestion } from './open-report.ts'
import { reportText } from './report-texts.ts'

export type ReportJob = ReportQuestion & {
  readonly databaseUrl: string
  readonly id: string
  readonly type: ReportType
  /** Where files of reports are kept. */
  readonly folder: string
  /** More fonts for PDFs, beside the one that is always there; null when there are none. */
  readonly fontFolder: string | null
}

export type MadeReport = {
  /** In the folder. */
  readonly file: string
  readonly size: number
  readonly rows: number
  readonly note: string
}

export type Told = {
  /** Of all visits, 0 to 99. */
  readonly progress: (percent: number) => void
  /** Visits that the file shows to whoever opens it. */
  readonly shown: (ids: readonly AppointmentId[]) => void
}

const IDS_AT_ONCE = 500

/**
 * Writes the report beside its name and gives it its name when it is whole, so that no file of that name is ever half written.
 * @throws whatever the database or the disk throws; what was written is gone then
 */
export async function makeReport(job: ReportJob, told: Told): Promise<MadeReport> {
  const database = openDatabase({ url: job.databaseUrl, writers: 1, readers: 1 })
  const part = join(job.folder, `${job.id}.part`)
  try {
    return await database.read(async (tx) => {
      const notes = visitNotes(job, told)
      const { report, visits, rows } = await openReportOf(tx, job, ({ id }) => notes.visit(id))
      notes.expect(visits)
      const choice = formatFor(job.type, rows)
      const counted = counting(report)
      const size = await writeFile(part, piecesOf(choice.format, counted.report, job.fontFolder))
      notes.end()
      const file = `${job.id}.${choice.format}`
      await rename(part, join(job.folder, file))
      return { file, size, rows: counted.count(), note: whyInWords(choice, reportText) }
    })
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    await database.close()
  }
}

/** Progress by the hundredth; and, for the list, who is in it. */
function visitNotes({ definition }: ReportJob, told: Told) {
  let total = 0
  let read = 0
  let percent = 0
  let ids: AppointmentId[] = []
  const flush = () => {
    if (ids.length > 0) told.shown(ids)
    ids = []
  }
  return {
    expect: (visits: number) => {
      total = visits
    },
    visit: (id: AppointmentId) => {
      read += 1
      const now = Math.min(99, Math.floor((read * 100) / total))
      if (now > percent) told.progress(now)
      percent = now
      if (definition !== 'appointments') return
      ids.push(id)
      if (ids.length >= IDS_AT_ONCE) flush()
    },
    end: flush,
  }
}

function counting(report: StreamedReport): { readonly report: StreamedReport; readonly count: () => number } {
  let count = 0
  async function* rows(): AsyncGenerator<Row> {
    for await (const row of report.rows) {
      count += 1
      yield row
    }
  }
  return { report: { ...report, rows: rows() }, count: () => count }
}

async function* piecesOf(
  format: ReportType,
  report: StreamedReport,
  fontFolder: string | null,
): AsyncGenerator<string | Uint8Array> {
  if (format === 'csv') yield* renderCsv(report)
  else if (format === 'xlsx') yield* renderXlsx(report, reportText)
  else yield await renderPdf(report, reportText, fontFiles(fontFolder))
}

/** DejaVu Sans first; of the folder every TrueType font, by name. */
function fontFiles(folder: string | null): FontFile[] {
  const dejaVu = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')
  const own = folder === null ? [] : readdirSync(folder).filter((name) => /\.ttf$/i.test(name))
  return [
    { name: 'DejaVuSans', read: () => readFileSync(dejaVu) },
    ...own.sort().map((name, index) => ({ name: `font${index}`, read: () => readFileSync(join(folder ?? '', name)) })),
  ]
}

/** @returns how many bytes were written and are on the disk */
async function writeFile(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<number> {
  const file: FileHandle = await open(path, 'w', 0o600)
  let size = 0
  try {
    for await (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
      await file.writeFile(bytes)
      size += bytes.length
    }
    await file.sync()
    return size
  } finally {
    await file.close()
  }
}
