/** What a clinic is made of, changed in the settings and seen at once at the desks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one } from './support/server-tables.ts'
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

describe('appointment types', () => {
  test('a fault is named beside its field, with the rule', async () => {
    await settings.open('Appointment types')
    await admin.button('Add a type').click()
    await settings.field('Length, minutes').fill('2000')
    await settings.save()
    await settings.main.getByText('Name is needed.').waitFor()
    await settings.main.getByText('Length must be at most 1440.').waitFor()
    expect(await settings.field('Name').evaluate((input) => input === document.activeElement)).toBe(true)
  })

  test('a new one can be booked at a desk that was open before', async () => {
    const desk = await clinic.newClient()
    await desk.logIn('reception')
    await desk.untilLevel()
    await settings.field('Name').fill('Travel advice')
    await settings.field('Code').fill('TRAVEL')
    await settings.field('Length, minutes').fill('20')
    await settings.save()
    await settings.main.getByRole('row', { name: /^Travel advice/ }).waitFor()
    await desk.goDays(0)
    await desk.press('b')
    await desk.choosePatient(one(clinic.tables.all<{ name: string }>('select name from patients'), 'patient').name)
    await desk.page
      .getByText(/Travel advice/)
      .first()
      .waitFor({ state: 'attached', timeout: 15_000 })
  })

  test('of two administrators who change the same, the second one is shown what differs and decides', async () => {
    const other = await clinic.newClient()
    await other.logIn('admin')
    const theirs = settingsOf(other)
    await theirs.open('Appointment types')
    await theirs.change('Travel advice')
    await settings.change('Travel advice')
    await theirs.field('Length, minutes').fill('30')
    await theirs.save()
    await theirs.main.getByRole('row', { name: /^Travel advice/ }).waitFor()
    await settings.field('Code').fill('TRIP')
    await settings.save()
    const warning = settings.main.getByRole('alert')
    await warning.getByText('Length: they saved “30 minutes”, you have “20 minutes”').waitFor()
    await warning.getByText('Code: they saved “TRAVEL”, you have “TRIP”').waitFor()
    await admin.button('Take theirs').click()
    expect(await settings.field('Length, minutes').inputValue()).toBe('30')
    await settings.field('Code').fill('TRIP')
    await settings.save()
    await settings.main.getByRole('row', { name: /^Travel advice/ }).waitFor()
    const [row] = clinic.tables.all("select code, duration_minutes from appointment_types where name = 'Travel advice'")
    expect(row).toEqual({ code: 'TRIP', duration_minutes: 30 })
  })
})

describe('doctors, rooms and places', () => {
  test('a place, a room in it and a doctor are added, and the doctor stands on an open board', async () => {
    const desk = await clinic.newClient()
    await desk.logIn('reception')
    await desk.untilLevel()
    await settings.open('Rooms and places')
    await settings.main.getByRole('tab', { name: 'Places' }).click()
    await admin.button('Add a place').click()
    await settings.field('Name').fill('Harbour branch')
    await settings.save()
    await settings.main.getByRole('row', { name: /^Harbour branch/ }).waitFor()
    await settings.main.getByRole('tab', { name: 'Rooms' }).click()
    await admin.button('Add a room').click()
    await settings.field('Name').fill('Harbour 1')
    await settings.choose('Place', 'Harbour branch')
    await settings.save()
    await settings.main.getByRole('row', { name: /^Harbour 1 .*Harbour branch/ }).waitFor()
    await settings.open('Doctors')
    await admin.button('Add a doctor').click()
    await settings.field('Name').fill('Dr Hanna Hafen')
    await settings.field('Specialty').fill('Dermatology')
    await settings.save()
    await settings.main.getByRole('row', { name: /^Dr Hanna Hafen/ }).waitFor()
    await desk.grid
      .getByRole('columnheader', { name: /Dr Hanna Hafen/ })
      .waitFor({ state: 'attached', timeout: 15_000 })
  })
})

describe('days off', () => {
  test('say which booked visits they strand before anything is closed, and nothing is cancelled', async () => {
    await settings.open('Days off')
    await admin.button('Add days off').click()
    await settings.field('Name').fill('Works outing')
    await settings.field('First day').fill('2026-12-01')
    await settings.field('Last day').fill('2026-12-01')
    await admin.button('Look what it does').click()
    await settings.main.getByText(/booked visits? falls? on these days:/).waitFor()
    expect(clinic.tables.all("select id from closures where name = 'Works outing'")).toEqual([])
    const before = clinic.tables.visits("a.local_day = '2026-12-01' and a.status = 'cancelled'").length
    await admin.button('Close on this day').click()
    const row = settings.main.getByRole('row', { name: /^Works outing/ })
    await row.getByText('Tuesday 1 December 2026').waitFor()
    expect(clinic.tables.visits("a.local_day = '2026-12-01' and a.status = 'cancelled'")).toHaveLength(before)
    await row.getByRole('button', { name: 'Open again: Works outing' }).click()
    await row.getByRole('button', { name: 'Open again', exact: true }).click()
    await row.waitFor({ state: 'detached' })
  })

  test('come as a pasted list too; a line that cannot be read is told by its number', async () => {
    await admin.button('Add days off').click()
    await settings.field('Or paste a list').fill('2027-12-25 Christmas Day\n2027-13-01 Nothing')
    await settings.main.getByText('These lines cannot be read: 2').waitFor()
    await settings.field('Or paste a list').fill('2027-12-25 Christmas Day\n2028-01-01 New Year')
    await admin.button('Look what it does').click()
    await settings.main.getByText('No booked visit falls on these days.').waitFor()
    await admin.button('Close on these 2 entries').click()
    await settings.main.getByRole('row', { name: /^Christmas Day/ }).waitFor()
    await settings.main.getByRole('row', { name: /^New Year/ }).waitFor()
  })
})

describe('policies', () => {
  test('are saved together, with bounds named in words', async () => {
    await settings.open('Clinic policies')
    await settings.field('A time is held for, seconds').fill('5')
    await settings.field('Phone for patients').fill('020 7946 0000')
    await settings.save()
    await settings.main.getByText('A time is held for must be at least 10.').waitFor()
    await settings.field('A time is held for, seconds').fill('90')
    await settings.save()
    await settings.main.getByText('Saved.').waitFor()
    const [row] = clinic.tables.all<{ policies: string }>('select policies from clinics')
    expect(JSON.parse(row?.policies ?? '{}')).toMatchObject({ holdSeconds: 90, phone: '020 7946 0000' })
  })
})
