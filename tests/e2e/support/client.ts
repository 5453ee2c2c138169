/** A person at a computer: what they see and press. Selectors are what assistive technology sees, where there is such a thing. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { toPixels } from '#renderer/ui/time-grid/minute-scale.ts'
import type { DemoServer } from '#tests/support/demo-server.ts'
import { shiftClock } from '#tests/support/shift-clock.ts'
import { watchPage } from './pictures-of-failure.ts'

/** Promises of the product are seconds; a busy machine gets several times as long. */
export const PATIENCE_MS = 45_000

/** From the top of a card or row to where it is taken. */
const GRIP_PX = 4

export type Role = 'admin' | 'reception' | 'doctor' | 'patient'

export type ClientOptions = {
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  /** False keeps the service worker out: it would answer for files that a test answers for itself. */
  readonly keepsShell?: boolean
  /** How far the computer's clock is ahead of this machine's; the clinic's own by default. */
  readonly clockShiftMs?: number
}

export type Client = Tab & {
  readonly context: BrowserContext
  /** Another tab of the same browser. */
  readonly newTab: () => Promise<Tab>
  /** Everything the pages complained about that was not to be expected, broken rules of the security policy above all. */
  readonly complaints: string[]
}

export type Tab = ReturnType<typeof tabOf>

export async function openClient(
  browser: Browser,
  server: DemoServer,
  options: ClientOptions & { readonly clockShiftMs: number },
): Promise<Client> {
  const { clockShiftMs, colorScheme = 'light', viewport = { width: 1440, height: 900 }, keepsShell = true } = options
  const context = await browser.newContext({
    baseURL: server.url,
    colorScheme,
    viewport,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    serviceWorkers: keepsShell ? 'allow' : 'block',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  await context.addInitScript(shiftClock, clockShiftMs)
  await context.addInitScript(reportBrokenPolicy)
  const complaints: string[] = []
  const newTab = async (): Promise<Tab> => {
    const page = await context.newPage()
    watchPage(page)
    listen(page, complaints)
    page.on('request', (request) => server.addresses.push(request.url()))
    await page.goto('/')
    return tabOf(page, server)
  }
  const first = await newTab()
  return { ...first, context, newTab, complaints }
}

/** What a missing server or a refused log-in makes the browser print by itself. */
const EXPECTED = /^Failed to load resource|net::ERR_|WebSocket connection to .* failed/

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('crash', () => complaints.push('the page crashed'))
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text())
  })
}

/** Runs in the page. */
function reportBrokenPolicy(): void {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    console.error(`The content security policy was broken: ${effectiveDirective} ${blockedURI}`)
  })
}

export function tabOf(page: Page, server: DemoServer) {
  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: typeof name === 'string' })
  const password = page.getByRole('textbox', { name: 'Password' })
  const grid = page.getByRole('grid')
  const pill = page.locator('header').getByRole('status')
  const card = (id: string): Locator => grid.locator(`[data-item="${id}"]`)

  const columnOf = (doctorId: string): Locator => grid.locator(`[data-column="${doctorId}"]`)
  /** Pixels from the top of the board to a minute of the day. */
  const offsetOf = async (minute: number): Promise<number> => {
    const firstHour = await grid.locator('[aria-hidden] > span').first().textContent()
    return toPixels(minute - Number(firstHour?.slice(0, 2)) * 60)
  }
  /** Brings a minute of a doctor's day into the middle of the screen. */
  const scrollTo = async (doctorId: string, minute: number): Promise<void> => {
    const offset = await offsetOf(minute)
    await columnOf(doctorId).evaluate((element, top) => {
      const scroller = element.closest('[role="grid"]')
      element.scrollIntoView({ block: 'nearest', inline: 'center' })
      scroller?.scrollTo({ top: top - scroller.clientHeight / 2, left: scroller.scrollLeft })
    }, offset)
  }
  /** Where a minute of a doctor's day is on the screen now. */
  const pointOf = async (doctorId: string, minute: number): Promise<{ x: number; y: number }> => {
    const box = await columnOf(doctorId).boundingBox()
    if (!box) throw new Error('The column is not on the screen')
    return { x: box.x + box.width / 2, y: box.y + (await offsetOf(minute)) + GRIP_PX }
  }
  /** Takes a card and holds it over another time of the same doctor; both must fit on the screen. */
  const dragOver = async (doctorId: string, from: number, to: number): Promise<void> => {
    await scrollTo(doctorId, (from + to) / 2)
    const [start, end] = [await pointOf(doctorId, from), await pointOf(doctorId, to)]
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(start.x, start.y + 10)
    await page.mouse.move(end.x, end.y, { steps: 8 })
  }

  return {
    page,
    button,
    password,
    grid,
    /** How the server stands, in the header. */
    pill,
    card,
    /** What a card says to a screen reader. */
    spoken: (id: string): Promise<string | null> => card(id).locator('[role=img]').getAttribute('aria-label'),
    dragOver,
    press: async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
    },
    /** From the log-in screen to the first look at the data. */
    logIn: async (role: Role, { isOwnDevice = false } = {}): Promise<void> => {
      await page.getByLabel('E-mail').fill(server.login(role))
      await password.fill(server.password)
      if (isOwnDevice) await page.getByRole('radio', { name: /It is my own device/ }).check()
      await button('Sign in').click()
      await pill.waitFor()
    },
    /** Opens what is kept here by password. */
    unlock: async (word = server.password): Promise<void> => {
      await password.fill(word)
      await button(/^(Open|Sign in)$/).click()
    },
    untilLevel: (): Promise<void> => pill.getByText('Up to date').waitFor({ timeout: 3 * PATIENCE_MS }),
    untilOffline: (): Promise<void> => pill.getByText(/^Offline since/).waitFor(),
    /** Asks for the server at once, where the app still waits before its next try. */
    hurry: async (): Promise<void> => {
      await pill.click()
      const kept = page.getByRole('region', { name: 'To send' }).getByRole('button').first()
      const level = pill.getByText('Up to date')
      await kept.or(level).first().waitFor()
      // It may have tried by itself between any two of these lines.
      await kept.click({ timeout: 2_000 }).catch(() => undefined)
      await button('Try now')
        .click({ timeout: 2_000 })
        .catch(() => undefined)
    },
    /** In the open booking panel. */
    choosePatient: async (name: string): Promise<void> => {
      await page.getByRole('combobox', { name: 'Patient' }).fill(name)
      await page
        .getByRole('option', { name: new RegExp(`^${name}`) })
        .first()
        .waitFor()
      await page.keyboard.press('Enter')
    },
    /** Goes so many days on, by key. */
    goDays: async (count: number): Promise<void> => {
      await page.keyboard.press('g')
      await page.keyboard.press('d')
      for (let day = 0; day < count; day += 1) await page.keyboard.press(']')
    },
    /** Puts the board's cursor on a free row with the pointer. */
    pointToSlot: async (doctorId: string, minute: number): Promise<void> => {
      await scrollTo(doctorId, minute)
      const { x, y } = await pointOf(doctorId, minute)
      await page.mouse.click(x, y)
      await columnOf(doctorId).locator('[data-cursor]').waitFor()
    },
    inboxBadge: page.getByRole('navigation').getByRole('button', { name: /^Sync inbox/ }),
  }
}
