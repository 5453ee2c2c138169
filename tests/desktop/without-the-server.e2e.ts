/** The desktop app with the server down: what its password opens, what it keeps, and what stays closed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hours } from '#domain/time/instant.ts'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { type DesktopApp, launchDesktop, newUserData } from './support/launch-desktop.ts'
import { openOffline, signIn } from './support/sign-in.ts'

const ADMINS_OWN = 'a password of the administrator alone'
const userData = newUserData()
let server: DemoServer
let desktop: DesktopApp

const start = async (): Promise<void> => {
  await desktop?.app.close()
  desktop = await launchDesktop({ userData, env: { SYNC_SERVER_URL: server.url } })
}
const type = async (password: string): Promise<void> => {
  await desktop.page.getByLabel('Password', { exact: true }).fill(password)
  await desktop.page.keyboard.press('Enter')
}
const grid = () => desktop.page.getByRole('grid', { name: /^Day board, / })

beforeAll(async () => {
  server = await startDemoServer()
  await start()
  await signIn(desktop, server)
  await giveAdminAnotherPassword()
  await server.stop()
  await start()
})
afterAll(async () => {
  await desktop?.app.close()
  await server?.remove()
})

test('a wrong password opens nothing and says so', async () => {
  await type('not the right password')
  await desktop.page
    .getByRole('alert')
    .getByText(/password/i)
    .waitFor()
  expect(await grid().count()).toBe(0)
})

test('the password of somebody else opens nothing, though it is right at the server', async () => {
  await type(ADMINS_OWN)
  await desktop.page
    .getByRole('alert')
    .getByText(/password/i)
    .waitFor()
  expect(await grid().count()).toBe(0)
})

test('the password opens the board of today', async () => {
  await openOffline(desktop, server)
  await grid().waitFor()
  const parts = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'Europe/London' }).formatToParts()
  const today = ['weekday', 'day', 'month', 'year'].map((type) => parts.find((part) => part.type === type)?.value)
  expect(await grid().getAttribute('aria-label')).toBe(`Day board, ${today.join(' ')}`)
})

test('what is written then is kept over a restart', async () => {
  await writeNote('The ramp is being painted')
  await desktop.page.getByText('1 to send').waitFor()
  await start()
  await openOffline(desktop, server)
  await desktop.page.getByText('1 to send').waitFor()
  await desktop.page.getByText('The ramp is being painted').first().waitFor({ timeout: 60_000 })
})

test('once the server has not confirmed the person for longer than the lease, the right password opens nothing', async () => {
  await start()
  const { page } = desktop
  await page.clock.install({ time: Date.now() + hours(8 * 24) })
  await page.reload()
  await type(server.password)
  await page.getByText('The server has not confirmed you for more than seven days').waitFor()
  expect(await grid().count()).toBe(0)
})

test('when the server is back, what was written arrives', async () => {
  await server.start()
  await start()
  await type(server.password)
  await desktop.page.getByText('Up to date').waitFor({ timeout: 110_000 })
  const { token } = await logIn('reception', server.password)
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${server.url}/sync/day_notes/0/pull?lwt=0&id=&limit=100`, { headers })
  expect(await answer.text()).toContain('The ramp is being painted')
})

async function writeNote(text: string): Promise<void> {
  const { page } = desktop
  const form = page.getByRole('form', { name: 'Day note' })
  await page.keyboard.press('Escape')
  // The board may be there before it listens to keys.
  const open = async (): Promise<number> => {
    if ((await form.count()) === 0) await page.keyboard.press('o')
    return form.count()
  }
  await expect.poll(open, { timeout: 60_000, interval: 500 }).toBe(1)
  await form.getByRole('textbox', { name: 'Note' }).fill(text)
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'detached' })
}

async function logIn(role: 'reception' | 'admin', password: string): Promise<{ readonly token: string }> {
  const body = JSON.stringify({ email: server.login(role), password })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/api/v1/auth/login`, { method: 'POST', headers, body })
  return (await answer.json()) as { token: string }
}

async function giveAdminAnotherPassword(): Promise<void> {
  const { token } = await logIn('admin', server.password)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ currentPassword: server.password, newPassword: ADMINS_OWN })
  const answer = await fetch(`${server.url}/api/v1/me/password`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`the password was not changed: ${answer.status} ${await answer.text()}`)
  await logIn('admin', ADMINS_OWN)
}
