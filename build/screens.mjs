// `npm run screens`: starts the real server with the demo clinic in a throw-away folder, drives Chromium through the product and
// writes docs/screens/*.png, the pictures that documents show, and out/screens/*.png, every screen in the states that matter.
// `npm run screens -- pictures`, `-- all` and `-- states` draw one part.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { endGroup, ensurePrograms, findNode, findProgram, run, SetupError } from './bootstrap.mjs'
import { ensureApp } from './build-app.mjs'
import { FOLDER, shootAll } from './screens/documents.mjs'
import { ALL, startServer } from './screens/server.mjs'
import { walkEmpty, walkFailing, walkOffline } from './screens/states.mjs'
import { walkAll } from './screens/walks.mjs'

const SWITCHES = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update']

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
for (const folder of [FOLDER, ALL]) mkdirSync(folder, { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), 'screens-'))
/** @param {'--demo' | '--empty'} clinic */
const start = (clinic) => startServer(node, join(dataDir, clinic.slice(2)), clinic)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? findProgram('chromium') ?? '/usr/bin/chromium',
  args: SWITCHES,
  chromiumSandbox: process.getuid?.() !== 0,
})
/** @type {import('./screens/server.mjs').Server[]} */
const servers = []
try {
  const [part = 'everything'] = process.argv.slice(2)
  const draws = (/** @type {string} */ name) => part === 'everything' || part === name
  const demo = await start('--demo')
  servers.push(demo)
  if (draws('pictures')) await shootAll(browser, demo.url)
  if (draws('all')) await walkAll(browser, demo.url)
  if (draws('states')) {
    await walkOffline(browser, demo.url)
    await walkFailing(browser, demo.url)
    const empty = await start('--empty')
    servers.push(empty)
    await walkEmpty(browser, empty.url, empty.setUpUrl ?? empty.url)
  }
} finally {
  await browser.close()
  for (const { process: server } of servers) await endGroup(server)
  rmSync(dataDir, { recursive: true, force: true })
}
