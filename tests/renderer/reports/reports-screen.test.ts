/** The screen of reports over the demo clinic, without a server: what it shows, refuses and makes by itself, and by keyboard. */
import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import XLSX from '@e965/xlsx'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, openHarness } from '../harness/open-harness.ts'

/** A Monday, twenty to twelve in London. */
const NOW = '2026-11-23T11:40:00Z'

let harness: Harness
let page: Page

beforeAll(async () => {
  harness = await openHarness()
})
afterAll(() => harness.close())
afterEach(() => page.context().close())

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const open = async (query: Record<string, string> = {}): Promise<void> => {
  page = await harness.open('clinic', { now: NOW, role: 'admin', doctors: '4', phase: 'offline', ...query })
  await page.locator('[data-item]').first().waitFor()
  await press('g', 'r')
  await page.getByRole('figure').waitFor()
}
const choose = async (field: string, option: string): Promise<void> => {
  await page
    .getByRole('combobox', { name: field })
    .or(page.getByLabel(field, { exact: true }))
    .first()
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}
const figure = (name: string): Promise<string | null> =>
  page.locator('dl > div', { hasText: name }).locator('dd').first().textContent()

/** Saves by this computer and waits for the file. */
async function save(type: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Save as ${type}` }).click(),
  ])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

describe('axe has no finding', () => {
  test.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
    ['right to left', { dir: 'rtl' }],
  ] as const)('on a report, %s', async (_, query) => {
    await open(query)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([])
  })
})

describe('without the server', () => {
  test('the figures, the bars, the table and the CSV file say the same', async () => {
    await open()
    const shown = await page.locator('tbody td:nth-child(2)').allTextContents()
    const visits = Number(await figure('Visits'))
    expect(shown.reduce((sum, text) => sum + Number(text), 0)).toBe(visits)
    expect(visits).toBeGreaterThan(50)
    const { name, bytes } = await save('CSV')
    expect(name).toBe('Appointments by doctor 2026-11-23 2026-11-29, as of 2026-11-23 11.32.csv')
    const rows: Record<string, string>[] = parse(bytes, { bom: true, columns: true })
    expect(rows.map((row) => row.Visits)).toEqual(shown)
  })

  test('a worker makes the workbook and the PDF, both stamped with the last contact', async () => {
    await open()
    const workbook = XLSX.read((await save('XLSX')).bytes)
    const about = workbook.Sheets[workbook.SheetNames[2] ?? '']
    expect(about && XLSX.utils.sheet_to_csv(about)).toContain('As of 2026-11-23 11:32, Europe/London')
    const { name, bytes } = await save('PDF')
    expect(name).toMatch(/, as of 2026-11-23 11\.32\.pdf$/)
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('days that are not on this computer are refused, and nothing is made of a part of them', async () => {
    await open()
    await choose('Days', 'Last month')
    await page.getByText('This computer holds Saturday 24 October 2026 to Saturday 22 May 2027.').waitFor()
    await page.getByText('The server could, and does not answer now.').waitFor()
    expect(await page.getByRole('button', { name: 'Save as CSV' }).isDisabled()).toBe(true)
    expect(await page.locator('table').count()).toBe(0)
  })

  test('a report that only the server can make says so', async () => {
    await open()
    await choose('Report', 'No-shows with and without a reminder')
    await page.getByText('kept by the server only').waitFor()
    expect(await page.getByRole('button', { name: 'Save as PDF' }).isDisabled()).toBe(true)
  })
})

describe('by keyboard alone', () => {
  test('a report is chosen, narrowed and saved', async () => {
    await open()
    await press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBeNull()
    await press('ArrowDown')
    // The list marks what is chosen a moment after it opens; nobody chooses in it unseen.
    await page.getByRole('option', { selected: true }).first().waitFor()
    await press('ArrowDown', 'ArrowDown', 'Enter')
    await page.getByRole('heading', { name: 'Appointments by type' }).waitFor()
    const all = await figure('Visits')
    await press('Tab', 'Tab', 'ArrowDown', 'ArrowDown', 'Enter', 'Escape')
    await page.getByText(/Doctors: Dr /).waitFor()
    await expect.poll(() => figure('Visits')).not.toBe(all)
    const downloading = page.waitForEvent('download')
    for (let step = 0; step < 12; step += 1) {
      await press('Tab')
      if ((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === 'Save as CSV') break
    }
    await press('Enter')
    expect((await downloading).suggestedFilename()).toMatch(/^Appointments by type .*\.csv$/)
    await page.getByText(/^Saved: /).waitFor()
  })

  test('single keys still lead away from the screen', async () => {
    await open()
    await press('g', 'd')
    await page.getByRole('grid').waitFor()
  })
})

test('whoever may see no reports has no way to them', async () => {
  page = await harness.open('clinic', { now: NOW, doctors: '1' })
  await page.locator('[data-item]').first().waitFor()
  await press('g', 'r')
  expect(await page.getByRole('form', { name: 'What the report is about' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Reports' }).count()).toBe(0)
})
