// The states that a day with a server and with data does not show: a clinic that has nothing yet, a server that does not answer,
// one that fails.
import { enter, OUT, openDesk, pictures } from './desk.mjs'
import { ALL } from './server.mjs'

/** @typedef {import('./desk.mjs').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */

const ADA = { name: 'Ada', email: 'ada@clinic.example', password: 'seven green umbrellas' }
const LAPTOP = { width: 1366, height: 768 }

/** @param {Page} page @param {string} keys */
async function press(page, keys) {
  for (const key of [...OUT, ...keys.split(' ')]) await page.keyboard.press(key)
}

/** @type {[string, string][]} */
const KEYS = [
  ['board', 'g d'],
  ['week', 'v w'],
  ['month', 'v m'],
  ['list', 'v l'],
  ['booking', 'v d b'],
  ['walk-in', 'g d w'],
  ['waitlist', 'g w'],
  ['patients', 'g p'],
  ['availability', 'g v'],
  ['inbox', 'g s'],
  ['reports', 'g r'],
  ['activity', 'g a'],
  ['settings', 'g e'],
]

/** @param {Page} page @param {(what: string) => Promise<void>} shot @param {readonly string[]} [leftOut] */
async function walk(page, shot, leftOut = []) {
  for (const [what, keys] of KEYS) {
    if (leftOut.includes(what)) continue
    await press(page, keys)
    await shot(what)
  }
}

/**
 * From the one-time link to every screen of a clinic without doctors, patients and visits.
 * @param {Browser} browser
 * @param {string} url
 * @param {string} setUpUrl
 */
export async function walkEmpty(browser, url, setUpUrl) {
  const { page } = await openDesk(browser, { url, ...LAPTOP })
  const shot = pictures(page, ALL, 'empty')
  await page.goto(setUpUrl)
  await page.getByLabel('Name of the clinic').fill('New Clinic')
  await page.getByLabel('Your name').fill(ADA.name)
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password', { exact: true }).fill(ADA.password)
  await shot('set-up')
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('heading', { name: 'Your clinic is ready' }).waitFor()
  await shot('ready')
  await page.goto('/')
  await page.locator('input[type=email]').fill(ADA.email)
  await page.locator('input[type=password]').fill(ADA.password)
  await page.locator('input[type=radio]').nth(1).check()
  await page.locator('button[type=submit]').click()
  await page.locator('header [role=status]').waitFor()
  await shot('first')
  await walk(page, shot)
  console.log('out/screens/empty-*.png')
  await page.context().close()
}

/** The network is gone while people work. @param {Browser} browser @param {string} url */
export async function walkOffline(browser, url) {
  for (const [role, size] of /** @type {const} */ ([
    ['admin', LAPTOP],
    ['doctor', LAPTOP],
    ['patient', { width: 390, height: 844 }],
  ])) {
    const desk = await openDesk(browser, { url, ...size })
    const { page } = desk
    const shot = pictures(page, ALL, `offline-${role}`)
    await enter(page, role)
    await page.getByText('Up to date').first().waitFor({ timeout: 240_000 })
    await desk.setOffline(true)
    await page.getByText(/^Offline since/).waitFor({ timeout: 60_000 })
    await shot('first')
    if (role === 'patient') await walkPlaces(page, shot)
    else await walk(page, shot, role === 'doctor' ? ['walk-in', 'waitlist', 'activity', 'settings', 'reports'] : [])
    console.log(`out/screens/offline-${role}-*.png`)
    await page.context().close()
  }
}

/** @param {Page} page @param {(what: string) => Promise<void>} shot */
async function walkPlaces(page, shot) {
  const places = page.locator('nav button')
  for (let at = 0; at < (await places.count()); at += 1) {
    await places.nth(at).click()
    await shot(`place-${at + 1}`)
  }
}

/** The server answers every question with a failure of its own. @param {Browser} browser @param {string} url */
export async function walkFailing(browser, url) {
  const { page } = await openDesk(browser, { url, ...LAPTOP })
  const shot = pictures(page, ALL, 'error')
  await enter(page, 'admin')
  const sentence = 'Something went wrong on our side.'
  const problem = { type: 'x', title: sentence, status: 500, detail: sentence, code: 'internal-error', requestId: 'r1' }
  await page.route('**/api/v1/**', (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  for (const [what, keys] of KEYS.filter(([name]) =>
    ['availability', 'reports', 'activity', 'settings'].includes(name),
  )) {
    await press(page, keys)
    await shot(what)
  }
  const sections = page.locator('main nav button')
  for (let at = 0; at < (await sections.count()); at += 1) {
    await sections.nth(at).click()
    await shot(`settings-${at}`)
  }
  await press(page, 'g d b')
  await page.locator('aside [role=combobox]').first().fill('wood')
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await shot('booking')
  await page.context().close()

  const { page: other } = await openDesk(browser, { url, ...LAPTOP })
  await other.goto('/')
  await other.locator('input[type=email]').fill('admin@demo.test')
  await other.locator('input[type=password]').fill('a wrong password')
  await other.locator('button[type=submit]').click()
  await other.locator('[role=alert]').first().waitFor()
  await pictures(other, ALL, 'error')('log-in')
  console.log('out/screens/error-*.png')
  await other.context().close()
}
