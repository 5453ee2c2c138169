/** What is to be known about a day: pinned at one desk without the server, read at the other and by the doctor, and put back. */
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS, type Tab } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one } from './support/server-tables.ts'

const TODAY = '2026-11-24'
const FLU = 'Flu jabs from noon in the yellow room'
const EARLY = 'Leaves at 15:00'

let clinic: Clinic
let desk: Client
let other: Client
let doctor: Client
let own: { id: string; name: string }

beforeAll(async () => {
  clinic = await openClinic()
  own = one(
    clinic.tables.all<{ id: string; name: string }>(
      "select d.id, d.name from doctors d join users u on u.id = d.user_id where u.email = 'doctor@demo.test'",
    ),
    'doctor who signs in',
  )
  ;[desk, other, doctor] = [await clinic.newClient(), await clinic.newClient(), await clinic.newClient()]
  await desk.logIn('reception', { isOwnDevice: true })
  await other.logIn('admin', { isOwnDevice: true })
  await doctor.logIn('doctor', { isOwnDevice: true })
  await Promise.all([desk.untilLevel(), other.untilLevel(), doctor.untilLevel()])
})
afterAll(() => clinic.close())

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
type NoteRow = { readonly date: string; readonly last_date: string | null; readonly doctor_id: string | null }
const stored = (text: string): NoteRow[] =>
  clinic.tables.all<NoteRow>('select date, last_date, doctor_id from day_notes where text = ? and is_deleted = 0', text)
const notes = ({ page }: Pick<Tab, 'page'>): Locator => page.getByRole('region', { name: 'Day notes' })
const row = (tab: Pick<Tab, 'page'>, text: string): Locator =>
  notes(tab).getByRole('listitem').filter({ hasText: text })
const form = ({ page }: Pick<Tab, 'page'>): Locator => page.getByRole('form', { name: 'Day note' })

/** By keys alone, from the board or from My day. */
async function openForm(client: Client): Promise<void> {
  await client.press('o')
  await form(client).waitFor()
  await expect.poll(() => form(client).getByRole('textbox', { name: 'Note' }).evaluate(isFocused)).toBe(true)
}
const isFocused = (element: Element): boolean => element === document.activeElement

test('a note that is written without the server stands here at once, and at the other desk when the line is back', async () => {
  await desk.context.setOffline(true)
  await desk.untilOffline()
  await desk.press('g', 'd')
  await openForm(desk)
  await desk.page.keyboard.type(FLU)
  await desk.press('Control+Enter')
  await row(desk, FLU)
    .getByText(/to send/i)
    .waitFor()
  expect(stored(FLU)).toEqual([])
  await other.press('g', 'd')
  await notes(other).waitFor()
  expect(await row(other, FLU).count()).toBe(0)

  await desk.context.setOffline(false)
  await desk.hurry()
  await desk.press('Escape', 'g', 'd')
  await row(other, FLU).waitFor()
  await onServer(() => expect(stored(FLU)).toEqual([{ date: TODAY, last_date: null, doctor_id: null }]))
  await vi.waitFor(async () => expect(await row(desk, FLU).textContent()).not.toMatch(/to send/i), {
    timeout: PATIENCE_MS,
  })
})

test('a doctor reads on My day what concerns everybody and them, and nothing of a colleague’s day', async () => {
  const colleague = one(
    clinic.tables.all<{ name: string }>('select name from doctors where id <> ? and is_active = 1', own.id),
    'colleague',
  )
  for (const { name, text } of [
    { name: own.name, text: EARLY },
    { name: colleague.name, text: 'Back from the ward at ten' },
  ]) {
    await openForm(desk)
    await desk.page.keyboard.type(text)
    await form(desk).getByRole('combobox', { name: 'For' }).fill(name)
    await desk.page.getByRole('option', { name }).waitFor()
    await desk.press('Enter', 'Control+Enter')
    await row(desk, text).getByText(name).waitFor()
  }
  await doctor.page.getByRole('heading', { name: 'My day' }).waitFor()
  await row(doctor, FLU).waitFor()
  await row(doctor, EARLY).waitFor()
  await onServer(() => expect(stored('Back from the ward at ten')).toHaveLength(1))
  expect(await row(doctor, 'Back from the ward').count()).toBe(0)
  expect(await row(doctor, FLU).getByRole('button').count()).toBe(0)
})

