import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCell, toCsv } from '#domain/report/csv.ts'
import { seeded } from '#tests/support/seeded.ts'

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '＝', '"', ',', '\r', '\n', '\t', ' ', "'", 'a', 'é') }),
)

test('a reader of RFC 4180 gets every cell back, with at most one quote mark put before it', () => {
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))
  fc.assert(
    fc.property(table, (rows) => {
      const read: string[][] = parse(toCsv(rows), { bom: true, record_delimiter: '\r\n', relax_quotes: false })
      const plain = read.map((row, y) => row.map((text, x) => (text === `'${rows[y]?.[x]}` ? text.slice(1) : text)))
      // A single empty cell is an empty line, which readers may skip.
      const expected = rows[0]?.length === 1 ? rows.filter(([only]) => only !== '') : rows
      const got = rows[0]?.length === 1 ? plain.filter(([only]) => only !== '') : plain
      expect(got).toEqual(expected)
    }),
    seeded(),
  )
})

test('no cell begins like a formula, whatever stands before it', () => {
  fc.assert(
    fc.property(cell, (text) => {
      const content = toCell(text).replace(/^"/, '')
      expect(content).not.toMatch(/^\s*[=+\-@＝＋－＠]/u)
    }),
    seeded(),
  )
})

test.each([
  ['=1+2', "'=1+2"],
  ['+44 20 7946 0000', "'+44 20 7946 0000"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['Smith, Anna', '"Smith, Anna"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['Müller-Öz', 'Müller-Öz'],
  ['', ''],
])('%j is written as %j', (text, written) => {
  expect(toCell(text)).toBe(written)
})

test('the file starts with the byte order mark and ends each row with CRLF', () => {
  expect(
    toCsv([
      ['a', 'b'],
      ['1', '2'],
    ]),
  ).toBe('\uFEFFa,b\r\n1,2\r\n')
})
