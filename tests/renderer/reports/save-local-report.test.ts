import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { buildReport } from '#domain/report/build-report.ts'
import { renderReport } from '#renderer/features/reports/render-report.ts'
import { type SaveDeps, saveLocalReport } from '#renderer/features/reports/save-local-report.ts'
import type { FileToSave, SaveResult } from '#renderer/platform/types.ts'
import { aReportMeta, aVisitFact, inEnglish } from '#tests/support/visit-facts.ts'

const DAYS = { from: '2026-10-01', until: '2026-10-31' }

const modelOf = (visits: number) =>
  buildReport(
    'appointments',
    DAYS,
    Array.from({ length: visits }, () => aVisitFact({ patientName: 'Ines Carvalho' })),
    aReportMeta(),
  )

function host(answer: SaveResult['outcome'] = 'saved') {
  const asked: FileToSave[] = []
  const deps: SaveDeps = {
    platform: {
      saveFile: async (file) => {
        asked.push(file)
        if (answer === 'error') return { outcome: 'error', reason: 'disk-full' }
        return answer === 'saved' ? { outcome: 'saved', name: file.name } : { outcome: 'cancelled' }
      },
    },
    texts: {
      t: inEnglish,
      language: 'en',
      catalogue: {},
      fileName: ({ title, from, until, day, time, ending }) =>
        `${title} ${from} ${until}, as of ${day} ${time}.${ending}`,
    },
    render: ({ model, format }) => renderReport(model, format, inEnglish, []),
  }
  return { asked, deps }
}

test('the file has the report’s rows, and its name says as of when', async () => {
  const { asked, deps } = host()
  const result = await saveLocalReport(modelOf(3), DAYS, 'csv', deps)
  const name = 'Appointments 2026-10-01 2026-10-31, as of 2026-10-14 10.00.csv'
  expect(result).toEqual({ outcome: 'saved', name, note: '' })
  const [file] = asked
  expect(file).toMatchObject({ name, kind: 'csv' })
  const rows: Record<string, string>[] = parse(Buffer.from(file?.content as Uint8Array), { bom: true, columns: true })
  expect(rows.map((row) => row.Patient)).toEqual(['Ines Carvalho', 'Ines Carvalho', 'Ines Carvalho'])
})

test('more rows than a PDF can hold become CSV, with the sentence that says so', async () => {
  const { asked, deps } = host()
  const result = await saveLocalReport(modelOf(5_001), DAYS, 'pdf', deps)
  expect(asked[0]?.kind).toBe('csv')
  expect(result.note).toBe('5001 rows are more than the 5000 that PDF can hold, so this is a CSV file.')
})

test('cancelling and a full disk are told as the host tells them', async () => {
  expect(await saveLocalReport(modelOf(1), DAYS, 'csv', host('cancelled').deps)).toMatchObject({ outcome: 'cancelled' })
  expect(await saveLocalReport(modelOf(1), DAYS, 'csv', host('error').deps)).toMatchObject({ reason: 'disk-full' })
})

test('a file that could not be made asks for no place', async () => {
  const { asked, deps } = host()
  const render = () => Promise.reject(new Error('no such font'))
  const result = await saveLocalReport(modelOf(1), DAYS, 'pdf', { ...deps, render })
  expect(result).toMatchObject({ outcome: 'error', reason: 'no such font' })
  expect(asked).toEqual([])
})
