/** A time that one desk is booking stands hatched on the boards of the others until it is booked, let go or has run out. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { instantOf, one } from './support/server-tables.ts'

const DAY = '2026-11-27'
const DAYS_AHEAD = 3
const REASON = 'Came with a letter'
const SOON = { timeout: PATIENCE_MS, interval: 100 }

let clinic: Clinic
/** Books; signed in as the administrator. */
let a: Client
/** Watches; signed in as the receptionist. */
let b: Client
let doctor: { id: string; name: string }
let times: number[]
let patients: { id: string; name: string }[]

const note = ({ grid }: Client) => grid.locator(`[data-column="${doctor.id}"]`).getByText('Alex Admin is booking')
const gone = (client: Client) => note(client).waitFor({ state: 'detached' })
const held = () => clinic.tables.all<{ start_at: number }>('select start_at from holds')
const onServer = (check: () => void): Promise<void> => vi.waitFor(check, SOON)
const form = ({ page }: Client) => page.getByRole('form', { name: 'Book' })
const minuteNow = (index: number): number => one(times.slice(index), 'free time')

/** Points at a time on the board and opens the panel with it. */
async function askFor(client: Client, minute: number): Promise<void> {
  await client.pointToSlot(doctor.id, minute)
  await client.press('Enter')
  await form(client).waitFor()
}

beforeAll(async () => {
  clinic = await openClinic()
  const { tables } = clinic
  const places = tables.all<{ id: string; name: string }>('select id, name from doctors').map((candidate) => {
    const type = one(tables.typesOf(candidate.id), 'type')
    // What was called off stands there still, and would be clicked on.
    const cards = tables.visits('a.doctor_id = ? and a.local_day = ?', candidate.id, DAY)
    const isBare = (minute: number): boolean => {
      const start = instantOf(DAY, minute)
      return !cards.some((card) => card.start_at < start + 30 * 60_000 && start < card.end_at)
    }
    const free = tables.freeMinutes(candidate.id, DAY, type).filter((start) => start % 30 === 0 && isBare(start))
    return { candidate, free }
  })
  const roomiest = one(
    places.toSorted((one, other) => other.free.length - one.free.length),
    'doctor',
  )
  doctor = roomiest.candidate
  times = roomiest.free
  patients = tables.all<{ id: string; name: string }>(
    `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 14
     and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) limit 2`,
  )
  a = await clinic.newClient()
  b = await clinic.newClient()
  await a.logIn('admin', { isOwnDevice: true })
  await b.logIn('reception', { isOwnDevice: true })
  await Promise.all([a.untilLevel(), b.untilLevel()])
  for (const client of [a, b]) await client.goDays(DAYS_AHEAD)
})
afterAll(() => clinic.close())

test('the other desk sees who holds the time and how long still; the own board shows nothing', async () => {
  await askFor(a, minuteNow(0))
  await onServer(() => expect(held()).toEqual([{ start_at: instantOf(DAY, minuteNow(0)) }]))
  await note(b).waitFor()
  await b.grid
    .locator(`[data-column="${doctor.id}"]`)
    .getByText(/^[12]:\d\d$/)
    .waitFor()
  await a.page.getByText(/^Held [12]:\d\d$/).waitFor()
  expect(await note(a).count()).toBe(0)
  await b.pointToSlot(doctor.id, minuteNow(0))
  await expect
    .poll(() => b.grid.locator('[data-cursor]').getAttribute('aria-label'), SOON)
    .toContain(`${doctor.name}. Alex Admin is booking.`)
})

test('the week of the doctor shows it too', async () => {
  await b.press('v', 'w')
  const day = b.grid.locator(`[data-column="${DAY}"]`)
  await day.getByText('Alex Admin is booking').waitFor()
  await b.press('v', 'd')
  await note(b).waitFor()
})

test('it goes when the panel closes, and comes back at the next time that is asked for', async () => {
  await a.press('Escape')
  await gone(b)
  await askFor(a, minuteNow(1))
  await note(b).waitFor()
})

test('whoever may overbook may book it all the same, with a reason', async () => {
  const [, patient] = patients
  if (!patient) throw new Error('nobody to book for')
  await askFor(b, minuteNow(1))
  await b.choosePatient(patient.name)
  await form(b)
    .getByRole('radio', { name: /That time is kept for somebody\. Book it anyway/ })
    .waitFor()
  await b.press('Alt+0')
  const why = form(b).getByRole('textbox', { name: 'Why overbook' })
  await expect.poll(() => why.evaluate((field) => field === document.activeElement), SOON).toBe(true)
  await b.page.keyboard.type(REASON)
  await b.press('Control+Enter')
  await form(b).waitFor({ state: 'detached' })
  await onServer(() =>
    expect(clinic.tables.visits('a.patient_id = ?', patient.id)).toMatchObject([
      { status: 'confirmed', start_at: instantOf(DAY, minuteNow(1)), overbook_reason: REASON },
    ]),
  )
})

test('it goes when it is booked, and the visit stands in its place', async () => {
  const [patient] = patients
  if (!patient) throw new Error('nobody to book for')
  await a.press('Escape')
  await askFor(a, minuteNow(2))
  await note(b).waitFor()
  await a.choosePatient(patient.name)
  await form(a)
    .getByText(new RegExp(`^${patient.name}, .* with ${doctor.name}`))
    .waitFor()
  await a.press('Control+Enter')
  await b.grid.getByRole('button', { name: new RegExp(patient.name) }).waitFor()
  await gone(b)
  await onServer(() => expect(held()).toEqual([]))
})

test('it goes when it has run out, though the panel is open still', async () => {
  const answer = await callAs(clinic.server, 'admin', 'PATCH', '/clinic', { policies: { holdSeconds: 10 } })
  expect(answer.status).toBe(200)
  await askFor(a, minuteNow(0))
  await note(b).waitFor()
  await a.page.getByText('The time is no longer held.').waitFor()
  await gone(b)
})

test('a desk without the server shows none', async () => {
  await callAs(clinic.server, 'admin', 'PATCH', '/clinic', { policies: { holdSeconds: 600 } })
  await a.press('Escape')
  await askFor(a, minuteNow(0))
  await note(b).waitFor()
  await b.context.setOffline(true)
  await b.untilOffline()
  await gone(b)
  await b.context.setOffline(false)
  await note(b).waitFor()
})
