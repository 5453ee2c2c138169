/** The whole way: the real server, the app, the menu, a file on disk; then the same without the server and after a restart. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { answerSave, listSavesAsked } from './support/answers.ts'
import { type DesktopApp, launchDesktop, newUserData } from './support/launch-desktop.ts'
import { clickMenu, listMenuItems } from './support/menu.ts'
import { openOffline, signIn } from './support/sign-in.ts'

const EXPORT = 'File > Export day list as CSV…'
const folder = temporaryFolder('day-list')
const userData = newUserData()

const STATUS_WORDS: Record<Appointment['status'], string> = {
  pending: 'Pending',
  confirmed: 'Confirmed',
  arrived: 'Arrived',
  fulfilled: 'Done',
  noshow: 'No-show',
  cancelled: 'Cancelled',
  unplaced: 'Needs a time',
}

let server: DemoServer
let desktop: DesktopApp

const launch = async (): Promise<void> => {
  desktop = await launchDesktop({ userData, env: { SYNC_SERVER_URL: server.url } })
}

beforeAll(async () => {
  server = await startDemoServer()
  await launch()
})

afterAll(async () => {
  await desktop?.app.close()
  await server?.remove()
})

/** Exports the day on the board through the menu and waits for the file. */
async function exportTo(name: string): Promise<string> {
  const path = join(folder, name)
  await answerSave(desktop, path)
  await clickMenu(desktop, EXPORT)
  await vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 10_000 })
  return readFileSync(path, 'utf8')
}

/** A day's appointments as the server has them. */
async function listOnServer(day: string): Promise<Appointment[]> {
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: server.login('reception'), password: server.password })
  const login = await fetch(`${server.url}/api/v1/auth/login`, { method: 'POST', headers: json, body })
  const { token } = (await login.json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${server.url}/api/v1/appointments?from=${day}&to=${day}&limit=500`, { headers })
  return ((await answer.json()) as { appointments: Appointment[] }).appointments
}

const disabledOf = async (menu: string): Promise<string[]> =>
  (await listMenuItems(desktop, menu)).filter((item) => !item.isEnabled).map((item) => item.label)

/** Goes from today to the next day that has visits, so that the specs also hold on a Sunday. */
async function showBusyDay(): Promise<void> {
  for (let ahead = 0; ahead < daysAhead; ahead += 1) await clickMenu(desktop, 'View > Next day')
}

async function findBusyDay(): Promise<number> {
  const today = localDayOf(Date.now(), 'Europe/London')
  for (let ahead = 0; ahead < 7; ahead += 1) {
    if ((await listOnServer(addDays(today, ahead))).length > 0) return ahead
  }
  throw new Error('the demo clinic has no visits this week')
}

let exported = ''
let daysAhead = 0

test('before anybody has signed in, the menu offers nothing about appointments', async () => {
  await desktop.page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await disabledOf('File')).toEqual([
    'New booking…',
    'Walk-in…',
    'Add day note…',
    'Export day list as CSV…',
    'Export day sheet as PDF…',
    'Print day sheet…',
    'Export report…',
    'Lock',
    'My account…',
    'How you are told…',
    'Sign out…',
  ])
})

test('File > Export day list as CSV… writes the day on the board, row for row as the server has it', async () => {
  daysAhead = await findBusyDay()
  await signIn(desktop, server)
  await showBusyDay()
  exported = await exportTo('day.csv')
  const rows: Record<string, string>[] = parse(exported, { bom: true, columns: true })
  const [proposed] = await listSavesAsked(desktop)
  const day = /Day list (\d{4}-\d{2}-\d{2})\.csv$/.exec(proposed ?? '')?.[1] ?? ''
  const onServer = await listOnServer(day)
  const key = (start: string | undefined, end: string): string => `${start} ${end}`
  expect(rows.map((row) => key(row.Start, row.Status ?? '')).sort()).toEqual(
    onServer.map(({ localStart, status }) => key(localStart, STATUS_WORDS[status])).sort(),
  )
  expect(rows.every((row) => row.Doctor && row.Patient && row.Type)).toBe(true)
})

test('File > Print day sheet… hands the day to the printer: every visit of the day, and nothing of the screen', async () => {
  const { page } = desktop
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-print-asked', '')
  })
  await clickMenu(desktop, 'File > Print day sheet…')
  await page.locator('body[data-print-asked]').waitFor()
  const day = (await listSavesAsked(desktop)).map((path) => /(\d{4}-\d{2}-\d{2})\.csv$/.exec(path)?.[1]).find(Boolean)
  const onServer = await listOnServer(day ?? '')
  expect(await page.locator('#printed-sheet tbody tr').count()).toBe(onServer.length)
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('#printed-sheet').isVisible()).toBe(true)
  expect(await page.locator('#root').isVisible()).toBe(false)
  await page.emulateMedia({ media: null })
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  expect(await page.locator('#printed-sheet').count()).toBe(0)
})

test('a cancelled dialog writes nothing', async () => {
  const before = readdirSync(folder)
  await answerSave(desktop, 'cancel')
  await clickMenu(desktop, EXPORT)
  await vi.waitFor(async () => expect(await listSavesAsked(desktop)).toHaveLength(1))
  await exportTo('after-cancel.csv')
  expect(readdirSync(folder).sort()).toEqual([...before, 'after-cancel.csv'].sort())
})

test('on the lock screen the menu offers nothing about appointments', async () => {
  await clickMenu(desktop, 'File > Lock')
  await desktop.page.getByRole('button', { name: 'Unlock' }).waitFor()
  await vi.waitFor(async () => expect(await disabledOf('File')).toContain('Export day list as CSV…'))
})

test('a restart without the server keeps the local data, and the password alone opens it', async () => {
  await desktop.app.close()
  await server.stop()
  await launch()
  await openOffline(desktop, server)
  await showBusyDay()
  expect(await exportTo('after-restart.csv')).toBe(exported)
})

test('nothing on disk shows a patient’s name', async () => {
  const rows: Record<string, string>[] = parse(exported, { bom: true, columns: true })
  // Short names occur in any bytes; long ones only where they were written.
  const names = [...new Set(rows.map((row) => row.Patient ?? ''))].filter((name) => /^[A-Za-z ]{10,}$/.test(name))
  expect(names.length).toBeGreaterThan(10)
  await desktop.app.close()
  const kept = readdirSync(userData, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const found = kept.flatMap((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    return names.filter((name) => bytes.includes(name) || bytes.includes(Buffer.from(name, 'utf16le')))
  })
  expect(found).toEqual([])
})
