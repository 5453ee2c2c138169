// A person at a computer, for pictures.
import { NOW, PASSWORD } from './server.mjs'

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ page: Page, setTime: (time: string) => Promise<void>, setOffline: (isOffline: boolean) => Promise<void> }} Desk */

/**
 * A browser profile of its own.
 * @param {import('playwright-core').Browser} browser
 * @param {{ url: string, width?: number, height?: number, colorScheme?: 'light' | 'dark', language?: string }} options
 * @returns {Promise<Desk>}
 */
export async function openDesk(browser, { url, width = 1440, height = 900, colorScheme = 'light', language = 'en' }) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/London',
    locale: 'en-GB',
  })
  await context.addInitScript((chosen) => localStorage.setItem('language', chosen), language)
  const page = await context.newPage()
  await page.clock.setFixedTime(NOW)
  return {
    page,
    setTime: (time) => page.clock.setFixedTime(time),
    setOffline: (isOffline) => context.setOffline(isOffline),
  }
}

/** Out of what is typed, then out of the field. */
export const OUT = ['Escape', 'Escape']

/** Goes in by what the fields are, whatever the language. @param {Page} page @param {string} role */
export async function enter(page, role) {
  await page.goto('/')
  await page.locator('input[type=email]').fill(`${role}@demo.test`)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.locator('input[type=radio]').nth(1).check()
  await page.locator('button[type=submit]').click()
  const data = role === 'patient' ? 'main h2' : role === 'doctor' ? 'main' : '[data-item]'
  await page.locator(data).first().waitFor({ timeout: 240_000 })
  await page.waitForLoadState('networkidle')
}

/**
 * Takes pictures of a page once what was loading stands.
 * @param {Page} page
 * @param {string} folder
 * @param {string} name what each picture's name begins with
 * @returns {(what: string) => Promise<void>}
 */
export function pictures(page, folder, name) {
  return async (what) => {
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(250)
    await page.screenshot({ path: `${folder}/${name}-${what}.png`, animations: 'disabled' })
  }
}
