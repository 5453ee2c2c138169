import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { ReportRow } from '#domain/report/report-model.ts'
import { formatFor, whyInWords } from '#reports/format-for.ts'
import { renderCsv } from '#reports/render-csv.ts'
import { inEnglish } from '#tests/support/visit-facts.ts'
import { aModel, FORMULAS, streamed } from './report-cases.ts'

const columns = [
  { key: 'patient', label: 'Patient', kind: 'text' },
  { key: 'share', label: 'Share', kind: 'percent' },
  { key: 'wait', label: 'Wait', kind: 'duration' },
] as const

async function csvOf(rows: readonly ReportRow[]): Promise<string[]> {
  const pieces: string[] = []
  for await (const piece of renderCsv(streamed(aModel(columns, rows)))) pieces.push(piece)
  return pieces
}
const read = (pieces: readonly string[]): string[][] => parse(pieces.join(''), { bom: true, record_delimiter: '\r\n' })

test('a reader of RFC 4180 gets header, texts and plain numbers', async () => {
  const rows = await csvOf([
    ['Núñez, "Ana"\nMaría', -0.125, 90],
    ['', null, null],
  ])
  expect(rows[0]).toMatch(/^\uFEFF/)
  expect(read(rows)).toEqual([
    ['Patient', 'Share', 'Wait'],
    ['Núñez, "Ana"\nMaría', '-0.125', '90'],
    ['', '', ''],
  ])
})

test('forty texts that look like formulas come back as texts that are none', async () => {
  expect(FORMULAS).toHaveLength(40)
  const [, ...rows] = read(await csvOf(FORMULAS.map((text) => [text, 1, 1])))
  for (const [index, text] of FORMULAS.entries()) {
    const cell = rows[index]?.[0]
    expect([text, `'${text}`]).toContain(cell)
    expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/u)
  }
})

test('a long table comes in pieces, and the pieces are the table', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => [`Patient ${index}`, index / 7, index])
  const pieces = await csvOf(rows)
  expect(pieces.length).toBeGreaterThan(5)
  expect(read(pieces)).toHaveLength(20_001)
})

test.each([
  ['pdf', 5_000, 'pdf'],
  ['pdf', 5_001, 'csv'],
  ['xlsx', 100_000, 'xlsx'],
  ['xlsx', 100_001, 'csv'],
  ['csv', 10_000_000, 'csv'],
] as const)('%s with %i rows becomes %s', (wanted, rows, format) => {
  expect(formatFor(wanted, rows).format).toBe(format)
})

test('a report that became CSV says why', () => {
  expect(whyInWords(formatFor('pdf', 6_000), inEnglish)).toBe(
    '6000 rows are more than the 5000 that PDF can hold, so this is a CSV file.',
  )
  expect(whyInWords(formatFor('pdf', 10), inEnglish)).toBe('')
})
