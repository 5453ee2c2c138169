/** A device is taken from the clinic: it hands in what it had not sent, or erases at once, and keeps nothing. */
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { clinicDatabases, readKept } from './support/browser-storage.ts'
import { type Client, PATIENCE_MS, type Tab } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one } from './support/server-tables.ts'
import { type Settings, settingsOf } from './support/settings-of.ts'

const NOTE = 'The lift is out of order'
const LATE = 'Ask for the blue folder'

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

const nameOf = (role: string): string =>
  one(clinic.tables.all<{ name: string }>('select name from users where email = ?', `${role}@demo.test`), role).name

async function anOwnDevice(role: 'reception' | 'doctor'): Promise<Client> {
  const client = await clinic.newClient()
  await client.logIn(role, { isOwnDevice: true })
  await client.untilLevel()
  await client.page.evaluate(() => navigator.serviceWorker.ready)
  return client
}

/** Writes a day note while there is no network. */
async function noteOffline(client: Client, words: string): Promise<void> {
  await client.context.setOffline(true)
  await client.untilOffline()
  await client.press('o')
  await client.page.getByRole('form', { name: 'Day note' }).getByRole('textbox', { name: 'Note' }).fill(words)
  await client.press('Control+Enter')
  await client.pill.getByText('1 to send').waitFor()
}

/** Read anew. */
async function openDevices(): Promise<void> {
  await settings.open('People')
  await settings.open('Devices')
}

/** @param way how it is called in the dialog */
async function revoke(role: 'reception' | 'doctor', way: 'Hand in first' | 'Wipe now'): Promise<void> {
  await openDevices()
  const row = settings.main
    .getByRole('row')
    .filter({ hasText: nameOf(role) })
    .filter({ has: admin.page.getByRole('button', { name: /^Take access away/ }) })
  await row.getByRole('button').click()
  const dialog = admin.page.getByRole('dialog')
  expect(await dialog.getByRole('radio', { name: 'Hand in first' }).isChecked()).toBe(true)
  await dialog.getByRole('radio', { name: way }).check()
  await dialog.getByRole('button', { name: 'Take away now' }).click()
  await dialog.waitFor({ state: 'detached' })
  await row.waitFor({ state: 'detached' })
}

const said = ({ page }: Pick<Tab, 'page'>, words: RegExp): Promise<void> => page.getByText(words).waitFor()
/** Every row of the local databases. */
const keptBy = async ({ page }: Pick<Tab, 'page'>) =>
  clinicDatabases(await readKept(page)).flatMap(({ stores }) => Object.values(stores).flat())
const handedIn = (words: string): Locator =>
  settings.main
    .getByRole('region', { name: 'Handed in by removed devices' })
    .getByRole('row')
    .filter({ hasText: words })

test('one that comes back with an unsent note hands it in, keeps nothing, and the note stands in the list alone', async () => {
  const desk = await anOwnDevice('reception')
  await noteOffline(desk, NOTE)
  await revoke('reception', 'Hand in first')
  await desk.context.setOffline(false)
  await said(desk, /1 unsent change was handed in to the clinic/)
  await desk.page.getByLabel('E-mail').waitFor()
  expect(await keptBy(desk)).toEqual([])
  expect(clinic.tables.all('select id from day_notes where text = ?', NOTE)).toEqual([])
  await openDevices()
  await handedIn(NOTE).getByText(nameOf('reception')).first().waitFor()
  await handedIn(NOTE).getByRole('button', { name: 'Dealt with' }).click()
  await handedIn(NOTE)
    .getByText(/^dealt with by/)
    .waitFor()
})

test('one that was closed asks for the password once more, and hands in then', async () => {
  const desk = await anOwnDevice('doctor')
  await noteOffline(desk, LATE)
  await desk.page.close()
  await revoke('doctor', 'Hand in first')
  await desk.context.setOffline(false)
  const tab = await desk.newTab()
  await said(tab, /Enter your password once more/)
  expect(await keptBy(tab)).not.toEqual([])
  await tab.unlock()
  await said(tab, /1 unsent change was handed in to the clinic/)
  expect(await keptBy(tab)).toEqual([])
  await openDevices()
  await handedIn(LATE).waitFor()
})

test('one that is to wipe at once does so at its next start, before anybody signs in', async () => {
  const desk = await anOwnDevice('doctor')
  await noteOffline(desk, 'Never to be seen')
  await desk.page.close()
  await revoke('doctor', 'Wipe now')
  await desk.context.setOffline(false)
  const tab = await desk.newTab()
  await said(tab, /What was kept here has been erased, as the clinic asked/)
  await vi.waitFor(async () => expect(await keptBy(tab)).toEqual([]), { timeout: PATIENCE_MS })
  const stored = JSON.stringify(clinic.tables.all('select attempted from handed_in_changes'))
  expect(stored).toContain(NOTE)
  expect(stored).not.toContain('Never to be seen')
})
