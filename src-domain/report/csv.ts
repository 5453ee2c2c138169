/** CSV after RFC 4180, safe to open in a spreadsheet. */

/** Tells spreadsheets that the bytes are UTF-8; without it names lose their accents there. */
export const BYTE_ORDER_MARK = '\uFEFF'
export const LINE_END = '\r\n'

/**
 * Characters with which spreadsheets begin a formula, the full-width forms included (OWASP, CSV Injection). A tab or a line
 * end before one of them does not protect.
 */
const FORMULA_START = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u

/**
 * @param rows cells of text, the header first
 * @returns the whole file: byte order mark, every row ended by CRLF
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => row.map(toCell).join(',') + LINE_END).join('')
}

/** One cell: never read as a formula, quoted where the format asks for it. */
export function toCell(text: string): string {
  const safe = FORMULA_START.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
