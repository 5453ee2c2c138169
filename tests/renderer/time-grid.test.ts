import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, openHarness } from './harness/open-harness.ts'

let harness: Harness
let page: Page

beforeAll(async () => {
  harness = await openHarness()
})
afterAll(() => harness.close())
afterEach(() => page.context().close())

type Log = {
  commits: number
  faces: number
  writes: { id: string; columnId: string; minute: number }[]
  opened: unknown[]
}
const log = (): Promise<Log> =>
  page.evaluate(() => {
    const { arrive: _, ...counts } = (window as unknown as { harness: Log & { arrive: () => void } }).harness
    return counts
  })
const open = async (query: Record<string, string> = {}): Promise<void> => {
  page = await harness.open('grid', { doctors: '4', ...query })
  await page.locator('[data-item]').first().waitFor()
}
/** Puts the keyboard on the cursor, as Tab does. */
const enter = (): Promise<void> => page.locator('[data-cursor]').focus()
const focused = (): Promise<string | null> =>
  page.evaluate(() => {
    const element = document.activeElement
    return (
      element?.getAttribute('aria-label') ?? element?.querySelector('[role=img]')?.getAttribute('aria-label') ?? null
    )
  })
const movable = () => page.locator('[data-item]:has([data-look=confirmed])')

describe('the keyboard', () => {
  it('finds one tab stop in the whole grid', async () => {
    await open()
    expect(await page.locator('[role=grid] [tabindex="0"]').count()).toBe(1)
    await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^Free at 12:45, Dr Hannah Weiss/)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
  })

  it('walks rows and columns with the arrows, a card being one stop', async () => {
    await open()
    await enter()
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toMatch(/Dr Priya Raman/)
    await page.keyboard.press('ArrowLeft')
    expect(await focused()).toMatch(/^Free at 12:45, Dr Hannah Weiss/)
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toMatch(/^13:00 /)
    expect(await page.locator('[role=grid] [tabindex="0"]').count()).toBe(1)
  })

  it('keeps left left and right right where the page is written from the right', async () => {
    await open({ dir: 'rtl' })
    await enter()
    const before = await page.locator('[data-cursor]').boundingBox()
    await page.keyboard.press('ArrowRight')
    const after = await page.locator('[data-cursor]').boundingBox()
    expect(after?.x).toBeGreaterThan(before?.x ?? Number.NaN)
  })

  it('opens the card or the free row it stands on', async () => {
    await open()
    await enter()
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const [slot, card] = (await log()).opened
    expect(slot).toMatchObject({ minute: 765 })
    expect(card).toEqual(expect.any(String))
  })

  it('moves a card by M, arrows and Enter, and writes once', async () => {
    await open()
    await movable().first().click()
    await page.keyboard.press('m')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Escape')
    expect((await log()).writes).toEqual([])

    await page.keyboard.press('m')
    await page.keyboard.press('ArrowDown')
    const [where] = await page.locator('[aria-live=assertive]').allInnerTexts()
    await page.keyboard.press('Enter')
    const { writes } = await log()
    expect(writes).toHaveLength(1)
    expect(where).toMatch(/^\d\d:\d\d, Dr /)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-item'))).toBe(writes[0]?.id)
  })

  it('drops nothing where the rules forbid it, and says why', async () => {
    await open()
    await movable().first().click()
    await page.keyboard.press('m')
    await page.keyboard.press('Home')
    await page.locator('[aria-live=assertive]').getByText('Outside working hours').waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    expect((await log()).writes).toEqual([])
  })

  it('stays in the grid when the card it stands on goes away', async () => {
    await open()
    await movable().first().click()
    await page.keyboard.press('m')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-cursor'))).toBe(true)
  })
})

describe('a drag', () => {
  /** Takes the card in its middle and lets go `minutes` further down, `columns` further on, in many small steps. */
  const drag = async (columns: number, minutes: number, isDropped = true): Promise<void> => {
    const card = movable().nth(4)
    await card.scrollIntoViewIfNeeded()
    const box = await card.boundingBox()
    const column = await page.locator('[data-column]').first().boundingBox()
    if (!box || !column) throw new Error('nothing to drag')
    const [x, y] = [box.x + 30, box.y + 6]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + columns * column.width, y + minutes * 1.6, { steps: 40 })
    if (isDropped) await page.mouse.up()
  }

  it('renders nothing until the drop, then writes once', async () => {
    await open({ doctors: '12' })
    await movable().nth(4).scrollIntoViewIfNeeded()
    const before = (await log()).commits
    await drag(0, 240, false)
    expect((await log()).commits - before).toBe(0)
    expect(await page.locator('[data-floating]').isVisible()).toBe(true)
    await page.mouse.up()
    const after = await log()
    expect(after.writes.length).toBeLessThanOrEqual(1)
    expect(after.commits - before).toBeLessThanOrEqual(2)
    expect(await page.locator('[data-floating]').isVisible()).toBe(false)
  })

  it('lands on the minute shown, in the column under the pointer', async () => {
    await open()
    await drag(1, 30, false)
    const shown = await page.locator('[data-floating] [data-part=time]').textContent()
    const illegal = await page.locator('[data-floating]').getAttribute('data-illegal')
    await page.mouse.up()
    const { writes } = await log()
    const [hour, minute] = (shown ?? '').split(':').map(Number)
    expect(writes.map((write) => write.minute)).toEqual(illegal === null ? [(hour ?? 0) * 60 + (minute ?? 0)] : [])
  })

  it('is given up by Escape, and opens nothing', async () => {
    await open()
    await drag(0, 60, false)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await log()).toMatchObject({ writes: [], opened: [] })
  })
})

describe('an update', () => {
  it('of one visit draws one card', async () => {
    await open({ doctors: '12' })
    const before = (await log()).faces
    await page.evaluate(() => (window as unknown as { harness: { arrive: () => void } }).harness.arrive())
    await expect.poll(async () => (await log()).faces - before).toBe(1)
  })

  it('of the cursor draws no card twice', async () => {
    await open({ doctors: '12' })
    await enter()
    const before = (await log()).faces
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowLeft')
    expect((await log()).faces - before).toBe(0)
  })
})

describe('looks', () => {
  it('keeps the present behind the cards', async () => {
    await open()
    const line = await page.locator('[class*=nowLine]').boundingBox()
    const covered = await page.evaluate((y) => {
      const cards = [...document.querySelectorAll('[data-item]')].map((card) => card.getBoundingClientRect())
      const under = cards.find((box) => box.top < y - 4 && box.bottom > y + 4 && box.left > 150 && box.right < 1300)
      return under && document.elementFromPoint(under.left + 20, y)?.closest('[data-item]') !== null
    }, line?.y ?? 0)
    expect(covered).toBe(true)
  })

  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
    ['right to left', { dir: 'rtl' }],
  ] as const)('has no finding of axe: %s', async (_, query) => {
    await open(query)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => ({ id, node: nodes[0]?.html, count: nodes.length }))).toEqual([])
  })
})
