/** A CSV file (RFC 4180) as rows with line numbers. One broken row costs that row and nothing after it. */
import { parse } from 'csv-parse/sync'
import type { ImportProblem, ImportRow } from '#domain/import/import-plan.ts'

export type RowsOfFile = {
  readonly rows: readonly ImportRow[]
  readonly problems: readonly ImportProblem[]
}

export class NotCsv extends Error {
  override readonly name = 'NotCsv'
}

/** A quoted value may run over this many lines; a quote that is never closed must not swallow the rest of the file. */
const LONGEST_RECORD_LINES = 50

/**
 * @param bytes the file, UTF-8 with or without a byte order mark
 * @param columns columns that must stand in the first line, in any order; others are kept
 * @throws NotCsv with a sentence for the person at the terminal: not UTF-8, empty, or a column missing or named twice
 */
export function readRows(bytes: Uint8Array, columns: readonly string[]): RowsOfFile {
  const lines = decode(bytes).split(/\r\n|\n|\r/)
  const header = fieldsOf(lines[0] ?? '') ?? []
  refuseHeader(header, columns)

  const rows: ImportRow[] = []
  const problems: ImportProblem[] = []
  for (let at = 1; at < lines.length; ) {
    const line = at + 1
    if (lines[at]?.trim() === '') {
      at += 1
      continue
    }
    const { fields, length } = recordAt(lines, at)
    if (fields && fields.length === header.length) {
      rows.push({ line, values: Object.fromEntries(header.map((name, index) => [name, fields[index] ?? ''])) })
    } else {
      problems.push({ line, field: '', reason: 'broken-row' })
    }
    at += length
  }
  return { rows, problems }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new NotCsv('The file is not UTF-8 text; save it as "CSV UTF-8" and try again.')
  }
}

function refuseHeader(header: readonly string[], columns: readonly string[]): void {
  if (header.join('').trim() === '') throw new NotCsv('The file has no header line.')
  const missing = columns.filter((column) => !header.includes(column))
  if (missing.length > 0) throw new NotCsv(`The header line lacks ${missing.join(', ')}.`)
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) throw new NotCsv(`The header line names ${twice} twice.`)
}

/** The record that starts at a line, joined with the next lines while a quote is open; a broken one is one line long. */
function recordAt(lines: readonly string[], at: number): { fields: readonly string[] | undefined; length: number } {
  let text = lines[at] ?? ''
  for (let length = 1; length <= LONGEST_RECORD_LINES && at + length <= lines.length; length += 1) {
    if (hasOpenQuote(text)) {
      text += `\n${lines[at + length] ?? ''}`
      continue
    }
    const fields = fieldsOf(text)
    return { fields, length: fields ? length : 1 }
  }
  return { fields: undefined, length: 1 }
}

const hasOpenQuote = (text: string): boolean => text.split('"').length % 2 === 0

function fieldsOf(text: string): readonly string[] | undefined {
  if (!text.includes('"')) return text.split(',')
  try {
    return parse(text)[0]
  } catch {
    return undefined
  }
}
