/** Programs that act for somebody: a token is made with a few rights, used, and ended in the own account. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'

const SOON = { timeout: PATIENCE_MS, interval: 100 }

let clinic: Clinic
let desk: Client
let token: string

const tokens = () => desk.page.getByRole('region', { name: 'Access tokens' })
const ask = async (path: string): Promise<number> =>
  (await fetch(`${clinic.server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).status

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception')
  await desk.button(/^Your account/).click()
  await desk.page.getByRole('menuitem', { name: 'My account' }).click()
  await tokens().waitFor()
})
afterAll(() => clinic.close())

test('is made by keyboard with the password, and shown this once', async () => {
  await tokens().getByRole('button', { name: 'Make an access token' }).focus()
  await desk.press('Enter')
  const name = tokens().getByLabel('What it is for')
  await expect.poll(() => name.evaluate((field) => field === document.activeElement), SOON).toBe(true)
  await desk.page.keyboard.type('Waiting room screen')
  // Whoever lacks a right cannot give it to a program.
  expect(
    await tokens()
      .getByRole('checkbox', { name: /^Change the clinic’s settings/ })
      .count(),
  ).toBe(0)
  await tokens()
    .getByRole('checkbox', { name: /^See appointments/ })
    .focus()
  await desk.press('Space')
  expect(await findingsOf(desk, 'main')).toEqual([])
  await tokens().getByLabel('Current password', { exact: true }).focus()
  await desk.page.keyboard.type('wrong words entirely')
  await desk.press('Enter')
  await tokens().getByText('The current password is wrong.').waitFor()
  await tokens().getByLabel('Current password', { exact: true }).fill(clinic.server.password)
  await desk.press('Enter')
  const shown = tokens().getByRole('region', { name: 'Access token' })
  await shown.waitFor()
  token = (await shown.locator('code').textContent()) ?? ''
  expect(token.length).toBeGreaterThan(20)
  expect(await findingsOf(desk, 'main')).toEqual([])
  await shown.getByRole('button', { name: 'I have kept it' }).focus()
  await desk.press('Enter')
  await shown.waitFor({ state: 'detached' })
  expect(await tokens().textContent()).not.toContain(token)
})

test('does what it was given, and nothing else', async () => {
  expect(await ask('/appointments?from=2026-11-24&to=2026-11-24')).toBe(200)
  expect(await ask('/waitlist')).toBe(403)
})

test('is shut out at once when it is ended', async () => {
  await tokens().getByRole('button', { name: 'End it: Waiting room screen' }).click()
  await tokens().getByText('The program is shut out at once.').waitFor()
  await tokens().getByRole('button', { name: 'End it', exact: true }).click()
  await tokens().getByText('Waiting room screen').waitFor({ state: 'detached' })
  await vi.waitFor(async () => expect(await ask('/appointments?from=2026-11-24&to=2026-11-24')).toBe(401), SOON)
})
