/**
 * File > Print day sheet…: the sheet as a page of its own, which only paper shows. It is put beside the app, where nothing of the
 * screen can hide or cut it, and taken away once the print dialog is over.
 */
import type { DaySheet } from '#domain/report/day-sheet.ts'
import type { ReportColumn, ReportRow } from '#domain/report/report-model.ts'
import type { Platform } from '#renderer/platform/types.ts'
import classes from './print-sheet.module.css'

const ID = 'printed-sheet'

/** Resolves when the host has been asked to print; the person may still cancel. */
export async function printDaySheet(sheet: DaySheet, platform: Pick<Platform, 'print'>): Promise<void> {
  takePrintedAway()
  document.body.append(drawSheet(sheet))
  window.addEventListener('afterprint', takePrintedAway, { once: true })
  await platform.print()
}

/** Leaves nothing of the last print on the page. */
export function takePrintedAway(): void {
  window.removeEventListener('afterprint', takePrintedAway)
  document.getElementById(ID)?.remove()
}

function drawSheet({ title, clinicName, asOf, columns, sections }: DaySheet): HTMLElement {
  const sheet = element('section', classes.sheet)
  sheet.id = ID
  sheet.append(element('h1', '', title), element('p', classes.about, clinicName), element('p', classes.about, asOf))
  for (const { heading, rows } of sections) sheet.append(drawTable(heading, columns, rows))
  return sheet
}

/** Heading and column names stand again on every page that the table reaches. */
function drawTable(heading: string, columns: readonly ReportColumn[], rows: readonly ReportRow[]): HTMLElement {
  const title = element('th', classes.heading, heading) as HTMLTableCellElement
  title.colSpan = columns.length
  const head = element('thead')
  head.append(rowOf([title]), rowOf(columns.map(({ label }) => element('th', '', label))))
  const body = element('tbody')
  body.append(...rows.map((row) => rowOf(row.map(toCell))))
  const table = element('table')
  table.append(head, body)
  return table
}

/** A name keeps its own direction, and stands where its column begins. */
function toCell(value: unknown): HTMLElement {
  const cell = element('td')
  cell.append(element('bdi', '', String(value ?? '')))
  return cell
}

function rowOf(cells: readonly HTMLElement[]): HTMLElement {
  const row = element('tr')
  row.append(...cells)
  return row
}

function element(name: keyof HTMLElementTagNameMap, className = '', text = ''): HTMLElement {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.textContent = text
  return made
}
