/** The import wizard: a file is looked at, written while one watches, and adds nothing when it is brought again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VITORIA_COLUMNS } from '#domain/import/vitoria-row.ts'
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
  await settings.open('Import')
})
afterAll(() => clinic.close())

const row = (index: number, age: string): string =>
  `${index},${9000 + index},F,2016-04-29T18:38:08Z,2016-05-03T00:00:00Z,${age},CENTRO,No`
const bring = async (name: string, text: string): Promise<void> => {
  const buffer = Buffer.from(text)
  await admin.page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer })
}
const imported = (): unknown[] => clinic.tables.all("select id from appointments where origin = 'import'")
const GOOD = [VITORIA_COLUMNS.join(','), row(1, '40'), row(2, '41'), row(3, 'old')].join('\n')

test('a file of no known kind is told what it lacks', async () => {
  await bring('other.csv', 'PatientId,Gender\n1,F\n')
  await settings.main
    .getByText(/^This is no file of a known kind. For “vitoria-no-show” it lacks: AppointmentID/)
    .waitFor()
  expect(await settings.main.getByRole('button', { name: 'Look what it comes to' }).isDisabled()).toBe(true)
})

test('a file that is chosen before the server has said which kinds there are is recognised when it has', async () => {
  await settings.open('Devices')
  let answer = (): void => undefined
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await admin.page.route(/\/imports\/mappings/, async (route) => {
    await held
    await route.continue()
  })
  await settings.open('Import')
  await bring('visits.csv', GOOD)
  await settings.main.getByText('visits.csv').waitFor()
  answer()
  await expect.poll(() => settings.main.getByRole('button', { name: 'Look what it comes to' }).isEnabled()).toBe(true)
  await admin.page.unroute(/\/imports\/mappings/)
})

test('a good one is recognised, and nothing is written before it is said so', async () => {
  await bring('visits.csv', GOOD)
  await settings.main.getByRole('button', { name: 'Look what it comes to' }).click()
  await settings.main.getByRole('heading', { name: 'What the file comes to' }).waitFor()
  await settings.main.getByText('2 visits', { exact: true }).waitFor()
  await settings.main.getByRole('row', { name: '4 Age No whole number' }).waitFor()
  expect(imported()).toEqual([])
  expect(await findingsOf(admin, 'main')).toEqual([])
})

test('the rows that stay out are saved as a file', async () => {
  const saving = admin.page.waitForEvent('download')
  await settings.main.getByRole('button', { name: 'Save as a file' }).click()
  expect((await saving).suggestedFilename()).toBe('import-problems.csv')
})

/** The section is called so too. */
const importButton = () => settings.main.getByRole('button', { name: 'Import', exact: true }).last()

test('it is written, and brought again it adds nothing', async () => {
  await importButton().click()
  await settings.main.getByRole('heading', { name: 'The import is done' }).waitFor()
  await settings.main.getByText('2 visits added').waitFor()
  expect(imported()).toHaveLength(2)
  await settings.main.getByRole('button', { name: 'Another file' }).click()
  await bring('visits.csv', GOOD)
  await settings.main.getByRole('button', { name: 'Look what it comes to' }).click()
  await settings.main.getByRole('heading', { name: 'What the file comes to' }).waitFor()
  await importButton().click()
  await settings.main.getByText('2 were there already').waitFor()
  expect(imported()).toHaveLength(2)
})
