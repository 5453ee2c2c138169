/** Two desks, one of which loses its network: what it books into a time it keeps stands, and what is taken back from it does not. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { instantOf, one } from './support/server-tables.ts'

/** Tomorrow, by the demo's clock. */
const DAY = '2026-11-25'
const HALF_AN_HOUR_MS = minutes(30)
const SOON = { timeout: PATIENCE_MS, interval: 100 }

type Lease = { readonly id: string; readonly doctor_id: string; readonly start_at: number; readonly status: string }
type Person = { readonly id: string; readonly name: string }

let clinic: Clinic
/** Loses its network; signed in as the receptionist. */
let a: Client
/** Stays online; signed in as the administrator. */
let b: Client
let leases: readonly Lease[]
let people: readonly Person[]

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, SOON)
const form = ({ page }: Client) => page.getByRole('form', { name: 'Book' })
const note = ({ grid }: Client) =>
  grid.locator(`[data-column="${lease(0).doctor_id}"]`).getByText(/^Kept for Robin Reception, /)
const person = (index: number): Person => one(people.slice(index), 'patient')
const lease = (index: number): Lease => one(leases.slice(index), 'lease')
const minuteOf = ({ start_at }: Lease): number => (start_at - instantOf(DAY, 0)) / 60_000
const statusOf = ({ id }: Lease): string =>
  one(clinic.tables.all<Lease>('select * from allotments where id = ?', id), 'lease').status
const visitOf = ({ id }: Person) => one(clinic.tables.visits('a.patient_id = ?', id), 'visit')
const keptBy = (name: string): Lease[] =>
  clinic.tables.all<Lease>(
    `select * from allotments where date = ? and held_by_name = ? and status = 'open' order by doctor_id, start_at`,
    DAY,
    name,
  )

async function pointAt(client: Client, kept: Lease): Promise<void> {
  await client.pointToSlot(kept.doctor_id, minuteOf(kept))
  await client.press('Enter')
  await form(client).waitFor()
}

async function book(client: Client, kept: Lease, { name }: Person): Promise<void> {
  await pointAt(client, kept)
  await client.choosePatient(name)
  await form(client)
    .getByText(new RegExp(`^${name}, .* ${timeOfMinute(minuteOf(kept))} with `))
    .waitFor()
}

beforeAll(async () => {
  clinic = await openClinic()
  people = clinic.tables.all<Person>(
    `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 14
     and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) limit 3`,
  )
  a = await clinic.newClient()
  b = await clinic.newClient()
  await a.logIn('reception', { isOwnDevice: true })
  await b.logIn('admin', { isOwnDevice: true })
  await Promise.all([a.untilLevel(), b.untilLevel()])
  await onServer(() => expect(keptBy('Robin Reception').length).toBeGreaterThan(1))
  // What was called off stands there still, and would be clicked on.
  const isBare = ({ doctor_id, start_at }: Lease): boolean => {
    const cards = clinic.tables.visits('a.doctor_id = ? and a.local_day = ?', doctor_id, DAY)
    const from = start_at - (start_at % HALF_AN_HOUR_MS)
    return !cards.some((card) => card.start_at < start_at + HALF_AN_HOUR_MS && card.end_at > from)
  }
  // Where the board's cursor can stand.
  leases = keptBy('Robin Reception').filter((kept) => isBare(kept) && minuteOf(kept) % 15 === 0)
  for (const client of [a, b]) await client.goDays(1)
})
afterAll(() => clinic.close())

test('the other desk sees what is kept and for whom, and is not offered it', async () => {
  await note(b).first().waitFor()
  expect(await note(a).count()).toBe(0)
  await pointAt(b, lease(0))
  await form(b).getByText('That time is kept for somebody').waitFor()
  await b.press('Escape')
  await form(b).waitFor({ state: 'detached' })
})

test('without the server a booking in a kept time is certain, and says so', async () => {
  await a.context.setOffline(true)
  await a.untilOffline()
  await book(a, lease(0), person(0))
  await form(a).getByText('Kept for this computer').first().waitFor()
  await form(a)
    .getByText(/the booking is certain/)
    .waitFor()
  expect(await findingsOf(a, 'form')).toEqual([])
  await a.press('Control+Enter')
  await form(a).waitFor({ state: 'detached' })
  await a.grid
    .locator(`[data-column="${lease(0).doctor_id}"]`)
    .getByText('Certain')
    .first()
    .waitFor({ state: 'attached' })
  await book(a, lease(1), person(1))
  await a.press('Control+Enter')
  await form(a).waitFor({ state: 'detached' })
})

test('whoever may takes a time back by keyboard, told when its computer was last heard of, and books it', async () => {
  const time = timeOfMinute(minuteOf(lease(1)))
  const name = one(
    clinic.tables.all<Person>('select id, name from doctors where id = ?', lease(1).doctor_id),
    'doctor',
  ).name
  const list = b.page.locator('details').filter({ hasText: 'kept for outages' })
  await list.locator('summary').focus()
  await b.press('Enter')
  const row = list
    .locator('li')
    .filter({ hasText: time })
    .filter({ hasText: name })
    .filter({ hasText: 'Robin Reception' })
  await row.getByRole('button', { name: /^Take back/ }).focus()
  await b.press('Enter')
  await row.getByText(/was last heard of: .* will lose it\.$/).waitFor()
  expect(await findingsOf(b)).toEqual([])
  await row.getByRole('button', { name: 'Take back', exact: true }).focus()
  await b.press('Enter')
  await onServer(() => expect(statusOf(lease(1))).toBe('taken-back'))
  await row.waitFor({ state: 'detached' })
  await book(b, lease(1), person(2))
  await b.press('Control+Enter')
  await form(b).waitFor({ state: 'detached' })
  await onServer(() => expect(visitOf(person(2)).holds_time).toBe(1))
})

test('back online, the booking in the kept time stands and the one that was taken back is unplaced', async () => {
  await a.context.setOffline(false)
  await a.hurry()
  await onServer(() => expect(statusOf(lease(0))).toBe('used'))
  await onServer(() => expect(visitOf(person(1)).status).toBe('unplaced'))
  expect(visitOf(person(0))).toMatchObject({
    doctor_id: lease(0).doctor_id,
    start_at: lease(0).start_at,
    holds_time: 1,
  })
  await expect.poll(() => a.inboxBadge.textContent(), SOON).toMatch(/[1-9]/)
  expect(clinic.tables.overlaps()).toBe(0)
})