test('a doctor writes on their own day by keys, and the desks read it', async () => {
  await openForm(doctor)
  expect(await form(doctor).getByRole('combobox', { name: 'For' }).count()).toBe(0)
  await doctor.page.keyboard.type('Please no calls before eleven')
  await doctor.press('Control+Enter')
  await row(doctor, 'Please no calls').waitFor()
  await row(desk, 'Please no calls').getByText(own.name).waitFor()
  expect(stored('Please no calls before eleven')).toEqual([{ date: TODAY, last_date: null, doctor_id: own.id }])
})

test('a note is changed to stand for several days, and is there tomorrow', async () => {
  await row(desk, FLU).getByRole('button').focus()
  await desk.press('Enter')
  await form(desk).getByLabel('Until').fill('26 Nov 2026')
  await desk.press('Enter')
  await onServer(() => expect(stored(FLU)).toMatchObject([{ date: TODAY, last_date: '2026-11-26' }]))
  await row(desk, FLU).getByText('until Thu 26 Nov').waitFor()
  await desk.goDays(1)
  await row(desk, FLU).waitFor()
  expect(await row(desk, EARLY).count()).toBe(0)
  await desk.press('t')
})

test('the list is walked by arrows, a note is taken down and put back', async () => {
  await row(desk, EARLY).waitFor()
  const buttons = notes(desk).getByRole('list').getByRole('button')
  await buttons.first().focus()
  for (let step = 1; step < (await buttons.count()); step += 1) {
    await desk.press('ArrowDown')
    expect(await buttons.nth(step).evaluate(isFocused)).toBe(true)
  }
  await row(desk, EARLY).getByRole('button').focus()
  await desk.press('Enter')
  await form(desk).getByRole('button', { name: 'Take down' }).click()
  await desk.page.getByText('Note taken down').waitFor()
  await row(doctor, EARLY).waitFor({ state: 'detached' })
  expect(await row(desk, EARLY).count()).toBe(0)
  await desk.press('Control+z')
  await row(desk, EARLY).waitFor()
  await row(doctor, EARLY).waitFor()
  await onServer(() => expect(stored(EARLY)).toEqual([{ date: TODAY, last_date: null, doctor_id: own.id }]))
})

test('a note that is open while the other desk takes it down closes', async () => {
  await row(other, FLU).getByRole('button').click()
  await form(other).waitFor()
  await row(desk, FLU).getByRole('button').click()
  await form(desk).getByRole('button', { name: 'Take down' }).click()
  await form(other).waitFor({ state: 'detached' })
  await notes(other).waitFor()
  expect(await row(other, FLU).count()).toBe(0)
  await desk.press('Control+z')
  await row(other, FLU).waitFor()
})

test('the palette leads to the note, Escape leads back, and axe finds nothing', async () => {
  await desk.press('Control+k')
  await desk.page.getByRole('combobox').fill('day note')
  await desk.page.getByRole('option', { name: /Add day note/ }).waitFor()
  await desk.press('Enter')
  await form(desk).waitFor()
  expect(await findingsOf(desk, 'aside')).toEqual([])
  await desk.press('Escape')
  await notes(desk).waitFor()
  expect(await findingsOf(desk, 'aside')).toEqual([])
  await openForm(doctor)
  expect(await findingsOf(doctor, 'aside')).toEqual([])
  await doctor.press('Escape')
  await notes(doctor).waitFor()
  expect(await findingsOf(doctor, 'aside')).toEqual([])
})
