/** A doctor is ill: the whole day moves or is called off at one desk, and the calls are shared with the other; by keyboard alone. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const SOON = { timeout: PATIENCE_MS, interval: 100 }
const DAY = '2026-11-25'

type Person = { readonly id: string; readonly name: string }

let clinic: Clinic
let desk: Client
let other: Client
let doctors: Person[]
let before: VisitRow[]

const soon = (check: () => unknown): Promise<void> => vi.waitFor(async () => void (await check()), SOON)
const panel = ({ page }: Client) => page.getByRole('article', { name: 'A doctor’s day' })
const calls = (client: Client) => panel(client).getByRole('region', { name: 'To call' })
const expected = (doctor: Person): VisitRow[] =>
  clinic.tables.visits(`a.doctor_id = ? and a.local_day = ? and a.status in ('pending', 'confirmed')`, doctor.id, DAY)
const doctorAt = (place: number): Person => one(doctors.slice(place), 'doctor')

/** The panel of the doctor in that column, tomorrow. */
async function openDay(client: Client, place: number): Promise<void> {
  await client.press('Escape', 'g', 'd', 't')
  await client.goDays(1)
  const column = client.grid.locator(`[data-column="${doctorAt(place).id}"]`)
  for (let steps = 0; steps < doctors.length; steps += 1) await client.press('ArrowLeft')
  for (let steps = 0; steps < place; steps += 1) await client.press('ArrowRight')
  await column.locator('[data-cursor]').waitFor()
  await client.press('i')
  await panel(client)
    .getByRole('heading', { name: doctorAt(place).name })
    .waitFor()
}
const tabTo = async (client: Client, label: string | RegExp): Promise<void> => {
  const field = panel(client).getByLabel(label).first()
  for (let steps = 0; steps < 120; steps += 1) {
    if (await field.evaluate((element) => element === document.activeElement)) return
    await client.press('Tab')
  }
  throw new Error(`The keyboard does not reach ${label}`)
}

beforeAll(async () => {
  clinic = await openClinic()
  doctors = clinic.tables.all<Person>('select id, name from doctors where is_active = 1 order by position')
  before = expected(doctorAt(0))
  expect(before.length).toBeGreaterThan(3)
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
  other = await clinic.newClient()
  await other.logIn('admin')
  await other.untilLevel()
})
afterAll(() => clinic.close())

describe('a doctor’s day', () => {
  const staysAt = (): VisitRow => one(before, 'first visit')
  const count = (): number => before.length - 1

  test('is shown visit by visit with what would become of each, before anything is done', async () => {
    await openDay(desk, 0)
    await expect.poll(() => panel(desk).getByRole('listitem').count(), SOON).toBe(before.length)
    await panel(desk).getByText(`0 move · ${before.length} are cancelled · 0 stay`).waitFor()
    expect(await findingsOf(desk, 'aside')).toEqual([])
    await panel(desk).getByRole('button', { name: 'Move to colleagues' }).focus()
    await desk.press('Enter')
    await panel(desk)
      .getByText(/^[1-9]\d* moves? · /)
      .waitFor()
    expect(expected(doctorAt(0))).toEqual(before)
  })

  test('moves and is called off in one step, but for the visit that is to stay', async () => {
    await tabTo(desk, new RegExp(`^${staysAt().local_start} .* becomes$`))
    await desk.press('End')
    await panel(desk)
      .getByText(/ · 1 stays$/)
      .waitFor()
    await tabTo(desk, /^Tell the patients by message/)
    await desk.press('Space')
    await panel(desk).getByText('Nobody is written to: call everybody on the list.').waitFor()
    await desk.press('Control+Enter')
    await soon(() => expect(expected(doctorAt(0)).map(({ id }) => id)).toEqual([staysAt().id]))
    const now = before.slice(1).map(({ id }) => clinic.tables.visit(id))
    const moved = now.filter(({ status }) => status !== 'cancelled')
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.every(({ local_day, doctor_id }) => local_day === DAY && doctor_id !== doctorAt(0).id)).toBe(true)
    expect(now.filter(({ status }) => status === 'cancelled').map((visit) => visit.cancel_reason)).toEqual(
      Array.from({ length: count() - moved.length }, () => 'The doctor is away'),
    )
    expect(clinic.tables.overlaps()).toBe(0)
  })

  test('leaves a list of calls with phone numbers, whose ticks the other window sees', async () => {
    await calls(desk).getByText(`0 of ${count()} done`).waitFor()
    const [first, second] = before.slice(1)
    await calls(desk)
      .getByText(first?.phone ?? 'no phone')
      .first()
      .waitFor()
    await openDay(other, 0)
    await calls(other).getByText(`0 of ${count()} done`).waitFor()
    await calls(desk)
      .getByRole('checkbox', { name: new RegExp(first?.name ?? '') })
      .first()
      .focus()
    await desk.press('Space')
    await calls(other).getByText(`1 of ${count()} done`).waitFor()
    await calls(other)
      .getByText(/called by Robin Reception/)
      .waitFor()
    await calls(other)
      .getByRole('checkbox', { name: new RegExp(second?.name ?? '') })
      .first()
      .focus()
    await other.press('Space')
    await calls(desk).getByText(`2 of ${count()} done`).waitFor()
    expect(await findingsOf(other, 'aside')).toEqual([])
  })

  test('puts the list on paper', async () => {
    await desk.page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-print-asked', '')
    })
    await calls(desk).getByRole('button', { name: 'Print' }).focus()
    await desk.press('Enter')
    await desk.page.locator('body[data-print-asked]').waitFor()
    expect(await desk.page.locator('#printed-sheet tbody tr').count()).toBe(count())
    expect(await desk.page.locator('#printed-sheet').textContent()).toContain(before[1]?.name)
  })
})

test('a day called off by mistake is brought back by one key, and nobody is left to call', async () => {
  const all = expected(doctorAt(1))
  await openDay(desk, 1)
  await panel(desk).getByText(`0 move · ${all.length} are cancelled · 0 stay`).waitFor()
  await desk.press('Control+Enter')
  await soon(() => expect(expected(doctorAt(1))).toEqual([]))
  await calls(desk).getByText(`0 of ${all.length} done`).waitFor()
  await desk.press('Control+z')
  await soon(() => expect(expected(doctorAt(1)).map(({ id }) => id)).toEqual(all.map(({ id }) => id)))
  await calls(desk).waitFor({ state: 'detached' })
})

test('without the server the day is shown and nothing of it can be changed at once', async () => {
  await clinic.server.stop()
  await desk.untilOffline()
  await openDay(desk, 2)
  await panel(desk).getByRole('alert').filter({ hasText: 'the server changes a whole day at once' }).waitFor()
  expect(
    await panel(desk)
      .getByRole('button', { name: /^Change \d+ visit/ })
      .isDisabled(),
  ).toBe(true)
})
