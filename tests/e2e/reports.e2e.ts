/** A report from the form to the file, made by the server and by the computer, and the schedule that makes it again. */
import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { parse } from 'csv-parse/sync'
import type { Download } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let clinic: Clinic
let client: Client

beforeAll(async () => {
  clinic = await openClinic()
  client = await clinic.newClient()
  await client.logIn('admin', { isOwnDevice: true })
  await client.untilLevel()
})
afterAll(() => clinic.close())

type Row = Record<string, string>

async function readCsv(download: Download): Promise<Row[]> {
  return parse(readFileSync(await download.path()), { bom: true, columns: true })
}

/** A column of the table on the screen. */
const column = (place: number): Promise<string[]> =>
  client.page.locator(`tbody td:nth-child(${place})`).allTextContents()

const figure = async (name: string): Promise<number> =>
  Number(await client.page.locator('dl > div', { hasText: name }).locator('dd').first().textContent())

async function saveAs(type: string): Promise<Download> {
  const downloading = client.page.waitForEvent('download')
  await client.button(`Save as ${type}`).click()
  return downloading
}

const own = () => client.page.getByRole('region', { name: 'Your reports' })
const schedules = () => client.page.getByRole('region', { name: 'Made again and again' })

let byServer: Row[] = []

test('the server makes the report that is on the screen, and its totals are those of the file', async () => {
  await client.press('g', 'r')
  await client.page.getByRole('figure').waitFor()
  const visits = await figure('Visits')
  expect(visits).toBeGreaterThan(500)
  const download = await saveAs('CSV')
  expect(download.suggestedFilename()).toMatch(/^appointments-by-doctor 2026-11-23 2026-11-29\.csv$/)
  byServer = await readCsv(download)
  expect(byServer.map((row) => row.Doctor)).toEqual(await column(1))
  expect(byServer.map((row) => row.Visits)).toEqual(await column(2))
  expect(byServer.reduce((sum, row) => sum + Number(row.Visits), 0)).toBe(visits)
  await own().getByText('Ready').waitFor()
})

test('a report that is there is saved once more from the list', async () => {
  const downloading = client.page.waitForEvent('download')
  await own().getByRole('button', { name: 'Save Appointments by doctor' }).click()
  expect(await readCsv(await downloading)).toEqual(byServer)
})

test('days that are not on this computer are made by the server all the same', async () => {
  await client.page.getByRole('combobox', { name: 'Days' }).click()
  await client.page.getByRole('option', { name: 'Last month' }).click()
  await client.page.getByText('The server can: choose a kind of file.').waitFor()
  const download = await saveAs('CSV')
  expect(download.suggestedFilename()).toBe('appointments-by-doctor 2026-10-01 2026-10-31.csv')
  await client.page.getByRole('combobox', { name: 'Days' }).click()
  await client.page.getByRole('option', { name: 'This week' }).click()
  await client.page.getByRole('figure').waitFor()
})

test('a schedule is made, paused, changed and deleted', async () => {
  await client.button('New schedule').click()
  const form = client.page.getByRole('dialog', { name: 'New schedule' })
  await form.getByRole('textbox', { name: 'Name' }).fill('Monday figures')
  const { violations } = await new AxeBuilder({ page: client.page }).include('[role="dialog"]').withTags(TAGS).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  await client.press('Enter')
  await schedules().getByText('Every Monday at 07:00').waitFor()
  await schedules().getByText('next Mon 30 Nov 07:00').waitFor()
  await schedules().getByRole('button', { name: 'Pause Monday figures' }).click()
  // Exactly: the labels of the buttons beside each other read “…PauseDelete”.
  await schedules().getByText('Paused', { exact: true }).waitFor()
  await schedules().getByRole('button', { name: 'Change Monday figures' }).click()
  const change = client.page.getByRole('dialog', { name: 'Change the schedule' })
  await change.getByRole('textbox', { name: 'Name' }).fill('Weekly figures')
  await change.getByRole('button', { name: 'Save' }).click()
  await schedules().getByRole('button', { name: 'Delete Weekly figures' }).click()
  await schedules().getByRole('button', { name: 'Delete', exact: true }).click()
  await schedules().getByText('No report is made by itself yet.').waitFor()
})

test('axe finds nothing on the screen, in light and in dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await client.page.emulateMedia({ colorScheme })
    await client.page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    await client.page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)))),
    )
    const { violations } = await new AxeBuilder({ page: client.page }).withTags(TAGS).analyze()
    expect(violations.map(({ id, nodes }) => [colorScheme, id, nodes[0]?.html])).toEqual([])
  }
})

test('cut off and loaded anew, this computer makes the same report by itself, PDF included', async () => {
  await client.page.evaluate(() => navigator.serviceWorker.ready)
  await clinic.server.stop()
  await client.page.reload()
  await client.unlock()
  await client.untilOffline()
  await client.press('g', 'r')
  await client.page.getByRole('figure').waitFor()
  const csv = await saveAs('CSV')
  expect(csv.suggestedFilename()).toMatch(/^Appointments by doctor .*, as of 2026-11-24 1\d\.\d\d\.csv$/)
  expect(await readCsv(csv)).toEqual(byServer)
  const pdf = await saveAs('PDF')
  expect(
    readFileSync(await pdf.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
})
