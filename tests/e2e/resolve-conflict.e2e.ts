/**
 * Resolve a conflict without a pointer: what one desk did while it had no network has lost to another desk, and its inbox has ways
 * on. Real server, real mail, two windows, one of them offline; every way is taken by keyboard alone.
 */
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { aMailServer, type MailServer } from '#tests/support/mail-server.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const DAY = '2026-11-27'
const REASON = 'Promised by the doctor on the phone'
/** Longer than a message to a patient waits for somebody to take the change back. */
const UNDO_IS_OVER_MS = minutes(4)

type PatientRow = { readonly id: string; readonly name: string; readonly email: string; readonly phone: string }
type Place = { readonly doctorId: string; readonly doctor: string; readonly time: string }

let mail: MailServer
let clinic: Clinic
/** Stays online; signed in as the administrator. */
let a: Client
/** Loses its network; signed in as the receptionist. */
let b: Client
let places: readonly Place[]
let people: readonly PatientRow[]

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
const visitOf = ({ name }: PatientRow): VisitRow => one(clinic.tables.visits('p.name = ?', name), `visit of ${name}`)
const person = (index: number): PatientRow => one(people.slice(index), `patient ${index}`)
const place = (index: number): Place => one(places.slice(index), `place ${index}`)
const entry = () => b.page.getByRole('article')
const group = (name: string) => b.page.getByRole('region', { name })

beforeAll(async () => {
  mail = await aMailServer()
  clinic = await openClinic({ SMTP_URL: mail.url })
  const { tables } = clinic
  const doctor = one(
    tables.all<{ id: string; name: string }>('select id, name from doctors order by position'),
    'doctor',
  )
  const free = tables.freeMinutes(doctor.id, DAY, one(tables.typesOf(doctor.id), 'type'))
  // One for each booking, far enough apart for all of them.
  const starts: number[] = []
  for (const minute of free) if (minute >= (starts.at(-1) ?? 0) + 30) starts.push(minute)
  places = starts.map((minute) => ({ doctorId: doctor.id, doctor: doctor.name, time: timeOfMinute(minute) }))
  people = tables.all<PatientRow>(
    `select * from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and birth_date between '1960' and '1990'
     and email <> '' and length(phone) > 8 and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name limit 8`,
  )
  a = await clinic.newClient()
  b = await clinic.newClient()
  await a.logIn('admin', { isOwnDevice: true })
  await b.logIn('reception', { isOwnDevice: true })
  await Promise.all([a.untilLevel(), b.untilLevel()])
})
afterAll(async () => {
  await clinic.close()
  await mail.stop()
})

/** Books by keyboard alone: the patient, the doctor, and the time in words. */
async function book(client: Client, { name }: PatientRow, { doctor, time }: Place): Promise<void> {
  const { page } = client
  const form = page.getByRole('form', { name: 'Book' })
  await client.press('Escape', 'g', 'd', 'b')
  await client.choosePatient(name)
  // The panel goes on to what the visit is for.
  const visit = form.getByRole('combobox', { name: 'Visit' })
  await expect.poll(() => visit.evaluate((field) => field === document.activeElement)).toBe(true)
  await page.getByLabel('With', { exact: true }).first().fill(doctor)
  await page.getByRole('option', { name: doctor }).waitFor()
  await client.press('Enter')
  await page.getByLabel('Wished time').fill(`27.11. ${time}`)
  await form.getByText(new RegExp(`^${name}, .* ${time} with ${doctor}\\.`)).waitFor()
  await client.press('Control+Enter')
  await form.waitFor({ state: 'detached' })
}

/** Goes to a patient by keyboard and gives another phone number. */
async function givePhone(client: Client, { name }: PatientRow, phone: string): Promise<void> {
  const { page } = client
  await client.press('Escape', 'g', 'p')
  const field = page.getByRole('combobox', { name: 'Find a patient' })
  await field.fill(name)
  await page.getByRole('option').filter({ hasText: name }).first().waitFor()
  await client.press('Enter')
  const details = page.getByRole('article', { name: 'Patient' })
  await details.getByRole('heading', { name }).waitFor()
  await details.getByLabel('Phone', { exact: true }).fill(phone)
  await client.press('Enter')
}

/** By the palette, which takes keys out of a field too. */
async function openInbox(): Promise<void> {
  await b.press('Control+k')
  await b.page.getByRole('dialog').getByRole('combobox').fill('sync inbox')
  await b.page.getByRole('option', { name: /^Sync inbox/ }).waitFor()
  await b.press('Enter')
  await b.page.getByRole('navigation', { name: 'Entries' }).waitFor()
}

/** Walks the list of entries by arrow keys to the one about somebody. */
async function goTo({ name }: PatientRow, title: string): Promise<void> {
  await openInbox()
  const list = b.page.getByRole('navigation', { name: 'Entries' })
  const wanted = list.getByRole('button', { name: new RegExp(`${title}.*${name}`) })
  await wanted.waitFor()
  // The first of the list has it from here on, and the arrows lead to the others.
  const first = list.getByRole('button').first()
  while (!(await first.evaluate((button) => button === document.activeElement))) await b.press('Tab')
  while ((await wanted.getAttribute('aria-current')) === null) await b.press('ArrowDown')
}

