/** A locked screen in a waiting room: nothing on it, nor in the page behind it, may name a patient. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'

let clinic: Clinic
let desk: Client

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

/** Every text and attribute of the page. */
const pageText = (): Promise<string> => desk.page.evaluate(() => document.documentElement.outerHTML)
const namesOfToday = (): string[] =>
  clinic.tables
    .all<{ name: string }>(
      `select distinct p.name from patients p join appointments a on a.patient_id = p.id where a.local_day = '2026-11-24'`,
    )
    .map(({ name }) => name)

test('locking takes every name off the page, the toast of the last step included', async () => {
  await desk.grid.locator('[data-item]:has([data-look=confirmed])').first().click()
  await desk.press('a')
  await desk.button('Undo').waitFor()
  const names = namesOfToday()
  expect(names.some((name) => name.length > 8)).toBe(true)
  expect((await pageText()).includes(names.find((name) => name.length > 8) ?? '-')).toBe(true)

  await desk.press('Control+l')
  await desk.button('Unlock').waitFor()
  await desk.button('Undo').waitFor({ state: 'detached' })
  const text = await pageText()
  expect(names.filter((name) => text.includes(name))).toEqual([])
})

test('keys do nothing behind it', async () => {
  await desk.page.mouse.click(10, 10)
  await desk.press('b', 'g', 's', 'Control+k')
  expect(await desk.page.getByRole('dialog').count()).toBe(0)
  expect(await desk.button('Unlock').isVisible()).toBe(true)
})

test('a wrong password opens nothing, the right one opens the same day', async () => {
  await desk.password.fill('not the right password')
  await desk.press('Enter')
  await desk.page.getByText('This password does not open the data kept on this device.').waitFor()
  await desk.password.fill(clinic.server.password)
  await desk.press('Enter')
  await desk.grid.locator('[data-item]').first().waitFor()
})
