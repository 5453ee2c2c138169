import { read, utils } from '@e965/xlsx'
import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import type { ReportModel } from '#domain/report/report-model.ts'
import { renderXlsx } from '#reports/xlsx/render-xlsx.ts'
import { seeded } from '#tests/support/seeded.ts'
import { inEnglish } from '#tests/support/visit-facts.ts'
import { aModel, FORMULAS, streamed } from './report-cases.ts'

const text = { key: 'patient', label: 'Patient', kind: 'text' } as const
const columns = [
  text,
  { key: 'day', label: 'Day', kind: 'date' },
  { key: 'start', label: 'Start', kind: 'time' },
  { key: 'visits', label: 'Visits', kind: 'number' },
  { key: 'share', label: 'Share', kind: 'percent' },
  { key: 'wait', label: 'Wait', kind: 'duration' },
] as const

async function bytesOf(model: ReportModel): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of renderXlsx(streamed(model), inEnglish)) pieces.push(piece)
  return Buffer.concat(pieces)
}
const open = async (model: ReportModel) =>
  read(await bytesOf(model), { cellFormula: true, cellNF: true, cellDates: false })

test('another program reads texts, numbers, shares, lengths, days and times as what they are', async () => {
  const book = await open(aModel(columns, [['Núñez <&> "Ana"', '2026-10-25', '09:30', 12, 0.125, 90]]))
  const sheet = book.Sheets.Appointments
  expect(book.SheetNames).toEqual(['Appointments', 'Totals', 'About'])
  expect(sheet?.A2).toMatchObject({ t: 's', v: 'Núñez <&> "Ana"' })
  expect(sheet?.B2).toMatchObject({ t: 'n', v: 46_320, w: '2026-10-25' })
  expect(sheet?.C2).toMatchObject({ t: 'n', w: '9:30' })
  expect(sheet?.D2).toMatchObject({ t: 'n', v: 12 })
  expect(sheet?.E2).toMatchObject({ t: 'n', v: 0.125, w: '12.5%' })
  expect(sheet?.F2).toMatchObject({ t: 'n', w: '1:30' })
})

test('forty texts that look like formulas come back as the same texts, and no part holds a formula or a link', async () => {
  const file = await bytesOf(
    aModel(
      [text],
      FORMULAS.map((each) => [each]),
    ),
  )
  const sheet = read(file, { cellFormula: true }).Sheets.Appointments
  for (const [index, formula] of FORMULAS.entries()) {
    const cell = sheet?.[`A${index + 2}`]
    expect(cell).toMatchObject({ t: 's' })
    expect(cell.v).toBe(formula)
    expect(cell.f).toBeUndefined()
  }
  const parts = Object.entries(unzipSync(file))
  expect(parts.map(([path]) => path).filter((path) => /link|external/i.test(path))).toEqual([])
  for (const [path, content] of parts) expect(strFromU8(content), path).not.toMatch(/<f[ >]|<hyperlink/i)
})

test('any text comes back, but for characters that XML cannot hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 20 }),
      async (texts) => {
        const sheet =
          (
            await open(
              aModel(
                [text],
                texts.map((each) => [each]),
              ),
            )
          ).Sheets.Appointments ?? {}
        const got = utils.sheet_to_json<(string | undefined)[]>(sheet, { header: 1, blankrows: true }).slice(1)
        const held = texts.map((each) => each.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD'))
        expect(texts.map((_, index) => got[index]?.[0] ?? '')).toEqual(held)
      },
    ),
    seeded(60),
  )
})

test('the header stays in sight, and the other sheets tell totals, filter and time', async () => {
  const model = aModel(columns, [], {
    title: "What's [in]? a/name: of more than thirty-one characters",
    totals: [{ column: 'share', label: 'Share', kind: 'percent', value: 0.5 }],
    notes: ['Left out: 1 visit.'],
  })
  const file = await bytesOf(model)
  const first = strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  expect(first).toContain('state="frozen"')
  const book = read(file)
  expect(book.SheetNames[0]).toBe("What's  in   a name  of more th")
  expect(book.Sheets.Totals?.B2).toMatchObject({ t: 'n', v: 0.5, w: '50.0%' })
  const about = utils.sheet_to_json(book.Sheets.About ?? {}, { header: 1 }).flat()
  expect(about).toEqual(
    expect.arrayContaining(['Days: 2026-10-01 to 2026-10-31', model.asOf.text, 'Left out: 1 visit.']),
  )
})

test('a sheet named like a fixed one gets a name of its own', async () => {
  expect((await open(aModel([text], [], { title: 'totals' }))).SheetNames).toEqual(['totals', 'Totals (2)', 'About'])
})
