/** Who comes without a booking, by keyboard alone, and whom a freed time serves, on two desks. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one } from './support/server-tables.ts'

const TODAY = '2026-11-24'

let clinic: Clinic
let desk: Client
let other: Client
let names: readonly string[]

beforeAll(async () => {
  clinic = await openClinic()
  names = clinic.tables
    .all<{ name: string }>(
      `select name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and birth_date between '1960' and '1990'
       and not exists (select 1 from appointments x where x.patient_id = p.id)
       and not exists (select 1 from waitlist_entries w where w.patient_id = p.id)
       and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name limit 3`,
    )
    .map(({ name }) => name)
  desk = await clinic.newClient()
  other = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await other.logIn('admin', { isOwnDevice: true })
  await Promise.all([desk.untilLevel(), other.untilLevel()])
})
afterAll(() => clinic.close())

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
const nameOf = (index: number): string => one(names.slice(index), 'patient without visits')
type EntryRow = {
  readonly id: string
  readonly status: string
  readonly from_day: string
  readonly from_time: string | null
}
const entriesOf = (name: string): EntryRow[] =>
  clinic.tables.all<EntryRow>(
    'select w.* from waitlist_entries w join patients p on p.id = w.patient_id where p.name = ?',
    name,
  )

/** Types a name into the open panel and takes the patient. */
async function typePatient(name: string): Promise<void> {
  await desk.page.getByRole('combobox', { name: 'Patient' }).waitFor()
  await desk.page.keyboard.type(name.toLowerCase())
  await desk.page.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor()
  await desk.press('Enter')
}

test('W, a name and Control and Enter take a walk-in into the first free time, arrived', async () => {
  const name = nameOf(0)
  await desk.press('g', 'd', 'w')
  await typePatient(name)
  await desk.page.getByText(/^First free: \d\d:\d\d with Dr/).waitFor()
  await desk.press('Control+Enter')
  await onServer(() =>
    expect(clinic.tables.visits('p.name = ?', name)).toMatchObject([{ status: 'arrived', local_day: TODAY }]),
  )
  const [{ origin = '' } = {}] = clinic.tables.all<{ origin: string }>(
    'select a.origin from appointments a join patients p on p.id = a.patient_id where p.name = ?',
    name,
  )
  expect(origin).toBe('walk-in')
  expect(clinic.tables.overlaps()).toBe(0)
})

test('the queue keeps who waits for a time, on both desks, until they are taken in', async () => {
  const name = nameOf(1)
  await desk.press('Escape')
  await desk.goDays(0)
  await desk.press('w')
  await typePatient(name)
  await desk.page.getByText(/^First free: /).waitFor()
  await desk.button('Put in the queue').focus()
  await desk.press('Enter')
  await onServer(() => expect(entriesOf(name)).toMatchObject([{ status: 'waiting', from_day: TODAY }]))
  for (const client of [desk, other]) {
    const row = client.page.getByRole('region', { name: 'Walk-ins' }).getByRole('button', { name: new RegExp(name) })
    await row.getByText(/\d+ min/).waitFor()
  }
  await desk.page
    .getByRole('region', { name: 'Walk-ins' })
    .getByRole('button', { name: new RegExp(name) })
    .focus()
  await desk.press('Enter')
  await desk.page.getByText(/^First free: /).waitFor()
  await desk.press('Control+Enter')
  await onServer(() => expect(clinic.tables.visits('p.name = ?', name)).toMatchObject([{ status: 'arrived' }]))
  await onServer(() => expect(entriesOf(name)).toMatchObject([{ status: 'withdrawn' }]))
})

test('a time that one desk frees rises on the waitlist of the other, which books it at once', async () => {
  const name = nameOf(2)
  const visit = one(
    clinic.tables.visits(
      "a.local_day = '2026-12-01' and a.status = 'confirmed' and t.capacity = 1 and p.name glob '[A-Z][a-z]* [A-Z][a-z]*'",
    ),
    'visit of next week',
  )
  await desk.press('Escape', 'Escape')
  await desk.goDays(0)
  await desk.press('g', 'w')
  await desk.button('Add somebody').focus()
  await desk.press('Enter')
  await typePatient(name)
  await desk.page.getByRole('combobox', { name: 'Visit' }).fill(visit.type)
  await desk.press('Enter')
  await desk.button('Put on the list').focus()
  await desk.press('Enter')
  await onServer(() => expect(entriesOf(name)).toMatchObject([{ status: 'waiting' }]))

  await other.goDays(7)
  await other.card(visit.id).click()
  await other.press('x')
  await other.button('Cancel the visit').click()
  await onServer(() => expect(clinic.tables.visit(visit.id).status).toBe('cancelled'))

  const freed = desk.page.getByRole('region', { name: new RegExp(`${visit.local_start} with ${visit.doctor} is free`) })
  await freed.waitFor()
  await desk.page.locator('[aria-live]', { hasText: 'has become free' }).waitFor({ state: 'attached' })
  await freed.getByRole('button', { name: `Book for ${name}` }).click()
  await onServer(() =>
    expect(clinic.tables.visits('p.name = ?', name)).toMatchObject([
      { doctor_id: visit.doctor_id, start_at: visit.start_at, status: 'confirmed' },
    ]),
  )
  await onServer(() => expect(entriesOf(name)).toMatchObject([{ status: 'withdrawn' }]))
  expect(clinic.tables.overlaps()).toBe(0)
})
