/** The settings screen: who finds which sections there, and how it is reached. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clinic, openClinic } from './support/clinic.ts'
import { settingsOf } from './support/settings-of.ts'

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

test('an administrator opens it by keyboard, sees the sections, and finds the last one open again', async () => {
  const admin = await clinic.newClient()
  await admin.logIn('admin')
  await admin.press('g', 'e')
  await admin.page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  const sections = admin.page.getByRole('navigation', { name: 'Sections of the settings' })
  await sections.getByRole('button', { name: 'Reminders and words' }).focus()
  await admin.press('Enter')
  await admin.page.getByRole('heading', { name: 'Reminders and words', level: 2 }).waitFor()
  await admin.press('g', 's', 'g', 'e')
  await admin.page.getByRole('heading', { name: 'Reminders and words', level: 2 }).waitFor()
  const current = await sections.locator('[aria-current="page"]').allTextContents()
  expect(current).toEqual(['Reminders and words'])
})

test('a list that the server did not give comes by itself once it is back, and a failure of the server is called one', async () => {
  const admin = await clinic.newClient()
  await admin.logIn('admin')
  const { page } = admin
  const main = page.getByRole('main')
  const settings = settingsOf(admin)
  await page.route('**/api/v1/devices', (route) => route.abort())
  await settings.open('Devices')
  await main.getByText('The server is out of reach').waitFor()
  await page.unroute('**/api/v1/devices')
  await main.getByRole('table').waitFor()
  const told = { type: 'x', title: 'x', status: 500, detail: 'x', code: 'internal-error', requestId: 'r1' }
  await page.route('**/api/v1/roles', (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(told) }),
  )
  await settings.open('Roles')
  await main.getByText('Something went wrong at the server.').waitFor()
  await admin.context.close()
})

test('reception has no settings of the clinic', async () => {
  const desk = await clinic.newClient()
  await desk.logIn('reception')
  const rail = desk.page.getByRole('navigation', { name: 'Screens' })
  await rail.getByRole('button', { name: 'Day board' }).waitFor()
  expect(await rail.getByRole('button', { name: 'Settings' }).count()).toBe(0)
})
