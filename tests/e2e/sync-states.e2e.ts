/** The eight states of a change between a computer and the server: the same words on the card, in the pill and in the inbox. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { shiftClock } from '#tests/support/shift-clock.ts'
import { callAs } from './support/call-as.ts'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { instantOf, minuteOf, one, type VisitRow } from './support/server-tables.ts'

const DAY = '2026-11-24'
const NOON = 12 * 60
/** How long the server seems to be away. */
const LONG_MS = 10 * 60_000

let clinic: Clinic
let desk: Client
let doctor: { readonly id: string; readonly name: string }
/** Free times of the doctor this afternoon, on the rows of the board. */
let minutes: readonly number[]
let people: readonly { readonly id: string; readonly name: string }[]
/** Visits of this afternoon, one for each thing that is done. */
let visits: readonly VisitRow[]
/** What waited in the inbox before any of this. */
let before: number

const visit = (index: number): VisitRow => one(visits.slice(index), `visit ${index}`)
const minute = (index: number): number => one(minutes.slice(index), `free time ${index}`)
const person = (index: number) => one(people.slice(index), `patient ${index}`)
const face = (id: string) => desk.card(id).locator('[data-mark]')
const ofName = (name: string) => desk.grid.locator('[data-item]', { hasText: name })
const entries = (group: string) => desk.page.getByRole('region', { name: group })

