import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { ReportModel } from '#domain/report/report-model.ts'
import { type FontFile, renderPdf } from '#reports/pdf/render-pdf.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { inEnglish } from '#tests/support/visit-facts.ts'
import { aModel, DEJAVU, FORMULAS, streamed } from './report-cases.ts'

const run = promisify(execFile)
const name = { key: 'patient', label: 'Patient', kind: 'text' } as const
const visits = { key: 'visits', label: 'Visits', kind: 'number' } as const

/** What another program reads out of the file, in logical order; joined forms of letters become the letters. */
async function textOf(model: ReportModel, fonts: readonly FontFile[] = [DEJAVU]): Promise<string> {
  const file = join(temporaryFolder('report'), 'report.pdf')
  await writeFile(file, await renderPdf(streamed(model), inEnglish, fonts))
  const { stdout } = await run('pdftotext', ['-layout', file, '-'])
  return stdout.normalize('NFKC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

test.each([
  ['Polish', 'Zażółć Gęślą-Jaźń'],
  ['Czech', 'Šárka Příhodová'],
  ['Turkish', 'Çağrı İşıklı Güneş'],
  ['Vietnamese', 'Nguyễn Thị Hường'],
  ['Romanian', 'Ștefan Țăranu Împărat'],
  ['German', 'Jörg Weißmüller'],
  ['Greek', 'Αθηνά Παπαδοπούλου'],
  ['Cyrillic', 'Євгенія Щербак'],
  ['Armenian', 'Հայկ Սարգսյան'],
  ['Georgian', 'ნინო ბერიძე'],
  ['Arabic', 'محمد علي الحسن'],
  ['Arabic with the name of God', 'عبد الله'],
  ['Hebrew', 'שרה לוי'],
])('a name in %s reads as it was written', async (_, text) => {
  expect(await textOf(aModel([name], [[text]]))).toContain(text)
})

test.each([
  ['Dr. שרה 12 לוי', ['Dr.', 'שרה', '12', 'לוי']],
  ['Anna (محمد) Nowak', ['Anna', 'محمد', 'Nowak']],
])('%s keeps each of its parts', async (text, parts) => {
  const read = await textOf(aModel([name], [[text]]))
  for (const part of parts) expect(read).toContain(part)
})

test('what no font has is drawn as a box, and the page says how often', async () => {
  const read = await textOf(aModel([name], [['王小明'], ['สมชาย'], ['Ana 😀']]))
  expect(read).toMatch(/□□□/)
  expect(read).toMatch(/Ana □/)
  expect(read).toContain('9 characters are in no font of this report and are shown as □.')
})

test('a font is asked for only when those before it lack a character', async () => {
  let reads = 0
  const spare: FontFile = {
    name: 'Spare',
    read: () => {
      reads += 1
      return DEJAVU.read()
    },
  }
  await textOf(aModel([name], [['Ana'], ['Jörg']]), [DEJAVU, spare])
  expect(reads).toBe(0)
  await textOf(aModel([name], [['王']]), [DEJAVU, spare])
  expect(reads).toBe(1)
})

test('title, filter, charts, table, totals, notes and page numbers are there', async () => {
  const rows = Array.from({ length: 120 }, (_, index) => [`Patient ${index}`, index])
  const model = aModel([name, visits], rows, {
    charts: [
      { form: 'bar', title: 'Bars', kind: 'percent', points: [{ label: 'Dr Weiss', value: 0.25 }] },
      {
        form: 'line',
        title: 'Lines',
        kind: 'number',
        points: [1, 5, 2].map((value, n) => ({ label: `day ${n}`, value })),
      },
    ],
    totals: [
      { column: 'visits', label: 'Visits', kind: 'number', value: 7140 },
      { column: null, label: 'Length', kind: 'duration', value: 30 },
    ],
    notes: ['Left out: 3 visits.'],
  })
  const read = await textOf(model)
  for (const part of ['Appointments', 'Lindenhof', ...model.filter, model.asOf.text, 'Bars', '25 %', 'Lines', 'day 2'])
    expect(read).toContain(part)
  for (const part of ['7140', 'Length: 30 min', 'Left out: 3 visits.']) expect(read).toContain(part)
  for (const [patient] of rows) expect(read).toContain(patient)
  const pages = read.split('\f').slice(0, -1)
  expect(pages.length).toBeGreaterThan(1)
  for (const [index, page] of pages.entries()) {
    expect(page).toMatch(/^\s*Patient\s+Visits/m)
    expect(page).toMatch(new RegExp(`\\b${index + 1} ?/ ?${pages.length}\\b`))
  }
})

test('a report without rows says so, and a word wider than its column is cut, not lost', async () => {
  expect(await textOf(aModel([name], []))).toContain('Nothing matches.')
  const read = await textOf(aModel([name, { ...name, key: 'other' }], [['a'.repeat(400), 'b'.repeat(400)]]))
  expect(read.match(/a/g)?.length).toBeGreaterThanOrEqual(400)
  expect(read.match(/b/g)?.length).toBeGreaterThanOrEqual(400)
})

test('texts that look like formulas or links are drawn, and the file can do nothing', async () => {
  const texts = [...FORMULAS, 'javascript:alert(1)', 'https://evil.test', '<script>alert(1)</script>']
  const bytes = await renderPdf(
    streamed(
      aModel(
        [name],
        texts.map((each) => [each]),
      ),
    ),
    inEnglish,
    [DEJAVU],
  )
  expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/\/(URI|JavaScript|JS|Launch|Annots)\b/)
})
