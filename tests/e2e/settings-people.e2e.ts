/** People, roles and devices: an administrator changes them, and those who are meant see it on their open screens. */
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

const userOf = (role: string) =>
  one(
    clinic.tables.all<{ id: string; name: string }>('select id, name from users where email = ?', `${role}@demo.test`),
    role,
  )
const cell = (permission: RegExp, role: string) =>
  settings.main.getByRole('row', { name: permission }).getByRole('combobox', { name: new RegExp(`${role}$`) })

describe('roles', () => {
  test('what a change comes to is said in sentences, and only then saved', async () => {
    await settings.open('Roles')
    await cell(/^See reports and their figures/, 'receptionist').selectOption('whole clinic')
    await cell(/^Book appointments/, 'receptionist').selectOption('no')
    const difference = settings.main.getByRole('region', { name: 'What changes' })
    expect(await difference.getByRole('listitem').allTextContents()).toEqual([
      'Book appointments: whole clinic before, no longer now.',
      'See reports and their figures: not before, now whole clinic.',
    ])
    await difference.getByRole('button', { name: 'Take the changes back' }).click()
    await difference.waitFor({ state: 'detached' })
  })

  test('“see as” shows the screens and commands a role has, changes of the table included', async () => {
    await admin.button('See as receptionist').click()
    const panel = settings.main.getByRole('region', { name: 'See as receptionist' })
    await panel.getByText('New booking', { exact: true }).waitFor()
    expect(await panel.getByText('Reports', { exact: true }).count()).toBe(0)
    await cell(/^Book appointments/, 'receptionist').selectOption('no')
    await panel.getByText('New booking', { exact: true }).waitFor({ state: 'detached' })
    await cell(/^See reports and their figures/, 'receptionist').selectOption('whole clinic')
    await panel.getByText('Reports', { exact: true }).waitFor()
    await admin.press('Escape')
    await panel.waitFor({ state: 'detached' })
  })

  test('saved, a command leaves the open screen of reception and another comes, without a new sign-in', async () => {
    const desk = await clinic.newClient()
    await desk.logIn('reception')
    await desk.untilLevel()
    const rail = desk.page.getByRole('navigation', { name: 'Screens' })
    await desk.button(/^Book/).waitFor()
    expect(await rail.getByRole('button', { name: 'Reports' }).count()).toBe(0)
    await settings.save()
    await desk.button(/^Book/).waitFor({ state: 'detached', timeout: 15_000 })
    await rail.getByRole('button', { name: 'Reports' }).waitFor({ timeout: 15_000 })
    expect(clinic.tables.all("select action from audit_log where action = 'role-changed'").length).toBe(1)
  })

  test('a role is added like another one, and one that nobody has goes again', async () => {
    await admin.button('Add a role').click()
    await settings.field('Name of the role').fill('night desk')
    await settings.choose('Begins like', 'receptionist')
    await settings.main.getByRole('button', { name: 'Add', exact: true }).click()
    await admin.button('See as night desk').click()
    await settings.main.getByRole('button', { name: 'Remove this role' }).click()
    await settings.main.getByRole('button', { name: 'Remove this role' }).click()
    await admin.button('See as night desk').waitFor({ state: 'detached' })
  })
})

describe('people', () => {
  test('are found by name and by role', async () => {
    await settings.open('People')
    await settings.choose('Role', 'receptionist')
    const rows = settings.main.getByRole('table').first().locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(1)
    await settings.field('Name or e-mail').fill('nobody of this name')
    await settings.main.getByText('Nobody matches.').waitFor()
    await settings.field('Name or e-mail').fill('')
  })

  test('an administrator who is the last one cannot be switched off, and the screen says why', async () => {
    await settings.choose('Role', 'admin')
    const { name } = userOf('admin')
    await admin.button(`Open: ${name}`).click()
    await settings.main.getByRole('switch', { name: 'May sign in' }).focus()
    await admin.press('Space')
    await settings.save()
    await settings.main.getByText('Somebody must be left who can sign in and manage people and roles.').waitFor()
    await admin.press('Escape')
  })

  test('a right beside the roles reaches the open screen; signing out everywhere ends it', async () => {
    const desk = await clinic.newClient()
    await desk.logIn('reception')
    await desk.untilLevel()
    await settings.choose('Role', 'receptionist')
    await admin.button(`Open: ${userOf('reception').name}`).click()
    await settings.choose('Another right', 'See who did and who saw what.')
    await settings.main.getByRole('button', { name: 'Give', exact: true }).click()
    await settings.save()
    await settings.main.getByText('Saved.').waitFor()
    const rail = desk.page.getByRole('navigation', { name: 'Screens' })
    await rail.getByRole('button', { name: 'Activity monitor' }).waitFor({ timeout: 15_000 })
    await settings.main.getByRole('button', { name: 'Sign out everywhere' }).click()
    await settings.main.getByRole('button', { name: 'Sign out now' }).click()
    await settings.main.getByText('Nowhere at the moment.').waitFor()
    await desk.page.getByText(/^The server has signed you out/).waitFor()
  })

  test('somebody is invited, and the invitation is taken back', async () => {
    await admin.press('Escape')
    await admin.button('Invite somebody').click()
    const form = settings.main.getByRole('form', { name: 'Invite somebody' })
    await form.getByLabel('Name').fill('Nora Neumann')
    await form.getByLabel('E-mail').fill('nora@clinic.example')
    await settings.choose('Roles', 'receptionist')
    await admin.press('Escape')
    await form.getByRole('button', { name: 'Send the invitation' }).click()
    const invited = settings.main.getByRole('region', { name: 'Invited, not yet here' })
    await invited.getByText('nora@clinic.example').waitFor()
    await invited.getByRole('button', { name: 'Take back: Nora Neumann' }).click()
    await invited.getByRole('button', { name: 'Take back', exact: true }).click()
    await invited.waitFor({ state: 'detached' })
  })
})

describe('devices', () => {
  test('one that is lost is shut out, and says so itself', async () => {
    const desk = await clinic.newClient()
    await desk.logIn('doctor')
    await desk.untilLevel()
    await settings.open('Devices')
    const row = settings.main.getByRole('row').filter({ hasText: userOf('doctor').name })
    await row.getByRole('button', { name: /^Take access away/ }).click()
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Take away now' }).click()
    await row.getByText(/^no access since/).waitFor()
    await desk.page.getByText(/^The clinic has taken away this computer’s access/).waitFor()
  })
})
