// Every screen as the people of the demo clinic see it: light, dark, in other languages, wide, narrow, on a phone.
import { enter, OUT, openDesk, pictures } from './desk.mjs'
import { ALL } from './server.mjs'

/** @typedef {import('./desk.mjs').Page} Page */

/** Keys of the screens; one that a role has not leads nowhere and gives no picture. */
const SCREENS = {
  board: 'd',
  'my-day': 'y',
  patients: 'p',
  availability: 'v',
  inbox: 's',
  reports: 'r',
  activity: 'a',
  settings: 'e',
}

/** How each walk through all screens looks. @type {[string, string, Omit<Parameters<typeof openDesk>[1], 'url'>][]} */
const WALKS = [
  ['admin-1366', 'admin', { width: 1366, height: 768 }],
  ['admin-1920', 'admin', { width: 1920, height: 1080 }],
  ['admin-dark', 'admin', { width: 1366, height: 768, colorScheme: 'dark' }],
  ['admin-arabic', 'admin', { width: 1366, height: 768, language: 'ar' }],
  ['admin-german', 'admin', { width: 1366, height: 768, language: 'de' }],
  ['doctor', 'doctor', { width: 1366, height: 768 }],
  ['patient-phone', 'patient', { width: 390, height: 844 }],
  ['patient-wide', 'patient', { width: 1366, height: 768 }],
]

/**
 * Every screen a role reaches, its settings section by section, and what stands over it.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url of the demo clinic
 */
export async function walkAll(browser, url) {
  for (const [name, role, options] of WALKS) {
    const { page } = await openDesk(browser, { url, ...options })
    const shot = pictures(page, ALL, name)
    await page.goto('/')
    await page.locator('input[type=email]').waitFor()
    await shot('log-in')
    await enter(page, role)
    await shot('first')
    await (role === 'patient' ? walkPlaces(page, shot) : walkScreens(page, shot))
    console.log(`out/screens/${name}-*.png`)
    await page.context().close()
  }
}

/** The places of the patients' app. @param {Page} page @param {(what: string) => Promise<void>} shot */
async function walkPlaces(page, shot) {
  const places = page.locator('nav button')
  for (let at = 1; at < (await places.count()); at += 1) {
    await places.nth(at).click()
    await shot(`place-${at + 1}`)
  }
}

/** @param {Page} page @param {(what: string) => Promise<void>} shot */
async function walkScreens(page, shot) {
  const title = () => page.locator('header h1').textContent()
  let before = ''
  for (const [screen, key] of Object.entries(SCREENS)) {
    for (const each of [...OUT, 'g', key]) await page.keyboard.press(each)
    await page.waitForLoadState('networkidle')
    const now = (await title()) ?? ''
    if (screen !== 'board' && now === before) continue
    before = now
    await shot(screen)
  }
  const sections = page.locator('main nav button, main nav a, [role=tab]')
  for (let at = 0; at < (await sections.count()); at += 1) {
    await sections.nth(at).click()
    await shot(`settings-${at}`)
  }
  for (const each of [...OUT, 'g', 'd', 'b']) await page.keyboard.press(each)
  await shot('booking')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.locator('[role=dialog] [role=combobox]').fill('wo')
  await shot('palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('F1')
  await shot('keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+l')
  await shot('locked')
}