beforeAll(async () => {
  clinic = await openClinic()
  const { tables } = clinic
  const fitting = tables
    .all<{ id: string; name: string }>('select id, name from doctors order by position')
    .map((one) => ({
      doctor: one,
      minutes: freeThisAfternoon(one.id),
      visits: tables.visits(
        "a.local_day = ? and a.status = 'confirmed' and a.start_at > ? and a.doctor_id = ? and t.capacity = 1",
        DAY,
        instantOf(DAY, NOON),
        one.id,
      ),
    }))
  ;({ doctor, minutes, visits } = one(
    fitting.filter((each) => each.minutes.length > 2 && each.visits.length > 3),
    'doctor with free times and visits',
  ))
  people = tables.all(
    `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and birth_date between '1960' and '1990'
     and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name limit 4`,
  )
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

/** On the rows of the board. */
const freeThisAfternoon = (doctorId: string): readonly number[] =>
  clinic.tables
    .freeMinutes(doctorId, DAY, one(clinic.tables.typesOf(doctorId), 'type'))
    .filter((start) => start > NOON && start % 15 === 0)

/** Books at the free time, which is said in words. */
async function bookAt(start: number, name: string): Promise<void> {
  const form = desk.page.getByRole('form', { name: 'Book' })
  await desk.press('b')
  await desk.choosePatient(name)
  const type = form.getByRole('combobox', { name: 'Visit' })
  await expect.poll(() => type.evaluate((field) => field === document.activeElement)).toBe(true)
  await desk.page.getByLabel('With', { exact: true }).first().fill(doctor.name)
  await desk.page.getByRole('option', { name: doctor.name }).waitFor()
  await desk.press('Enter')
  await desk.page.getByLabel('Wished time').fill(`24.11. ${timeOfMinute(start)}`)
  await form.getByText(new RegExp(`^${name}, .* ${timeOfMinute(start)} with ${doctor.name}`)).waitFor()
  await desk.press('Control+Enter')
  await ofName(name).waitFor()
}

/** As the other desk does it. */
async function bookElsewhere(start: number, patientId: string): Promise<void> {
  const type = one(clinic.tables.typesOf(doctor.id), 'type')
  const wish = { doctorId: doctor.id, patientId, typeId: type.id, start: instantOf(DAY, start) }
  const answer = await callAs(clinic.server, 'admin', 'POST', '/appointments', wish)
  expect(answer.status).toBe(201)
}

test('up to date: the pill is quiet, and a card says nothing', async () => {
  await desk.pill.getByText('Up to date').waitFor()
  before = Number(await desk.inboxBadge.textContent())
  expect(await face(visit(0).id).getAttribute('data-mark')).toBe('none')
})

test('changed by somebody else: a tint for a moment, and a word only where the visit is open', async () => {
  await desk.card(visit(0).id).click()
  await desk.page.getByRole('article', { name: 'Visit' }).waitFor()
  const told = desk.page.getByText(/was just changed by somebody else/)
  const tinted = (id: string) => desk.card(id).locator('[data-mark="changed"]').waitFor()
  const change = (id: string) => callAs(clinic.server, 'admin', 'POST', `/appointments/${id}/cancel`, { reason: 'Ill' })
  const [answer] = await Promise.all([change(visit(1).id), tinted(visit(1).id)])
  expect(answer.status).toBe(200)
  await expect.poll(() => face(visit(1).id).getAttribute('data-mark')).toBe('none')
  expect(await told.count()).toBe(0)
  await Promise.all([change(visit(0).id), tinted(visit(0).id)])
  await told
    .filter({ hasText: visit(0).name })
    .filter({ hasText: 'Cancelled' })
    .waitFor()
})

test('to send: on the card, counted in the pill, and on the entry of the inbox', async () => {
  await desk.press('Escape')
  await desk.context.setOffline(true)
  await desk.untilOffline()
  await desk.card(visit(2).id).click()
  await desk.press('x')
  await desk.page.getByRole('radio', { name: 'The doctor is away' }).check()
  await desk.button('Cancel the visit').click()
  await expect.poll(() => face(visit(2).id).getAttribute('data-mark')).toBe('to-send')
  expect(await desk.spoken(visit(2).id)).toContain('To send')
  await desk.pill.getByText('1 to send').waitFor()
})

test('provisional: a booking that the server has not confirmed', async () => {
  await bookAt(minute(0), person(0).name)
  await bookAt(minute(1), person(1).name)
  expect(await ofName(person(0).name).locator('[role=img]').getAttribute('aria-label')).toContain('Provisional')
  await desk.pill.getByText('3 to send').waitFor()
  await desk.press('Escape', 'g', 's')
  await entries('To send')
    .getByRole('button', { name: new RegExp(`Provisional.*${person(0).name}`) })
    .waitFor()
  await entries('To send')
    .getByRole('button', { name: new RegExp(`To send.*${visit(2).name}`) })
    .waitFor()
  expect(await findingsOf(desk)).toEqual([])
  await desk.press('g', 'd')
})

test('stale: the head of the board says of when it is, once the server has been away for long', async () => {
  const asOf = desk.page.getByText(/^Board as of \d\d:\d\d$/)
  expect(await asOf.count()).toBe(0)
  await desk.page.evaluate(shiftClock, LONG_MS)
  await asOf.waitFor()
  expect(await findingsOf(desk)).toEqual([])
})

test('syncing: what is on its way is counted in the pill and said in the inbox, and the cards stay as they are', async () => {
  await desk.dragOver(doctor.id, minuteOf(visit(3)), minute(2))
  await desk.page.mouse.up()
  await desk.pill.getByText('4 to send').waitFor()
  await bookElsewhere(minute(1), person(2).id)
  await bookElsewhere(minute(2), person(3).id)
  const held = Promise.withResolvers<void>()
  await desk.page.routeWebSocket(/sync\/v1/, (page) => {
    const server = page.connectToServer()
    page.onMessage((message) => {
      if (String(message).includes('"masterWrite"')) void held.promise.then(() => server.send(message))
      else server.send(message)
    })
  })
  await desk.context.setOffline(false)
  await desk.pill.getByText('Sending 4 changes').waitFor()
  expect(await face(visit(2).id).getAttribute('data-mark')).toBe('none')
  await desk.press('Escape', 'g', 's')
  await entries('To send')
    .getByRole('button', { name: new RegExp(`Sending.*${person(0).name}`) })
    .waitFor()
  held.resolve()
  await desk.untilLevel()
})

test('after the outage one calm line says what others did meanwhile, and goes when it was read', async () => {
  const line = desk.page.getByText(/^While you were away: 2 booked, \d+ to review\.$/)
  await line.waitFor()
  expect(await findingsOf(desk)).toEqual([])
  await desk.page.getByRole('button', { name: 'Close', exact: true }).first().click()
  await line.waitFor({ state: 'detached' })
})

test('conflict: a lost time is to be reviewed, on the card, in the pill and in the inbox', async () => {
  await desk.pill.getByText(`${before + 2} to review`).waitFor()
  await expect.poll(() => desk.inboxBadge.textContent()).toBe(`${before + 2}`)
  await entries('Needs you')
    .getByRole('button', { name: new RegExp(`Review.*${person(1).name}`) })
    .waitFor()
  await desk.press('g', 'd')
  const card = ofName(person(1).name)
  expect(await card.locator('[role=img]').getAttribute('aria-label')).toContain('Lost its time')
  expect(await card.locator('[title="Review"]').count()).toBe(1)
})

test('rejected: the wish stays where it was wanted, struck, until it is dealt with', async () => {
  const { id, name } = visit(3)
  const ghost = ofName(name).filter({ has: desk.page.locator('[data-mark="rejected"]') })
  await ghost.waitFor()
  expect(await ghost.locator('[role=img]').getAttribute('aria-label')).toContain('Not taken')
  expect(await ghost.locator('[title="Not taken"]').count()).toBe(1)
  expect(await face(id).getAttribute('data-mark')).toBe('none')
  expect(await findingsOf(desk)).toEqual([])
  await ghost.click()
  await desk.page.getByRole('heading', { name: new RegExp(`^${name} could not be moved to `) }).waitFor()
  await entries('Needs you')
    .getByRole('button', { name: new RegExp(`Not taken.*${name}`) })
    .waitFor()
  await desk.press('y')
  await entries('Done today').getByText(name).waitFor()
  await desk.press('g', 'd')
  await desk.card(id).waitFor()
  await expect.poll(() => ghost.count()).toBe(0)
})
