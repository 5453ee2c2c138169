/** `npm start -- --empty`: from the one-time link to the first log-in, in Chromium. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'first-run-'))
let server: ChildProcess
let browser: Browser
let setUpUrl = ''

beforeAll(async () => {
  server = spawn(process.execPath, ['--import', './build/end-with-parent.mjs', 'sync-server/main.ts', '--empty'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', PORT: '0', DATA_DIR: join(folder, 'data'), START_READY_FD: '3' },
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  })
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: server.stdio[3] as Readable }).once('line', resolve)
  })
  setUpUrl = (JSON.parse(line) as { setUpUrl: string }).setUpUrl
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
    chromiumSandbox: process.getuid?.() !== 0,
  })
})
afterAll(async () => {
  await browser?.close()
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill()
  await ended
  rmSync(folder, { recursive: true })
})

test('the link sets the clinic up, and its administrator signs in', async () => {
  const page = await browser.newPage()
  const outside: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(setUpUrl).origin)) outside.push(request.url())
  })
  await page.goto(setUpUrl)
  await page.getByLabel('Name of the clinic').fill('New Clinic')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@clinic.example')
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('passwordpassword')
  expect(page.url()).not.toContain('#')

  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByText('more than common words').waitFor()
  await password.fill('seven green umbrellas')
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('heading', { name: 'Your clinic is ready' }).waitFor()

  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill('ada@clinic.example')
  await password.fill('seven green umbrellas')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Up to date').waitFor()
  expect(outside).toEqual([])
})

test('the link is of no use a second time, and an address without it says what to do', async () => {
  const page = await browser.newPage()
  await page.goto(setUpUrl)
  await page.getByLabel('Name of the clinic').fill('Another Clinic')
  await page.getByLabel('Your name').fill('Eve')
  await page.getByLabel('E-mail').fill('eve@clinic.example')
  await page.getByLabel('Password', { exact: true }).fill('seven green umbrellas')
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByText('This set-up link was already used').waitFor()

  await page.goto(new URL('/set-up', setUpUrl).href)
  await page.reload()
  await page.getByText('Open the whole link').waitFor()
})
