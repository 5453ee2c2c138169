/** A full time that is booked all the same, by keyboard alone, by whoever may. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const REASON = 'Sent over from the walk-in clinic'
const SOON = { timeout: PATIENCE_MS, interval: 100 }

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

const form = ({ page }: Client) => page.getByRole('form', { name: 'Book' })
const anyway = (client: Client) => form(client).getByRole('radio', { name: /That time is taken\. Book it anyway/ })
const why = (client: Client) => form(client).getByRole('textbox', { name: 'Why overbook' })
const readBack = (client: Client) => form(client).locator('footer p').first()

const signIn = async (role: 'reception' | 'doctor'): Promise<Client> => {
  const client = await clinic.newClient()
  await client.logIn(role, { isOwnDevice: true })
  await client.untilLevel()
  return client
}

/** One of tomorrow's visits that nobody else can have a place in. */
const taken = (where: string): VisitRow =>
  one(
    clinic.tables.visits(
      `a.status in ('pending', 'confirmed') and a.local_day = '2026-11-25' and t.capacity = 1 and ${where}`,
    ),
    'booked visit',
  )

/** The one who signs in. */
const ownDoctor = (): string =>
  one(
    clinic.tables.all<{ id: string }>(
      'select d.id from doctors d join users u on u.id = d.user_id where u.email = ?',
      clinic.server.login('doctor'),
    ),
    'doctor who signs in',
  ).id

/** Somebody without a visit, whose name nobody else has. */
const somebodyFree = (): { readonly id: string; readonly name: string } =>
  one(
    clinic.tables.all<{ id: string; name: string }>(
      `select * from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 14
       and not exists (select 1 from appointments a where a.patient_id = p.id)
       and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name`,
    ),
    'patient without a visit',
  )

/** Opens the panel and asks for the time that the visit has, by words. */
async function askFor(client: Client, patient: string, visit: VisitRow): Promise<void> {
  const { page } = client
  await client.press('Escape', 'g', 'd', 'b')
  await client.choosePatient(patient)
  await page.getByLabel('With', { exact: true }).first().fill(visit.doctor)
  await page.getByRole('option', { name: visit.doctor }).waitFor()
  await client.press('Enter')
  await page.getByLabel('Wished time').fill(`25.11. ${visit.local_start}`)
  await form(client).getByText('That time is taken').waitFor()
}

describe('reception is asked for a time that is taken', () => {
  let desk: Client
  let visit: VisitRow
  let patient: { readonly id: string; readonly name: string }
  const booked = () =>
    clinic.tables.all<{ id: string; doctor_id: string; start_at: number; status: string; overbook_reason: string }>(
      'select id, doctor_id, start_at, status, overbook_reason from appointments where patient_id = ?',
      patient.id,
    )
  beforeAll(async () => {
    desk = await signIn('reception')
    visit = taken(`a.doctor_id = '${ownDoctor()}'`)
    patient = somebodyFree()
    await askFor(desk, patient.name, visit)
  })

  test('and a free time is chosen all the same, until the full one is', async () => {
    await anyway(desk).waitFor()
    expect(await anyway(desk).isChecked()).toBe(false)
    expect(await why(desk).count()).toBe(0)
  })

  test('and books it only once it is said why', async () => {
    await desk.press('Alt+0')
    await readBack(desk)
      .filter({ hasText: `${visit.doctor}, overbooked.` })
      .waitFor()
    await expect.poll(() => why(desk).evaluate((field) => field === document.activeElement), SOON).toBe(true)
    await form(desk).getByText('Say why it is overbooked.').waitFor()
    expect(await form(desk).getByRole('button', { name: /^Book/ }).isDisabled()).toBe(true)
    await desk.press('Control+Enter')
    await desk.page.keyboard.type(`${REASON} `)
    expect(booked()).toEqual([])
    await form(desk).getByText('Say why it is overbooked.').waitFor({ state: 'detached' })
    await desk.press('Control+Enter')
    await form(desk).waitFor({ state: 'detached' })
    await vi.waitFor(
      () =>
        expect(booked()).toMatchObject([
          {
            doctor_id: visit.doctor_id,
            start_at: visit.start_at,
            status: 'confirmed',
            overbook_reason: REASON,
          },
        ]),
      SOON,
    )
  })

  test('and finds both on the board, the second one marked, with its reason', async () => {
    await desk.untilLevel()
    const { id } = one(booked(), 'overbooked visit')
    await desk.card(visit.id).waitFor()
    await desk.card(id).waitFor()
    await expect.poll(() => desk.spoken(id), SOON).toContain('Overbooked')
    expect(await desk.spoken(visit.id)).not.toContain('Overbooked')
    await desk.card(id).click()
    await desk.page.getByRole('article', { name: 'Visit' }).getByText(REASON).waitFor()
  })
})

test('a doctor, who may not overbook, is told that the time is taken and offered nothing', async () => {
  const doctor = await signIn('doctor')
  const own = ownDoctor()
  const visit = taken(`a.doctor_id = '${own}'`)
  const patient = one(
    clinic.tables.visits(
      'a.doctor_id = ? and a.local_day < ? and p.name glob ?',
      own,
      '2026-11-24',
      '[A-Z][a-z]* [A-Z][a-z]*',
    ),
    'patient',
  )
  await askFor(doctor, patient.name, visit)
  await form(doctor).getByRole('radio').first().waitFor()
  expect(await anyway(doctor).count()).toBe(0)
  await doctor.press('Alt+0')
  expect(await why(doctor).count()).toBe(0)
})
