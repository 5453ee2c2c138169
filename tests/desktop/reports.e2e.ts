/** File > Export report… on the desktop: the file equals what the REST API makes, and without the server it says as of when. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import XLSX from '@e965/xlsx'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { daysOfRange } from '#domain/report/relative-range.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { answerSave, listSavesAsked } from './support/answers.ts'
import { type DesktopApp, launchDesktop, newUserData } from './support/launch-desktop.ts'
import { clickMenu } from './support/menu.ts'
import { openOffline, signIn } from './support/sign-in.ts'

const folder = temporaryFolder('reports')
const userData = newUserData()

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

/** The list of appointments of this week, on the screen. */
async function showAppointments(): Promise<void> {
  await clickMenu(desktop, 'File > Export report…')
  await desktop.page.getByRole('combobox', { name: 'Report' }).click()
  await desktop.page.getByRole('option', { name: 'Appointments', exact: true }).click()
  await desktop.page.locator('tbody tr').first().waitFor()
}

/** Saves what is on the screen and waits for the file. */
async function saveAs(type: string, name: string): Promise<Buffer> {
  const path = join(folder, name)
  await answerSave(desktop, path)
  await desktop.page.getByRole('button', { name: `Save as ${type}` }).click()
  await vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 30_000 })
  return readFileSync(path)
}

const rowsOf = (csv: Buffer): Record<string, string>[] => parse(csv, { bom: true, columns: true })

/** The same report as any program gets it over REST. */
async function overRest(): Promise<Record<string, string>[]> {
  const json = { 'content-type': 'application/json' }
  const ask = async (path: string, headers: Record<string, string>, body?: unknown) =>
    fetch(path.startsWith('http') ? path : `${server.url}/api/v1${path}`, {
      headers,
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
  const credentials = { email: server.login('admin'), password: server.password }
  const { token } = (await (await ask('/auth/login', json, credentials)).json()) as { token: string }
  const signed = { authorization: `Bearer ${token}` }
  const filter = daysOfRange('this-week', localDayOf(Date.now(), 'Europe/London'))
  const wanted = { definition: 'appointments', filter, type: 'csv' }
  const asked = (await (await ask('/reports', { ...signed, ...json }, wanted)).json()) as { report: { id: string } }
  const path = `/reports/${asked.report.id}`
  await vi.waitFor(
    async () => expect(await (await ask(path, signed)).json()).toMatchObject({ report: { status: 'done' } }),
    { timeout: 30_000, interval: 200 },
  )
  const link = (await (await ask(`${path}/download-link`, { ...signed, ...json }, {})).json()) as { url: string }
  return rowsOf(Buffer.from(await (await ask(link.url, signed)).arrayBuffer()))
}

let online: Record<string, string>[] = []

test('the appointments made by this computer are, row for row, those of the REST API', async () => {
  await signIn(desktop, server, 'admin')
  await showAppointments()
  await desktop.page.getByText('By this computer').click()
  online = rowsOf(await saveAs('CSV', 'here.csv'))
  expect(online.length).toBeGreaterThan(100)
  expect(online).toEqual(await overRest())
})

test('the server’s file goes where the dialog says', async () => {
  await desktop.page.getByText('By the server').click()
  expect(rowsOf(await saveAs('CSV', 'server.csv'))).toEqual(online)
})

test('a cancelled dialog writes nothing', async () => {
  const before = readdirSync(folder)
  await desktop.page.getByText('By this computer').click()
  await answerSave(desktop, 'cancel')
  await desktop.page.getByRole('button', { name: 'Save as CSV' }).click()
  await desktop.page.getByText('Nothing was saved.').waitFor()
  expect(readdirSync(folder)).toEqual(before)
})

test('without the server and after a restart the same report says as of when, in the file and in its name', async () => {
  await desktop.app.close()
  await server.stop()
  await launch()
  await openOffline(desktop, server)
  await showAppointments()
  const stamp = /As of (\d{4}-\d\d-\d\d \d\d:\d\d), Europe\/London/
  const shown = stamp.exec((await desktop.page.getByText(stamp).textContent()) ?? '')
  const workbook = XLSX.read(await saveAs('XLSX', 'offline.xlsx'))
  const text = (index: number): string =>
    XLSX.utils.sheet_to_csv(workbook.Sheets[workbook.SheetNames[index] ?? ''] as XLSX.WorkSheet)
  expect(stamp.exec(text(2))?.[1]).toBe(shown?.[1])
  expect(text(0).trim().split('\n')).toHaveLength(online.length + 1)
  const [proposed] = await listSavesAsked(desktop)
  expect(proposed).toContain(`, as of ${shown?.[1]?.replace(':', '.')}.xlsx`)
  expect((await saveAs('PDF', 'offline.pdf')).subarray(0, 5).toString()).toBe('%PDF-')
})
