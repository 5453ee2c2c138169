/** The patients of a clinic: found, read, changed, and what waits for a look at the desk. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one } from './support/server-tables.ts'

type PatientRow = { readonly id: string; readonly name: string; readonly phone: string; readonly birth_date: string }

let clinic: Clinic
let desk: Client
let patient: PatientRow

beforeAll(async () => {
  clinic = await openClinic()
  patient = one(
    clinic.tables.all<PatientRow>(
      `select * from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(phone) > 8 and birth_date is not null
       and exists (select 1 from appointments a where a.patient_id = p.id and a.local_day > '2026-11-25' and a.status = 'confirmed')
       and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name`,
    ),
    'patient with a visit ahead',
  )
  clinic.tables.put('likely_duplicates', twinRow())
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

/** Another patient, said to be perhaps the same person. */
function twinRow() {
  const other = one(
    clinic.tables.all<PatientRow>('select * from patients where id <> ? order by id', patient.id),
    'other',
  )
  const { clinic_id } = one(clinic.tables.all<{ clinic_id: string }>('select clinic_id from patients'), 'clinic')
  return {
    clinic_id,
    patient_id: patient.id,
    other_id: other.id,
    created_at: Date.now(),
    settled_at: null,
    settled_by: null,
  }
}

const person = () => desk.page.getByRole('article', { name: 'Patient' })
const field = () => desk.page.getByRole('combobox', { name: 'Find a patient' })
const soon = (check: () => unknown): Promise<void> =>
  vi.waitFor(async () => void (await check()), { timeout: PATIENCE_MS, interval: 100 })

/** To the screen and one person, by keyboard. */
async function openPerson(): Promise<void> {
  await desk.press('g', 'p')
  await field().waitFor()
  await field().fill(patient.name)
  await desk.page.getByRole('option').filter({ hasText: patient.name }).first().waitFor()
  await desk.press('Enter')
  await person().getByRole('heading', { name: patient.name }).waitFor()
}

describe('the list of patients', () => {
  test('has everybody, draws those in sight, and is walked by arrows and pages', async () => {
    await desk.press('g', 'p')
    await field().waitFor()
    const { count } = one(
      clinic.tables.all<{ count: number }>('select count(*) as count from patients where is_deleted = 0'),
      'count',
    )
    await desk.page.getByText(`${count} patients`).waitFor()
    expect(await desk.page.getByRole('option').count()).toBeLessThan(60)
    await desk.press('PageDown', 'PageDown', 'ArrowDown')
    const active = desk.page.locator('[role=option][aria-selected=true]')
    expect(Number(await active.getAttribute('aria-posinset'))).toBeGreaterThan(10)
    expect(await field().getAttribute('aria-activedescendant')).toBe(await active.getAttribute('id'))
  })

  test('says which records may be one person, until somebody has looked', async () => {
    await desk.page.getByRole('heading', { name: 'Perhaps in the list twice' }).waitFor()
    await desk.button(patient.name).waitFor()
    await desk.button('Take off the list').first().click()
    await soon(() => expect(clinic.tables.all('select 1 from likely_duplicates where settled_at is null')).toEqual([]))
  })
})

describe('a person', () => {
  test('is found by keyboard, with what is ahead', async () => {
    await openPerson()
    await person().getByText('Confirmed').first().waitFor()
  })

  test('gets another phone, which the server keeps', async () => {
    const phone = person().getByLabel('Phone', { exact: true })
    await phone.fill('07700 900001')
    await desk.press('Enter')
    await soon(() =>
      expect(clinic.tables.all('select phone from patients where id = ?', patient.id)).toEqual([
        { phone: '07700 900001' },
      ]),
    )
  })

  test('gets an alert, which stands at the top at once', async () => {
    await person().getByLabel('Alerts').fill('Needs a wheelchair')
    await person().getByRole('form', { name: 'Details' }).getByRole('button', { name: 'Save' }).click()
    await person().getByRole('paragraph').filter({ hasText: 'Needs a wheelchair' }).waitFor()
    await soon(() =>
      expect(clinic.tables.all('select alerts from patients where id = ?', patient.id)).toEqual([
        { alerts: '["Needs a wheelchair"]' },
      ]),
    )
  })

  test('is told on the ways they want', async () => {
    const messages = person().getByRole('form', { name: 'Messages' })
    await messages.getByRole('checkbox', { name: 'SMS' }).setChecked(false)
    await messages.getByRole('button', { name: 'Save' }).click()
    await soon(async () => expect(await messages.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true))
    await openPerson()
    await messages.getByRole('checkbox', { name: 'SMS' }).waitFor()
    expect(await messages.getByRole('checkbox', { name: 'SMS' }).isChecked()).toBe(false)
  })

  test('gets a code for their own app, shown once', async () => {
    await person().getByRole('button', { name: 'Make a link code' }).click()
    await person()
      .getByText(/Good once, until/)
      .waitFor()
  })

  test('has older visits with the server, which are read when they are asked for', async () => {
    await person().getByRole('button', { name: 'Show older visits' }).click()
    await person()
      .getByText(/in all visits on record/)
      .waitFor()
  })

  test('is booked by one key from there', async () => {
    await desk.page.locator('#patients-visits').click()
    await desk.press('b')
    await desk.page.getByRole('form', { name: 'Book' }).getByText(patient.name).first().waitFor()
    await desk.press('Escape')
  })
})

describe('axe finds nothing', () => {
  test('on a person’s page and on what waits beside the list', async () => {
    await openPerson()
    expect(await findingsOf(desk)).toEqual([])
    await desk.press('Escape')
    await desk.page.getByRole('heading', { name: 'Answers to look at' }).waitFor()
    expect(await findingsOf(desk)).toEqual([])
  })
})

describe('without the server', () => {
  test('the list and the person are there, and each thing that is not says so', async () => {
    await clinic.server.stop()
    await desk.untilOffline()
    await openPerson()
    await person().getByText('Older visits are with the server and can be seen once it answers.').waitFor()
    await person()
      .getByText(/^Codes and invitations need the server/)
      .waitFor()
    await person().getByLabel('Phone', { exact: true }).fill('07700 900002')
    await person()
      .getByText(/^Offline: kept on this computer/)
      .waitFor()
  })
})