describe('three bookings and an edit of a record made without the network', () => {
  test('lose to what the other desk did meanwhile, and all of them need somebody', async () => {
    await b.context.setOffline(true)
    await b.untilOffline()
    for (const index of [0, 1, 2]) await book(b, person(index), place(index))
    await givePhone(b, person(6), '07700 900111')
    await b.pill.getByText('4 to send').waitFor()
    for (const index of [0, 1, 2]) await book(a, person(index + 3), place(index))
    await givePhone(a, person(6), '07700 900222')
    await onServer(() => {
      for (const index of [3, 4, 5]) expect(visitOf(person(index)).holds_time).toBe(1)
      expect(clinic.tables.all('select phone from patients where id = ?', person(6).id)).toEqual([
        { phone: '07700 900222' },
      ])
    })
    await b.context.setOffline(false)
    await onServer(() => {
      for (const index of [0, 1, 2]) expect(visitOf(person(index)).status).toBe('unplaced')
    })
    await b.untilLevel()
    await openInbox()
    for (const index of [0, 1, 2]) await group('Needs you').getByText(person(index).name).waitFor()
    await group('Needs you').getByText(person(6).name).waitFor()
    expect(await findingsOf(b)).toEqual([])
  })
})

describe('a lost booking', () => {
  test('is put on the waitlist: W, Enter', async () => {
    await goTo(person(0), 'Time was taken')
    await entry()
      .getByText(/^You booked .* booked that time on .* and reached the server first/)
      .waitFor()
    await b.press('w')
    const form = entry().getByRole('form', { name: 'Put on the waitlist…' })
    await form.waitFor()
    await form.getByRole('radio', { name: place(0).doctor }).waitFor()
    expect(await findingsOf(b)).toEqual([])
    await b.press('Enter')
    await onServer(() => {
      expect(
        clinic.tables.all('select status, doctor_ids from waitlist_entries where patient_id = ?', person(0).id),
      ).toEqual([{ status: 'waiting', doctor_ids: JSON.stringify([place(0).doctorId]) }])
      expect(visitOf(person(0))).toMatchObject({
        status: 'cancelled',
        cancel_reason: 'Lost its time and was put on the waitlist',
      })
    })
    await b.page
      .getByRole('status')
      .filter({ hasText: `${person(0).name} is on the waitlist` })
      .waitFor({ state: 'attached' })
    await group('Done today').getByText(person(0).name).waitFor()
  })

  test('is booked all the same, with a reason: Alt+0', async () => {
    await goTo(person(1), 'Time was taken')
    await b.press('Alt+0')
    const form = entry().getByRole('form', { name: 'Book it anyway…' })
    await form.getByRole('textbox', { name: 'Why overbook' }).waitFor()
    await b.press('Enter')
    expect(visitOf(person(1)).status).toBe('unplaced')
    await b.page.keyboard.type(REASON)
    await b.press('Enter')
    await onServer(() =>
      expect(
        clinic.tables.all('select status, overbook_reason from appointments where id = ?', visitOf(person(1)).id),
      ).toEqual([{ status: 'pending', overbook_reason: REASON }]),
    )
    const [kept, overbooked] = [visitOf(person(4)), visitOf(person(1))]
    expect(overbooked).toMatchObject({ start_at: kept.start_at, doctor_id: kept.doctor_id, holds_time: 1 })
    await group('Done today').getByText(person(1).name).waitFor()
  })

  test('is dropped only after a question, which says when the patient is told: X', async () => {
    await goTo(person(2), 'Time was taken')
    await b.press('x')
    const form = entry().getByRole('form', { name: `Drop the booking of ${person(2).name}?` })
    await form.getByText(/gets a message at \d\d:\d\d that the visit is cancelled/).waitFor()
    expect(await findingsOf(b)).toEqual([])
    await b.press('Enter')
    await form.waitFor({ state: 'detached' })
    expect(visitOf(person(2)).status).toBe('unplaced')
    await b.press('x', 'Tab', 'Enter')
    await onServer(() => expect(visitOf(person(2))).toMatchObject({ status: 'cancelled', unplaced: null }))
    await group('Done today').getByText(person(2).name).waitFor()
  })
})

describe('a lost edit of a record', () => {
  test('stands beside what was kept, field by field', async () => {
    await goTo(person(6), 'Edit gave way')
    await entry()
      .getByRole('heading', { name: `Somebody else changed ${person(6).name} first` })
      .waitFor()
    const row = entry().getByRole('row', { name: /^Phone/ })
    expect(await row.getByRole('cell').allTextContents()).toEqual(['07700 900111', '07700 900222'])
    expect(await findingsOf(b)).toEqual([])
  })

  test('is applied again: A', async () => {
    await b.press('a')
    await onServer(() =>
      expect(clinic.tables.all('select phone from patients where id = ?', person(6).id)).toEqual([
        { phone: '07700 900111' },
      ]),
    )
    await group('Done today').getByText(person(6).name).waitFor()
    await expect.poll(() => group('Needs you').getByText(person(6).name).count()).toBe(0)
  })
})

test('every way is in the catalogue of keys', async () => {
  await b.press('Escape', '?')
  const sheet = b.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  for (const way of ['Put on the waitlist', 'Book it anyway', 'Drop and tell the patient', 'Apply again', 'Understood'])
    await sheet.getByText(way, { exact: true }).waitFor()
  await b.press('Escape')
})

test('the patient of the dropped booking is told by mail once it can no longer be taken back', async () => {
  const isMeant = ({ to, subject }: ParsedMail): boolean =>
    JSON.stringify(to).includes(person(2).email) && /is cancelled/.test(subject ?? '')
  expect(mail.received.some(isMeant)).toBe(false)
  await clinic.server.stop()
  await clinic.server.start(UNDO_IS_OVER_MS)
  await vi.waitFor(() => expect(mail.received.some(isMeant)).toBe(true), { timeout: PATIENCE_MS, interval: 100 })
  expect(mail.received.find(isMeant)?.text).toContain(place(2).doctor)
})
