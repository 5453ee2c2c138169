/**
 * The screens in a production build in Chromium: the fullest board, a drag, one update, another day, a letter typed among 50,000
 * patients, and the way from an opened page to today's board with 100,000 encrypted documents on the device, the password's key
 * included. Budgets of the design's section 10; what the engine of the server is does not matter to them.
 */
import type { Page } from 'playwright-core'
import { type Harness, openHarness } from '#tests/renderer/harness/open-harness.ts'
import type { Bench, BenchRow } from './bench-row.ts'

const REPETITIONS = 15
const BUDGETS = { mountMs: 60, commits: 2, cards: 1, dayMs: 100, letterMs: 16, startMs: 1_500 } as const
const MANY_PATIENTS = 50_000
const MANY_DOCUMENTS = 100_000
/** Filling a device takes as long as it takes; it is not measured. */
const FILLING_MS = 20 * 60_000

type GridLog = {
  readonly commits: number
  readonly faces: number
  readonly arrive: () => void
  readonly mountMs: () => number
}

export const ui: Bench = async (engine) => {
  if (engine !== 'sqlite') return []
  const harness = await openHarness({ isProfiled: true, patienceMs: FILLING_MS })
  try {
    return [...(await gridRows(harness)), ...(await deskRows(harness)), await startRow(harness)]
  } finally {
    await harness.close()
  }
}

async function gridRows(harness: Harness): Promise<BenchRow[]> {
  const page = await harness.open('grid', { visits: '40' })
  await page.locator('[data-item]').first().waitFor()
  const mounts = await page.evaluate(
    (count) => Array.from({ length: count }, () => (window as unknown as { harness: GridLog }).harness.mountMs()),
    REPETITIONS,
  )
  const commits = await counted(page, 'commits', () => drag(page))
  const cards = await counted(page, 'faces', () =>
    page.evaluate(() => (window as unknown as { harness: GridLog }).harness.arrive()),
  )
  await page.context().close()
  return [
    rowOf('board of 12 doctors × 40 visits, drawn and laid out', middle(mounts), 'ms', BUDGETS.mountMs),
    rowOf('commits of React in a drag over 40 steps and its drop', commits, 'each', BUDGETS.commits),
    rowOf('cards drawn for one update of one visit', cards, 'each', BUDGETS.cards),
  ]
}

async function counted(page: Page, what: 'commits' | 'faces', deed: () => Promise<unknown>): Promise<number> {
  const read = () => page.evaluate((name) => (window as unknown as { harness: GridLog }).harness[name], what)
  const before = await read()
  await deed()
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  return (await read()) - before
}

async function drag(page: Page): Promise<void> {
  const card = page.locator('[data-item]:has([data-look=confirmed])').nth(4)
  await card.scrollIntoViewIfNeeded()
  const box = await card.boundingBox()
  if (!box) throw new Error('There is nothing to drag')
  await page.mouse.move(box.x + 30, box.y + 6)
  await page.mouse.down()
  await page.mouse.move(box.x + 30, box.y + 90, { steps: 40 })
  await page.mouse.up()
}

async function deskRows(harness: Harness): Promise<BenchRow[]> {
  const page = await harness.open('clinic', { patients: String(MANY_PATIENTS) })
  await page.locator('[data-item]').first().waitFor({ timeout: FILLING_MS })
  await page.waitForFunction(() => document.querySelector('[data-item] bdi')?.textContent !== '…')
  const days: number[] = []
  for (let turn = -2; turn < REPETITIONS; turn += 1) {
    const took = await page.evaluate(answerTo, { key: turn % 2 ? '[' : ']', changes: 'h1' })
    if (turn >= 0) days.push(took)
  }
  await page.keyboard.press('Control+k')
  const letters: number[] = []
  for (const text of ['s', 'su', 'sus', 'susa', 'w', 'wo', 'woo', 'k', 'ke', 'kei', '12', '121']) {
    letters.push(await page.evaluate(listedAfter, text))
  }
  await page.context().close()
  return [
    rowOf('another day of the board, from the key to its cards', middle(days), 'ms', BUDGETS.dayMs),
    rowOf(`a letter typed, to the list, ${MANY_PATIENTS} patients`, middle(letters.slice(2)), 'ms', BUDGETS.letterMs),
  ]
}

/** Runs in the page: milliseconds from a key to the frame in which the text of an element is another one. */
function answerTo({ key, changes }: { readonly key: string; readonly changes: string }): Promise<number> {
  const before = document.querySelector(changes)?.textContent
  const begin = performance.now()
  const grid = document.querySelector('[role=grid]') ?? document.body
  grid.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }))
  return new Promise((resolve) => {
    const look = (): void => {
      const isThere = document.querySelector(changes)?.textContent !== before && document.querySelector('[data-item]')
      if (isThere) resolve(performance.now() - begin)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}

/** Runs in the page: milliseconds from a typed text until the list of the palette is another one and laid out. */
function listedAfter(text: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>('[role=dialog] [role=combobox]')
  const list = document.querySelector('[role=dialog] [role=listbox]')
  if (!field || !list) throw new Error('The palette is not open')
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect()
      list.getBoundingClientRect()
      resolve(performance.now() - begin)
    })
    observer.observe(list, { childList: true, subtree: true, characterData: true })
    const begin = performance.now()
    setValue?.call(field, text)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

async function startRow(harness: Harness): Promise<BenchRow> {
  const query = { kept: String(MANY_DOCUMENTS), patients: String(MANY_PATIENTS) }
  const page = await harness.open('clinic', query)
  page.setDefaultTimeout(FILLING_MS)
  await page.waitForFunction(() => localStorage.getItem('harness') !== null, undefined, { timeout: FILLING_MS })
  await page.locator('[data-item]').first().waitFor()
  const starts: number[] = []
  for (let turn = 0; turn < 5; turn += 1) {
    await page.reload({ waitUntil: 'commit' })
    await page.locator('[data-item]').first().waitFor()
    starts.push(await page.evaluate(() => performance.now()))
  }
  await page.context().close()
  return rowOf(
    `from a page that is opened to today’s board, ${MANY_DOCUMENTS} documents`,
    middle(starts),
    'ms',
    BUDGETS.startMs,
  )
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const rowOf = (work: string, ours: number, unit: BenchRow['unit'], budget: number): BenchRow => ({
  name: 'ui',
  work,
  engine: 'chromium',
  ours,
  unit,
  against: [],
  ratio: null,
  budget,
  ok: ours <= budget,
})
