/** A clinic that begins with nothing: from the set-up link to the first time that can be booked, by its administrator alone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE_MS } from './support/client.ts'
import { launchChromium } from './support/clinic.ts'

const ROOT = join(import.meta.dirname, '../..')
const ADA = { email: 'ada@clinic.example', password: 'seven green umbrellas' }
const folder = mkdtempSync(join(tmpdir(), 'first-clinic-'))
let server: ChildProcess
let browser: Browser
let page: Page
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
  browser = await launchChromium()
  page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  page.setDefaultTimeout(PATIENCE_MS)
})
afterAll(async () => {
  await browser?.close()
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill()
  await ended
  rmSync(folder, { recursive: true })
})

const main = () => page.getByRole('main')
const fill = (label: string, text: string) =>
  main()
    .getByLabel(new RegExp(`^${label}( \\*)?$`))
    .fill(text)
const press = (name: string) => main().getByRole('button', { name, exact: true }).click()
async function open(section: string): Promise<void> {
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await page
    .getByRole('navigation', { name: 'Sections of the settings' })
    .getByRole('button', { name: section })
    .click()
  await main().getByRole('heading', { name: section, level: 2 }).waitFor()
}

type Answer = {
  readonly doctors: readonly { readonly id: string }[]
  readonly appointmentTypes: readonly { readonly id: string }[]
  readonly slots: readonly { readonly start: number }[]
  readonly patient: { readonly id: string }
  readonly appointment: { readonly id: string; readonly localDay: string }
  readonly clinic: { readonly zone: string }
}

/** What a program of the clinic would ask; hours have a screen of their own. */
async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const origin = new URL(setUpUrl).origin
  const headers = { 'content-type': 'application/json' }
  const logIn = await fetch(`${origin}/api/v1/auth/login`, { method: 'POST', headers, body: JSON.stringify(ADA) })
  const { token } = (await logIn.json()) as { token: string }
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { ...(body && headers), authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text) as Answer
}

test('the link makes the clinic, and its administrator signs in', async () => {
  await page.goto(setUpUrl)
  await page.getByLabel('Name of the clinic').fill('New Clinic')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password', { exact: true }).fill(ADA.password)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('heading', { name: 'Your clinic is ready' }).waitFor()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill(ADA.email)
  await page.getByLabel('Password', { exact: true }).fill(ADA.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('header').getByRole('status').getByText('Up to date').waitFor()
})

test('the empty board says why, counts nothing, and leads its administrator to the doctors', async () => {
  for (const view of ['w', 'l', 'd']) {
    await page.keyboard.press('v')
    await page.keyboard.press(view)
    await main().getByText('No doctor is set up in this clinic yet').waitFor()
  }
  expect(await main().getByText('Nobody is waiting.').count()).toBe(0)
  expect(await main().getByText('Nothing free today').count()).toBe(0)
  await main().getByRole('button', { name: 'Add doctors' }).focus()
  await page.keyboard.press('Enter')
  await main().getByRole('heading', { name: 'Doctors', level: 2 }).waitFor()
})

test('the empty sections say what to do, and take the first doctor and the first type', async () => {
  await open('Doctors')
  await main().getByText('There is no doctor yet. Add the first one').waitFor()
  await press('Add a doctor')
  await fill('Name', 'Dr Grace Hopper')
  await fill('Specialty', 'General practice')
  await press('Save')
  await main()
    .getByRole('row', { name: /^Dr Grace Hopper/ })
    .waitFor()
  await open('Appointment types')
  await main().getByText('There is no appointment type yet.').waitFor()
  await press('Add a type')
  await fill('Name', 'Consultation')
  await fill('Code', 'CONS')
  await press('Save')
  await main()
    .getByRole('row', { name: /^Consultation/ })
    .waitFor()
})

test('with working hours there is a first time, and a visit at it stands on the open board', async () => {
  const doctorId = (await ask('GET', '/doctors')).doctors[0]?.id
  const typeId = (await ask('GET', '/appointment-types')).appointmentTypes[0]?.id
  const ranges = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    startTime: '00:00',
    endTime: '23:59',
    weeks: 'every',
    publish: 'online',
  }))
  const change = {
    kind: 'add-hours',
    doctorId,
    ranges,
    validFrom: new Date().toISOString().slice(0, 10),
    validUntil: null,
  }
  await ask('POST', '/availability/apply', { change, mode: 'refuse-if-stranded' })
  const { slots } = await ask('GET', `/slots/next-free?typeId=${typeId}&doctorId=${doctorId}&limit=1`)
  const start = slots[0]?.start
  expect(start).toBeGreaterThan(0)
  const { patient } = await ask('POST', '/patients', { name: 'Charles Babbage', birthDate: '1971-03-03' })
  const booking = { doctorId, typeId, patientId: patient.id, start }
  const { appointment: visit } = await ask('POST', '/appointments', booking)
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  const grid = page.getByRole('grid')
  await grid.getByRole('columnheader', { name: /Dr Grace Hopper/ }).waitFor()
  const { zone } = (await ask('GET', '/clinic')).clinic
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.now())
  if (visit.localDay !== day) await page.keyboard.press(']')
  await grid.locator(`[data-item="${visit.id}"]`).waitFor()
})
