/** The day on the board as a sheet: a file that another program reads, made with and without the server. */
import { execFileSync } from 'node:child_process'
import type { Download } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'

const TODAY = '2026-11-24'

let clinic: Clinic
let desk: Client

type Visit = { readonly doctor: string; readonly patient: string; readonly start: string }

/** The day as the server has it, in the order of the board. */
const visitsOf = (day: string): Visit[] =>
  clinic.tables.all<Visit>(
    `select d.name doctor, p.name patient, a.local_start start from appointments a
     join doctors d on d.id = a.doctor_id join patients p on p.id = a.patient_id
     where a.local_day = '${day}' order by d.position, d.id, a.local_start, a.id`,
  )

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

/** What another program reads in a PDF: every blank alike, marks of direction left out. */
function textOf(pdf: string | Buffer): string {
  const [file, input] = typeof pdf === 'string' ? [pdf, undefined] : ['-', pdf]
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { input }).toString()
  return text.normalize('NFKC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

/** The sheet as rows: a heading is its doctor, a visit its start and patient. */
function rowsIn(text: string, visits: readonly Visit[]): Visit[] {
  const doctors = [...new Set(visits.map(({ doctor }) => doctor))]
  const rows: Visit[] = []
  let doctor = ''
  for (const line of text.split('\n')) {
    doctor = doctors.find((name) => line.trim().startsWith(`${name} ·`)) ?? doctor
    const [, start, rest] = /^\s*(\d\d:\d\d)–\d\d:\d\d\s+(.*)$/.exec(line) ?? []
    if (start !== undefined && rest !== undefined) rows.push({ doctor, patient: rest.split(/\s{2,}/)[0] ?? '', start })
  }
  return rows
}

async function exported(): Promise<Download> {
  const downloading = desk.page.waitForEvent('download')
  await desk.press('e', 'p')
  return downloading
}

/** The font that goes with the app lacks these scripts: it shows a box for each character and says so. */
const drawn = (visits: readonly Visit[]): Visit[] =>
  visits.map((visit) => ({
    ...visit,
    patient: visit.patient.replace(
      /[\p{Script=Han}\p{Script=Devanagari}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu,
      '□',
    ),
  }))

test('the PDF has every visit of the day once, by doctor and time, with the names as they are written', async () => {
  const download = await exported()
  expect(download.suggestedFilename()).toBe(`Day sheet ${TODAY}.pdf`)
  const text = textOf(await download.path())
  const visits = visitsOf(TODAY)
  expect(visits.length).toBeGreaterThan(50)
  expect(new Set(visits.map(({ doctor }) => doctor)).size).toBeGreaterThan(5)
  expect(rowsIn(text, visits)).toEqual(drawn(visits))
  expect(text).toContain('Day sheet, Tuesday 24 November 2026')
  expect(text).toMatch(/As of 2026-11-24 \d\d:\d\d, Europe\/London/)
  expect(text).toMatch(/\d+ characters are in no font of this report/)
  for (const name of ['Çağlar Kılıç', 'Олена Кравчук', 'תמר פרץ', 'هدى عبدالله']) expect(text).toContain(name)
})

/**
 * Rows of a browser's PDF beside the visits, but for names that it draws otherwise than they are written (letters that run the other way
 * or join) or for which this machine may have no font.
 */
const comparable = (rows: readonly Visit[], visits: readonly Visit[]): Visit[] =>
  rows.map((row, index) => (DRAWN_OTHERWISE.test(visits[index]?.patient ?? '') ? { ...row, patient: '…' } : row))

const DRAWN_OTHERWISE =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

/** What comes out of the printer once the dialog that `run` opens is answered; the page itself has no dialog here. */
async function printedBy(run: () => Promise<void>): Promise<string> {
  await desk.page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-print-asked', '')
  })
  await run()
  await desk.page.locator('body[data-print-asked]').waitFor()
  const text = textOf(await desk.page.pdf({ preferCSSPageSize: true }))
  await desk.page.evaluate(() => document.body.removeAttribute('data-print-asked'))
  return text
}

test('it is printed with the same rows and nothing of the screen around it, and then is gone from the page', async () => {
  const visits = visitsOf(TODAY)
  const text = await printedBy(() => desk.press('Control+p'))
  expect(comparable(rowsIn(text, visits), visits)).toEqual(comparable(visits, visits))
  expect(text).toContain('Day sheet, Tuesday 24 November 2026')
  expect(text).toMatch(/As of 2026-11-24 \d\d:\d\d, Europe\/London/)
  expect(text).not.toMatch(/Next free|Waitlist/)
  await desk.page.locator('#printed-sheet').waitFor({ state: 'detached' })
})

test('the menu of the account and the palette have it, and greyed where no day is on the screen', async () => {
  const item = desk.page.getByRole('menuitem', { name: 'Export day sheet as PDF' })
  const print = desk.page.getByRole('menuitem', { name: 'Print day sheet' })
  const openMenu = () => desk.button(/^Your account/).click()
  await openMenu()
  expect([await item.isEnabled(), await print.isEnabled()]).toEqual([true, true])
  await desk.press('Escape')
  await desk.press('Control+k')
  await desk.page.getByRole('dialog').getByRole('combobox').fill('day sheet pdf')
  const downloading = desk.page.waitForEvent('download')
  await desk.page.getByRole('option', { name: /Export day sheet as PDF/ }).waitFor()
  await desk.press('Enter')
  await downloading
  await desk.press('g', 's')
  await openMenu()
  expect([await item.isDisabled(), await print.isDisabled()]).toEqual([true, true])
  await desk.press('Escape')
})

test('cut off and loaded anew, this computer makes the same sheet and says how old it is', async () => {
  await desk.page.evaluate(() => navigator.serviceWorker.ready)
  const visits = visitsOf(TODAY)
  await clinic.server.stop()
  await desk.page.reload()
  await desk.unlock()
  await desk.untilOffline()
  await desk.grid.locator('[data-item]').first().waitFor()
  const text = textOf(await (await exported()).path())
  expect(rowsIn(text, visits)).toEqual(drawn(visits))
  expect(text).toMatch(/As of 2026-11-24 \d\d:\d\d, Europe\/London/)
  const onPaper = await printedBy(() => desk.press('Control+p'))
  expect(comparable(rowsIn(onPaper, visits), visits)).toEqual(comparable(visits, visits))
})

test('nothing of a print is left behind the lock', async () => {
  await desk.page.evaluate(() => {
    window.print = () => undefined
  })
  await desk.press('Control+p')
  await desk.page.locator('#printed-sheet').waitFor({ state: 'attached' })
  await desk.press('Control+l')
  await desk.password.waitFor()
  expect(await desk.page.locator('#printed-sheet').count()).toBe(0)
})
