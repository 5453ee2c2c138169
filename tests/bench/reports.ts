/**
 * Reports as files beside what others make of the same rows: a CSV and a workbook of 100,000 visits, a PDF of 5,000. Each job has a
 * process of its own, whose longest reach into memory is told by the system. Shown and not judged: the peers do less (pdfkit draws
 * no table of its own width, exceljs no header that stays).
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench, BenchRow } from './bench-row.ts'
import type { ReportJobName } from './report-job.ts'

const run = promisify(execFile)
const JOB = join(import.meta.dirname, 'report-job.ts')

type Pair = { readonly work: string; readonly ours: ReportJobName; readonly peer: ReportJobName; readonly name: string }
const PAIRS: readonly Pair[] = [
  { work: 'CSV of 100,000 visits', ours: 'csv', peer: 'raw-write', name: 'raw write' },
  { work: 'XLSX of 100,000 visits', ours: 'xlsx', peer: 'exceljs', name: 'exceljs streaming' },
  { work: 'PDF of 5,000 visits', ours: 'pdf', peer: 'pdfkit', name: 'pdfkit' },
]

/** Files are made without a database, so once is enough. */
export const reports: Bench = async (engine) => {
  if (engine !== 'sqlite') return []
  const rows: BenchRow[] = []
  for (const { work, ours, peer, name } of PAIRS) {
    const [us, them] = [await measure(ours), await measure(peer)]
    rows.push(rowOf(work, 'ms', us.ms, { name, value: them.ms }))
    rows.push(rowOf(`${work}, memory`, 'MB', us.megabytes, { name, value: them.megabytes }))
    rows.push(rowOf(`${work}, size`, 'MB', us.size, { name, value: them.size }))
  }
  return rows
}

type Measured = { readonly ms: number; readonly megabytes: number; readonly size: number }

async function measure(job: ReportJobName): Promise<Measured> {
  const { stdout } = await run(process.execPath, [JOB, job])
  return JSON.parse(stdout) as Measured
}

const rowOf = (work: string, unit: 'ms' | 'MB', ours: number, against: BenchRow['against'][number]): BenchRow => ({
  name: 'reports',
  work,
  engine: '',
  ours,
  unit,
  against: [against],
  ratio: ours / against.value,
  budget: null,
  ok: true,
})
