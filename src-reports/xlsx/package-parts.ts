/** The small files of the package around its sheets. */
import { escapeXml } from './sheet-xml.ts'

type Part = readonly [path: string, content: string]

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const SHEETS = [1, 2, 3]

const relationship = (id: number, type: string, target: string) =>
  `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`

const override = (path: string, type: string) => `<Override PartName="${path}" ContentType="${TYPE}.${type}+xml"/>`

/** Cell formats in the order that `sheet-xml.ts` names them: plain, header, share, duration, day, time of day. */
const STYLES =
  `<styleSheet xmlns="${MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="[h]:mm"/>` +
  '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="166" formatCode="0.0%"/></numFmts>' +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">' +
  [
    [0, 0],
    [0, 1],
    [166, 0],
    [164, 0],
    [165, 0],
    [20, 0],
  ]
    .map(
      ([format, font]) =>
        `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`,
    )
    .join('') +
  '</cellXfs></styleSheet>'

/** What every workbook has. */
export const FIXED_PARTS: readonly Part[] = [
  [
    '[Content_Types].xml',
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      override('/xl/workbook.xml', 'sheet.main') +
      SHEETS.map((number) => override(`/xl/worksheets/sheet${number}.xml`, 'worksheet')).join('') +
      `${override('/xl/styles.xml', 'styles')}</Types>`,
  ],
  [
    '_rels/.rels',
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relationship(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
      SHEETS.map((number) => relationship(number, 'worksheet', `worksheets/sheet${number}.xml`)).join('') +
      `${relationship(4, 'styles', 'styles.xml')}</Relationships>`,
  ],
  ['xl/styles.xml', XML + STYLES],
]

export const workbookXml = (names: readonly string[]): Part => [
  'xl/workbook.xml',
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
    names
      .map((name, index) => `<sheet name="${quoted(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
      .join('') +
    '</sheets></workbook>',
]

const quoted = (text: string): string => escapeXml(text).replaceAll('"', '&quot;')

/** Names of sheets: at most 31 characters, none of `[]:*?/\`, no two alike whatever their case, never an apostrophe at an end. */
export function sheetNames(title: string, others: readonly string[]): string[] {
  const names: string[] = []
  for (const wanted of [title, ...others]) {
    const plain = wanted
      .replace(/[[\]:*?/\\]/g, ' ')
      .slice(0, 31)
      .replace(/^'+|'+$/g, '')
      .trim()
    const isTaken = names.some((name) => name.toLowerCase() === plain.toLowerCase())
    names.push(plain === '' || isTaken ? `${plain.slice(0, 27)} (${names.length + 1})`.trim() : plain)
  }
  return names
}
