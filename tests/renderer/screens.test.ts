/** Every screen over the demo clinic: axe finds nothing, and what the screen is for can be done. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from './harness/open-harness.ts'

/** A Monday, twenty to twelve in London: the morning is half done. */
const NOW = '2026-11-23T11:40:00Z'

let harness: Harness
let page: Page

beforeAll(async () => {
  harness = await openHarness()
})
afterAll(() => harness.close())
afterEach(() => page.context().close())

const open = async (query: Record<string, string> = {}): Promise<void> => {
  page = await harness.open('clinic', { now: NOW, doctors: '4', ...query })
  if (query.role !== 'patient') await page.locator('[data-item]').first().waitFor()
}
const findings = async (): Promise<unknown[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => ({ id, node: nodes[0]?.html.slice(0, 300), why: nodes[0]?.failureSummary }))
}
const board = () => page.locator('[role=grid]')
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

describe('axe has no finding', () => {
  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
    ['right to left', { dir: 'rtl' }],
  ] as const)('on the board with a visit’s details, %s', async (_, query) => {
    await open(query)
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    expect(await findings()).toEqual([])
  })

  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
  ] as const)('while booking offline, %s', async (_, query) => {
    await open({ phase: 'offline', doctors: '1', ...query })
    await press('b')
    await page.keyboard.type('al')
    await page.getByRole('option').first().waitFor()
    expect(await findings()).toEqual([])
    await press('Enter')
    await page.getByText('Choose a patient first.').waitFor({ state: 'detached' })
    expect(await findings()).toEqual([])
  })

  it('while cancelling', async () => {
    await open({ doctors: '1' })
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    await press('x')
    await page.getByRole('radio', { name: 'The patient is ill' }).waitFor()
    expect(await findings()).toEqual([])
  })

  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
  ] as const)('in the inbox, %s', async (_, query) => {
    await open(query)
    await press('g', 's')
    await page.getByText('Offer another time').waitFor()
    expect(await findings()).toEqual([])
  })

  it('in the finder and the keyboard sheet', async () => {
    await open({ doctors: '1' })
    await press('Control+k')
    await page.keyboard.type('ma')
    await page.getByRole('option').first().waitFor()
    expect(await findings()).toEqual([])
    await press('Escape', '?')
    await page.getByText('While booking').waitFor()
    expect(await findings()).toEqual([])
  })

  it('on a doctor’s day and on a patient’s visits', async () => {
    await open({ role: 'doctor' })
    expect(await page.getByRole('columnheader').count()).toBe(1)
    expect(await findings()).toEqual([])
    await page.context().close()
    await open({ role: 'patient' })
    await page.getByRole('button', { name: 'Cancel visit' }).first().waitFor()
    expect(await findings()).toEqual([])
  })
})

describe('the board', () => {
  it('takes a visit through its steps by single keys, and back', async () => {
    await open()
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    const status = (text: string) => page.getByRole('article').locator('dd', { hasText: text }).waitFor()
    await press('a')
    await status('Arrived')
    await press('r')
    await status('In room')
    await press('d')
    await status('Done')
    await press('u')
    await status('In room')
    await press('u')
    await status('Arrived')
  })

  it('does nothing by single keys once they are switched off', async () => {
    await open({ doctors: '1' })
    await press('?')
    await page.getByRole('switch', { name: 'Shortcuts of a single letter' }).click({ force: true })
    await press('Escape', 'b')
    expect(await page.getByRole('form', { name: 'Book' }).count()).toBe(0)
    await press('Control+k')
    await page.getByRole('dialog').waitFor()
  })

  it('books a known patient in at most 25 keystrokes, without a pointer', async () => {
    await open()
    let strokes = 0
    const stroke = async (...keys: string[]): Promise<void> => {
      strokes += keys.length
      await press(...keys)
    }
    await stroke('b', ...'alan macd')
    await page.getByRole('option', { name: 'Alan MacDonald' }).waitFor()
    await stroke('Enter')
    await page.getByText(/^Alan MacDonald, .* with Dr /).waitFor()
    await stroke('Control+Enter')
    await page.getByText(/Alan MacDonald booked for/).waitFor()
    expect(strokes).toBeLessThanOrEqual(25)
    const focused = page.locator('[data-item]:focus')
    await expect.poll(() => focused.textContent()).toMatch(/Alan MacDonald, .*Confirmed/)
  })

  it('takes a booking back while the offer stands', async () => {
    await open({ doctors: '1' })
    await press('b', ...'alan macd')
    await page.getByRole('option', { name: 'Alan MacDonald' }).waitFor()
    await press('Enter')
    await page.getByText(/^Alan MacDonald, .* with Dr /).waitFor()
    await press('Control+Enter')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('[data-look=cancelled]', { hasText: 'Alan MacDonald' }).waitFor()
  })

  it('says on a card booked offline that it is provisional, and counts it', async () => {
    await open({ phase: 'offline', doctors: '1' })
    await press('b', ...'alan macd')
    await page.getByRole('option', { name: 'Alan MacDonald' }).waitFor()
    await press('Enter')
    await page.getByRole('button', { name: 'Book provisionally' }).click()
    await page.getByText('Offline since 11:32 · 1 to send').waitFor()
    await page.locator('[data-mark=provisional]', { hasText: 'Alan MacDonald' }).waitFor()
  })

  it('adds a new patient without leaving the booking, and shows who is there already', async () => {
    await open({ doctors: '1' })
    await press('b')
    await page.keyboard.type('Alan MacDonald')
    await page.getByRole('option', { name: /Add “Alan MacDonald”/ }).click()
    await page.getByText('Already in the list?').waitFor()
    await page.getByLabel('Name').fill('Alana Macdonaldson')
    await page.getByLabel('Birth date').fill('3.3.1971')
    await page.getByLabel('Phone').fill('07700 900123')
    await press('Enter')
    await page.getByText(/^Alana Macdonaldson, /).waitFor()
    await page.getByText('3 Mar 1971').waitFor()
  })

  it('keeps moving a visit while the day changes, and drops it on the other day', async () => {
    await open()
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    await press('m', ']')
    await page.getByRole('heading', { name: 'Tuesday 24 November 2026' }).waitFor()
    await page.getByText(/^Moving /).waitFor()
    await press('Escape')
    await page.getByText(/^Moving /).waitFor({ state: 'detached' })
    expect(await board().isVisible()).toBe(true)
  })
})

describe('the inbox', () => {
  it('gives a lost booking another time by one key', async () => {
    await open()
    await press('g', 's')
    await page.getByText('Offer another time').waitFor()
    const entries = page.getByRole('region', { name: 'Needs you' }).getByRole('button')
    const before = await entries.count()
    await press('1')
    await expect.poll(() => entries.count()).toBe(before - 1)
  })
})
