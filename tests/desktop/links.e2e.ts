/** Links from other programs: into a signed-out, an open and a locked app, by a first and by a second start. */
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { addDays, localDayOf } from '#domain/time/clinic-time.ts'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { answerSave, listSavesAsked } from './support/answers.ts'
import { invoke, refusalOf } from './support/bridge.ts'
import { type DesktopApp, launchDesktop, newUserData, startCommand } from './support/launch-desktop.ts'
import { clickMenu } from './support/menu.ts'
import { signIn } from './support/sign-in.ts'

const UNKNOWN = '01890a5d-ac96-774b-bcce-b302099a8057'
const userData = newUserData()

let server: DemoServer
let desktop: DesktopApp
let visit: Appointment
let printed = ''

beforeAll(async () => {
  server = await startDemoServer()
  visit = await findVisit()
  desktop = await launchDesktop({
    userData,
    switches: [`clinic://patient/${visit.patientId}`],
    env: { SYNC_SERVER_URL: server.url },
  })
  desktop.app.process().stderr?.on('data', (text) => {
    printed += text
  })
})

afterAll(async () => {
  await desktop?.app.close()
  await server?.remove()
})

/** Somebody's visit within the next days, as the server has it. */
async function findVisit(): Promise<Appointment> {
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: server.login('reception'), password: server.password })
  const login = await fetch(`${server.url}/api/v1/auth/login`, { method: 'POST', headers: json, body })
  const { token } = (await login.json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const today = localDayOf(Date.now(), 'Europe/London')
  const range = `from=${addDays(today, 1)}&to=${addDays(today, 7)}&limit=50`
  const answer = await fetch(`${server.url}/api/v1/appointments?${range}`, { headers })
  const [first] = ((await answer.json()) as { appointments: Appointment[] }).appointments
  if (!first) throw new Error('the demo clinic has no visits this week')
  return first
}

/** What a system does with a link: it starts the app once more. */
async function openLink(link: string): Promise<void> {
  const { program, args } = startCommand(userData)
  const child = spawn(program, [...args, link], { stdio: 'ignore' })
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
}

/** The entry of the rail that is lit. */
const current = (name: string) => desktop.page.locator(`nav [aria-current][aria-label^="${name}"]`)
const details = () => desktop.page.getByRole('complementary')
const inbox = () => desktop.page.getByRole('heading', { name: 'Sync inbox' })

test('a start with a link opens it after the sign-in', async () => {
  await desktop.page.getByRole('button', { name: 'Sign in' }).waitFor()
  await signIn(desktop, server)
  await current('Patients').waitFor()
})

test('a second start hands its link to the first window, which comes to the front', async () => {
  const window = await desktop.app.browserWindow(desktop.page)
  await window.evaluate((one) => one.minimize())
  await openLink(`clinic://appointment/${visit.id}`)
  await current('Day board').waitFor()
  await details().waitFor()
  expect(await window.evaluate((one) => one.isMinimized())).toBe(false)
  expect(desktop.app.windows()).toHaveLength(1)
})

test('the event by which macOS hands links over opens them too', async () => {
  await desktop.app.evaluate(({ app }) => app.emit('open-url', { preventDefault: () => undefined }, 'clinic://inbox'))
  await inbox().waitFor()
})

test('a day opens on the board', async () => {
  await openLink(`clinic://day/${visit.localDay}`)
  await current('Day board').waitFor()
  await answerSave(desktop, 'cancel')
  await clickMenu(desktop, 'File > Export day list as CSV…')
  await vi.waitFor(async () => expect((await listSavesAsked(desktop)).join()).toContain(visit.localDay))
})

test('a link that leads nowhere does nothing and is logged without a word of it', async () => {
  await openLink('clinic://inbox')
  await inbox().waitFor()
  for (const link of ['clinic://erase/anna-smith', 'clinic://day/2026-02-30', 'clinic:inbox']) await openLink(link)
  await vi.waitFor(() => expect(printed.match(/a link was refused/g)).toHaveLength(3))
  expect(printed).not.toContain('anna')
  expect(await invoke(desktop, 'link:take', {})).toBeNull()
  await inbox().waitFor()
  expect(await desktop.page.getByRole('alert').count()).toBe(0)
})

test('a link to what is not here says so', async () => {
  await openLink(`clinic://patient/${UNKNOWN}`)
  await desktop.page.getByRole('alert').getByText('What the link leads to is not here').waitFor()
  await inbox().waitFor()
})

test('a locked app shows nothing of a link before it is unlocked', async () => {
  await openLink(`clinic://day/${visit.localDay}`)
  await clickMenu(desktop, 'File > Lock')
  await desktop.page.getByRole('button', { name: 'Unlock' }).waitFor()
  await openLink('clinic://inbox')
  expect(await inbox().count()).toBe(0)
  await desktop.page.getByLabel('Password', { exact: true }).fill(server.password)
  await desktop.page.getByRole('button', { name: 'Unlock' }).click()
  await inbox().waitFor()
})

test('the page names no link when it takes one', async () => {
  expect(await refusalOf(desktop, 'link:take', { link: 'clinic://inbox' })).toContain('refused: malformed payload')
})
