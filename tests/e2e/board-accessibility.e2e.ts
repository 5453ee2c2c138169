/** The views of the board and its panels under axe, in light and dark. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'

let clinic: Clinic
let desk: Client

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
  await desk.grid.locator('[data-item]').first().waitFor()
})
afterAll(() => clinic.close())

test('axe finds nothing on the week, the month and the list', async () => {
  await desk.press('g', 'd', 'v', 'w')
  await desk.page.getByRole('grid', { name: /week of/ }).waitFor()
  expect(await findingsOf(desk)).toEqual([])
  await desk.press('v', 'm')
  await desk.page
    .getByText(/\d+ booked/)
    .first()
    .waitFor()
  expect(await findingsOf(desk)).toEqual([])
  await desk.press('v', 'l')
  await desk.page.getByRole('table').waitFor()
  expect(await findingsOf(desk)).toEqual([])
})

test('axe finds nothing on the choice of columns', async () => {
  await desk.page.getByRole('button', { name: /^Columns and row height/ }).click()
  await desk.page.getByRole('dialog', { name: 'Columns and row height' }).waitFor()
  expect(await findingsOf(desk, '[role="dialog"]')).toEqual([])
  await desk.press('Escape')
})

test('axe finds nothing on the walk-in panel and on the waitlist with its form', async () => {
  await desk.press('v', 'd', 'w')
  await desk.page.getByRole('form', { name: 'Walk-in' }).waitFor()
  expect(await findingsOf(desk, 'aside')).toEqual([])
  await desk.press('Escape')
  await desk.press('g', 'w')
  await desk.button('Add somebody').waitFor()
  expect(await findingsOf(desk, 'aside')).toEqual([])
  await desk.button('Add somebody').click()
  await desk.page.getByRole('form', { name: 'What they can use' }).waitFor()
  expect(await findingsOf(desk, 'aside')).toEqual([])
})
