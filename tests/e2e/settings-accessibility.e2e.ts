/** Every section of the settings and every form in them under axe, in light and dark. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { type Settings, settingsOf } from './support/settings-of.ts'

let clinic: Clinic
let admin: Client
let settings: Settings

beforeAll(async () => {
  clinic = await openClinic()
  admin = await clinic.newClient()
  await admin.logIn('admin')
  settings = settingsOf(admin)
})
afterAll(() => clinic.close())

/** A hundred lists are much to look through for a busy machine. */
const SLOW = { timeout: 400_000 }

const first = (name: RegExp) => settings.main.getByRole('button', { name }).first()

test('people, one of them open, and an invitation', SLOW, async () => {
  await settings.open('People')
  await first(/^Open: /).click()
  await settings.main.getByRole('heading', { name: 'Signed in on' }).waitFor()
  expect(await findingsOf(admin)).toEqual([])
  await admin.press('Escape')
  await first(/^Invite somebody/).click()
  expect(await findingsOf(admin, 'main')).toEqual([])
})

test('roles with a change and the view of one', SLOW, async () => {
  await settings.open('Roles')
  await settings.main.getByRole('combobox').first().selectOption('no')
  await first(/^See as /).click()
  await settings.main.getByRole('region', { name: 'What changes' }).waitFor()
  expect(await findingsOf(admin, 'main')).toEqual([])
  await settings.main.getByRole('button', { name: 'Take the changes back' }).click()
})

test('devices', async () => {
  await settings.open('Devices')
  await settings.main.getByRole('table').waitFor()
  expect(await findingsOf(admin, 'main')).toEqual([])
})

for (const [section, add] of [
  ['Doctors', 'Add a doctor'],
  ['Appointment types', 'Add a type'],
  ['Rooms and places', 'Add a room'],
  ['Days off', 'Add days off'],
] as const) {
  test(`${section}: the list, and a form with its faults`, async () => {
    await settings.open(section)
    await admin.button(add).waitFor()
    expect(await findingsOf(admin, 'main')).toEqual([])
    await admin.button(add).click()
    if (section !== 'Days off') await settings.save()
    expect(await findingsOf(admin, 'main')).toEqual([])
  })
}

test('policies', async () => {
  await settings.open('Clinic policies')
  await settings.field('Phone for patients').waitFor()
  expect(await findingsOf(admin, 'main')).toEqual([])
})
