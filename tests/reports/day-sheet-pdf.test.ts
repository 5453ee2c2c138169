import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { DaySheet } from '#domain/report/day-sheet.ts'
import { renderDaySheet } from '#reports/pdf/render-day-sheet.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { inEnglish } from '#tests/support/visit-facts.ts'
import { DEJAVU } from './report-cases.ts'

const run = promisify(execFile)

const aSheet = (sections: DaySheet['sections']): DaySheet => ({
  title: 'Day sheet, Wednesday 14 October 2026',
  clinicName: 'Lindenhof',
  asOf: 'As of 2026-10-14 08:30, Europe/London',
  columns: [
    { key: 'time', label: 'Time', kind: 'time' },
    { key: 'patient', label: 'Patient', kind: 'text' },
    { key: 'note', label: 'Note', kind: 'text' },
  ],
  sections,
})

/** The pages as another program reads them. */
async function pagesOf(sheet: DaySheet): Promise<string[]> {
  const file = join(temporaryFolder('day-sheet'), 'sheet.pdf')
  await writeFile(file, renderDaySheet(sheet, inEnglish, [DEJAVU]))
  const { stdout } = await run('pdftotext', ['-layout', file, '-'])
  const text = stdout.normalize('NFKC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
  return text.split('\f').slice(0, -1)
}

test('each doctor is a heading with a table, in the order of the sheet, in any script', async () => {
  const [page = ''] = await pagesOf(
    aSheet([
      { heading: 'Dr Żółć · 1 visit', rows: [['09:00–09:15', 'Nguyễn Thị Hường', '']] },
      { heading: 'Dr Weiss · 2 visits', rows: ['محمد علي الحسن', 'Αθηνά Παπαδοπούλου'].map((name) => ['', name, '']) },
    ]),
  )
  const places = [
    'Day sheet, Wednesday 14 October 2026',
    'Lindenhof',
    'As of 2026-10-14 08:30, Europe/London',
    'Dr Żółć · 1 visit',
    '09:00–09:15',
    'Nguyễn Thị Hường',
    'Dr Weiss · 2 visits',
    'محمد علي الحسن',
    'Αθηνά Παπαδοπούλου',
  ].map((text) => page.indexOf(text))
  expect(places).not.toContain(-1)
  expect(places.slice(3)).toEqual(places.slice(3).toSorted((a, b) => a - b))
  expect(page.match(/^\s*Time\s+Patient\s+Note/gm)).toHaveLength(2)
  expect(page).toMatch(/1 ?\/ ?1/)
})

test('a doctor whose visits go on over the page stands on each page, with the header and its number', async () => {
  const rows = Array.from({ length: 90 }, (_, index) => ['09:00–09:15', `Patient ${index}.`, 'x '.repeat(80)])
  const pages = await pagesOf(aSheet([{ heading: 'Dr Weiss · 90 visits', rows }]))
  expect(pages.length).toBeGreaterThan(2)
  for (const [index, page] of pages.entries()) {
    expect(page).toMatch(/Dr Weiss · 90 visits\n(\s*\n)*\s*Time\s+Patient\s+Note/)
    expect(page).toMatch(new RegExp(`\\b${index + 1} ?/ ?${pages.length}\\b`))
  }
  const names = pages.join('').match(/Patient \d+\./g)
  expect(names).toEqual(rows.map(([, name]) => name))
})

test('no doctor’s heading is left alone at the foot of a page', async () => {
  for (let before = 1; before < 45; before += 4) {
    const rows = Array.from({ length: before }, () => ['09:00–09:15', 'Ana', ''])
    const pages = await pagesOf(
      aSheet([
        { heading: 'Dr One', rows },
        { heading: 'Dr Two', rows: [['10:00', 'Ben', '']] },
      ]),
    )
    const page = pages.find((each) => each.includes('Dr Two'))
    expect(page).toContain('Ben')
  }
})

test('a day without visits says so', async () => {
  expect((await pagesOf(aSheet([]))).join('')).toContain('Nobody is booked on this day.')
})
