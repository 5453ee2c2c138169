/**
 * A report as a workbook (ECMA-376, Office Open XML), written row by row: the sheet is compressed as it grows, so the memory it
 * takes does not depend on its rows. A cell is a number or an inline text by the type of its value; nothing here can write a
 * formula or a link.
 */
import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { ReportCell, StreamedReport, Translate } from '#domain/report/report-model.ts'
import { FIXED_PARTS, sheetNames, workbookXml } from './package-parts.ts'
import { type SheetColumn, sheetEnd, sheetRow, sheetStart } from './sheet-xml.ts'

/** Characters of XML gathered before they are compressed. */
const PIECE = 256 * 1024

/** @returns the bytes of the file, piece by piece */
export async function* renderXlsx({ head, rows, tail }: StreamedReport, t: Translate): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    out.push(piece)
  })
  const names = sheetNames(head.title, [t('report.document.totals'), t('report.document.about')])
  for (const [path, content] of [...FIXED_PARTS, workbookXml(names)]) addPart(zip, path, content)

  const sheet = openPart(zip, 'xl/worksheets/sheet1.xml')
  let xml = sheetStart(head.columns)
  for await (const row of rows) {
    xml += sheetRow(row, head.columns)
    if (xml.length < PIECE) continue
    sheet.push(strToU8(xml))
    xml = ''
    yield* out.splice(0)
  }
  sheet.push(strToU8(xml + sheetEnd()), true)

  const closing = tail()
  addPart(zip, 'xl/worksheets/sheet2.xml', totalsSheet(closing, t))
  addPart(zip, 'xl/worksheets/sheet3.xml', aboutSheet(head, closing, t))
  zip.end()
  yield* out.splice(0)
}

function openPart(zip: Zip, path: string): ZipDeflate {
  const part = new ZipDeflate(path, { level: 6 })
  zip.add(part)
  return part
}

const addPart = (zip: Zip, path: string, content: string): void => openPart(zip, path).push(strToU8(content), true)

function totalsSheet({ totals }: ReturnType<StreamedReport['tail']>, t: Translate): string {
  const lines = totals.map(({ label, value, kind }) => ({ label, value, kind }))
  return smallSheet([t('report.document.field'), t('report.document.value')], lines)
}

function aboutSheet(head: StreamedReport['head'], { notes }: ReturnType<StreamedReport['tail']>, t: Translate): string {
  const lines: (readonly [label: string, value: string])[] = [
    [t('report.document.about'), head.title],
    [t('report.document.clinic'), head.clinicName],
    ...head.filter.map((text) => [t('report.document.filter'), text] as const),
    [t('report.document.as-of'), head.asOf.text],
    ...notes.map((text) => [t('report.document.note'), text] as const),
  ]
  return smallSheet(
    [t('report.document.field'), t('report.document.value')],
    lines.map(([label, value]) => ({ label, value, kind: 'text' })),
  )
}

type Line = { readonly label: string; readonly value: ReportCell; readonly kind: SheetColumn['kind'] }

function smallSheet([first, second]: readonly [string, string], lines: readonly Line[]): string {
  const columns = (kind: SheetColumn['kind']): SheetColumn[] => [
    { label: first, kind: 'text' },
    { label: second, kind },
  ]
  const rows = lines.map(({ label, value, kind }) => sheetRow([label, value], columns(kind)))
  return sheetStart(columns('text')) + rows.join('') + sheetEnd()
}
