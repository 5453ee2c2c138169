/** Somebody chooses the language of the screen: at the log-in, and for themselves afterwards. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'

let clinic: Clinic
let client: Client

beforeAll(async () => {
  clinic = await openClinic()
  client = await clinic.newClient()
})
afterAll(() => clinic.close())

const direction = () => client.page.locator('html').getAttribute('dir')

test('at the log-in screen the page turns to Arabic and keeps what was typed', async () => {
  const { page, server } = { ...client, server: clinic.server }
  await page.getByLabel('E-mail').fill(server.login('reception'))
  await client.password.fill(server.password)
  await page.getByRole('button', { name: 'العربية' }).click()
  await page.getByRole('button', { name: 'دخول', exact: true }).waitFor()
  expect(await direction()).toBe('rtl')
  expect(await page.getByLabel('البريد الإلكتروني').inputValue()).toBe(server.login('reception'))
  await page.getByRole('radio', { name: /هو جهازي الخاص/ }).check()
  await page.getByRole('button', { name: 'دخول', exact: true }).click()
  await client.pill.getByText('محدَّث').waitFor({ timeout: 120_000 })
  expect(await page.title()).toBe('مواعيد العيادة')
  // The calendar day is written in Arabic with the digits of the clock.
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(
    /^\p{Script=Arabic}+، \d{1,2} \p{Script=Arabic}+ \d{4}$/u,
  )
})

test('in the account menu a person chooses their own, and a half-typed booking stays', async () => {
  const { page } = client
  await page.keyboard.press('b')
  await page.getByRole('combobox', { name: 'المريض' }).fill('sus')
  await page.getByRole('button', { name: /^حسابك/ }).click()
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  await client.pill.getByText('Auf dem neuesten Stand').waitFor()
  expect(await direction()).toBe('ltr')
  expect(await page.getByRole('combobox', { name: 'Patient' }).inputValue()).toBe('sus')
})

test('the choice is the person’s own: it is there again at the next log-in, and the log-in screen keeps its own', async () => {
  const { page } = client
  await page.reload()
  await page.getByRole('button', { name: 'دخول', exact: true }).waitFor()
  expect(await direction()).toBe('rtl')
  await page.getByRole('textbox', { name: 'كلمة المرور' }).fill(clinic.server.password)
  await page.keyboard.press('Enter')
  await client.pill.getByText('Auf dem neuesten Stand').waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
})
