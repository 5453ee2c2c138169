// docs/screens/*.png: the pictures that documents show.
import { join } from 'node:path'
import { ROOT } from '../bootstrap.mjs'
import { openDesk } from './desk.mjs'
import { NOW, PASSWORD } from './server.mjs'

/** @typedef {import('./desk.mjs').Desk} Desk */

const WENT_OFFLINE = '2026-11-23T11:32:00Z'
export const FOLDER = join(ROOT, 'docs/screens')
/** Who is booked in the pictures; both are in the demo clinic. */
const [CALLER, OTHER_CALLER] = ['susan clarke', 'keith smith']

/** @param {Desk} desk @param {string} role the name before @ of a demo login */
async function signIn({ page }, role) {
  await page.goto('/')
  await page.getByLabel('E-mail').fill(`${role}@demo.test`)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByText('It is my own device').click()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Up to date').waitFor({ timeout: 120_000 })
  await page.locator('[data-item]').first().waitFor()
}

/** @param {Desk} desk @param {string} name opens the booking panel and chooses the patient; the time is the cursor's */
async function beginBooking({ page }, name) {
  await page.keyboard.press('b')
  await page.getByRole('combobox', { name: 'Patient' }).fill(name)
  await page
    .getByRole('option', { name: new RegExp(name, 'i') })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.getByText(/ with Dr /).waitFor()
}

/** @param {Desk} desk @param {string} name */
async function book(desk, name) {
  await beginBooking(desk, name)
  await desk.page.keyboard.press('Control+Enter')
  await desk.page.getByRole('form', { name: 'Book' }).waitFor({ state: 'detached' })
}

/** @param {Desk} desk @param {string} name of the picture */
async function shoot({ page }, name) {
  await page.evaluate('document.fonts.ready')
  await page.locator('.mantine-Notification-root').first().waitFor({ state: 'detached', timeout: 30_000 })
  await page.mouse.move(700, 1)
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
  console.log(`docs/screens/${name}.png`)
}

/** @param {import('playwright-core').Browser} browser @param {string} url of the demo clinic */
export async function shootAll(browser, url) {
  const reception = await openDesk(browser, { url })
  await reception.page.goto('/')
  await reception.page.getByText('Connected to').waitFor()
  await shoot(reception, 'log-in')

  await signIn(reception, 'reception')
  await shoot(reception, 'board')
  await reception.page.emulateMedia({ colorScheme: 'dark' })
  await shoot(reception, 'board-dark')
  await reception.page.emulateMedia({ colorScheme: 'light' })
  await beginBooking(reception, CALLER)
  await shoot(reception, 'booking-panel')
  await reception.page.keyboard.press('Escape')

  const second = await openDesk(browser, { url })
  await signIn(second, 'admin')
  await second.page.keyboard.press('g')
  await second.page.keyboard.press('r')
  await second.page.getByRole('figure').first().waitFor()
  await shoot(second, 'reports')
  await second.page.keyboard.press('g')
  await second.page.keyboard.press('d')
  await second.setTime(WENT_OFFLINE)
  await second.setOffline(true)
  await second.page.getByText('Offline since').waitFor({ timeout: 60_000 })
  await second.setTime(NOW)
  await book(second, OTHER_CALLER)
  await second.page.locator('[data-item] [data-look=arrived]').first().click()
  await second.page.keyboard.press('r')
  await second.page.getByText('2 to send').waitFor()
  await second.page.keyboard.press('Escape')
  await shoot(second, 'offline')
  await second.page.keyboard.press('g')
  await second.page.keyboard.press('s')
  await second.page.getByRole('button', { name: 'Booked here' }).click()
  await shoot(second, 'inbox')

  // The same time at the other desk, while this one is cut off: who reaches the server first has it.
  await book(reception, CALLER)
  await reception.page.getByText('Up to date').waitFor()
  await second.setOffline(false)
  const lost = second.page
    .getByRole('region', { name: 'Needs you' })
    .getByRole('button', { name: new RegExp(OTHER_CALLER, 'i') })
  await lost.waitFor({ timeout: 60_000 })
  await lost.click()
  await second.page.getByText('Offer another time').waitFor()
  await shoot(second, 'unplaced')
}
