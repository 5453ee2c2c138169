// `npm run screens`: starts the real server with the demo clinic in a throw-away folder, drives Chromium through the product and
// writes docs/screens/*.png. The clinic's clock stands at a Monday, twenty to twelve, so that the same code gives the same
// pictures on any day.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { endGroup, ensurePrograms, findNode, findProgram, ROOT, run, SetupError } from './bootstrap.mjs'
import { ensureApp } from './build-app.mjs'

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ page: Page, setTime: (time: string) => Promise<void>, setOffline: (isOffline: boolean) => Promise<void> }} Desk */

const NOW = '2026-11-23T11:40:00Z'
const WENT_OFFLINE = '2026-11-23T11:32:00Z'
const PORT = 4189
const PASSWORD = 'a password for pictures'
const FOLDER = join(ROOT, 'docs/screens')
const SWITCHES = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update']
/** Who is booked in the pictures; both are in the demo clinic. */
const [CALLER, OTHER_CALLER] = ['susan clarke', 'keith smith']

/** @param {string} node @param {string} dataDir @returns {Promise<import('node:child_process').ChildProcess>} once it listens */
async function startServer(node, dataDir) {
  const preload = ['./build/end-with-parent.mjs', './tests/support/shift-clock-on-start.ts']
  const child = spawn(node, [...preload.flatMap((file) => ['--import', file]), 'sync-server/main.ts', '--demo'], {
    cwd: ROOT,
    detached: true,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(PORT),
      DATA_DIR: dataDir,
      DEMO_PASSWORD: PASSWORD,
      LOG_LEVEL: 'warn',
      START_READY_FD: '3',
      CLOCK_SHIFT_MS: String(Date.parse(NOW) - Date.now()),
    },
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  })
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new SetupError(`The server ended with ${code}; is port ${PORT} taken?`)))
    const ready = /** @type {import('node:stream').Readable} */ (child.stdio[3])
    createInterface({ input: ready }).once('line', resolve)
  })
  return child
}

/** @param {import('playwright-core').Browser} browser @returns {Promise<Desk>} a browser profile of its own */
async function openDesk(browser) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    timezoneId: 'Europe/London',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(NOW)
  return {
    page,
    setTime: (time) => page.clock.setFixedTime(time),
    setOffline: (isOffline) => context.setOffline(isOffline),
  }
}

/** @param {Desk} desk @param {string} role the name before @ of a demo login */
async function signIn({ page }, role) {
  await page.goto(`http://127.0.0.1:${PORT}/`)
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

/** @param {import('playwright-core').Browser} browser */
async function shootAll(browser) {
  const reception = await openDesk(browser)
  await reception.page.goto(`http://127.0.0.1:${PORT}/`)
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

  const second = await openDesk(browser)
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

/** The clinic has patients of many scripts; without these fonts their names would be boxes. */
async function ensureFonts() {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return
  const packages = ['fonts-noto-core', 'fonts-noto-cjk']
  const command = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  if (process.getuid?.() === 0 && findProgram('apt-get') && (await run('apt-get', command)) === 0) return
  console.log(`Names in some scripts will be boxes: install ${packages.join(' and ')} for good pictures.`)
}

const node = findNode()
if (!node) throw new SetupError('Run `npm start` or `npm test` once: they install Node 24.')
await ensureApp(node)
await ensurePrograms([{ program: 'chromium', debian: 'chromium' }])
await ensureFonts()
mkdirSync(FOLDER, { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), 'screens-'))
const server = await startServer(node, dataDir)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? findProgram('chromium') ?? '/usr/bin/chromium',
  args: SWITCHES,
  chromiumSandbox: process.getuid?.() !== 0,
})
try {
  await shootAll(browser)
} finally {
  await browser.close()
  await endGroup(server)
  rmSync(dataDir, { recursive: true, force: true })
}
