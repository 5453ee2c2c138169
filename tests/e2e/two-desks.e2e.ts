/** Two desks book the same time while one of them has no network. One holds it; the other is told, and nothing is lost. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const DAY = '2026-11-27'
const DAYS_AHEAD = 3

let clinic: Clinic
/** Stays online; signed in as the administrator. */
let a: Client
/** Loses its network; signed in as the receptionist. */
let b: Client
let doctor: { id: string; name: string }
let minute: number
let winner: string
let loser: string

const visitOf = (name: string): VisitRow => one(clinic.tables.visits('p.name = ?', name), `visit of ${name}`)
const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })

beforeAll(async () => {
  clinic = await openClinic()
  const { tables } = clinic
  const places = tables.all<{ id: string; name: string }>('select id, name from doctors').flatMap((candidate) => {
    const type = one(tables.typesOf(candidate.id), 'type')
    const free = tables.freeMinutes(candidate.id, DAY, type).filter((start) => start % 15 === 0)
    return free.map((start) => ({ doctor: candidate, minute: start }))
  })
  ;({ doctor, minute } = one(places, 'free time'))
  const names = tables.all<{ name: string }>(
    `select name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and birth_date between '1960' and '1990'
     and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) limit 2`,
  )
  winner = one(names, 'patient').name
  loser = one(names.slice(1), 'second patient').name
  a = await clinic.newClient()
  b = await clinic.newClient()
  await a.logIn('admin', { isOwnDevice: true })
  await b.logIn('reception', { isOwnDevice: true })
  await Promise.all([a.untilLevel(), b.untilLevel()])
})
afterAll(() => clinic.close())

/** Points at the free time on the board and books the patient there. */
async function bookThere(client: Client, name: string): Promise<void> {
  await client.goDays(DAYS_AHEAD)
  await client.pointToSlot(doctor.id, minute)
  await client.press('Enter')
  await client.choosePatient(name)
  await client.page.getByText(new RegExp(`^${name}, .* with ${doctor.name}`)).waitFor()
  await client.press('Control+Enter')
  await client.grid.getByRole('button', { name: new RegExp(name) }).waitFor()
}

test('both desks show their own booking while one of them has no network', async () => {
  await b.context.setOffline(true)
  await bookThere(b, loser)
  await bookThere(a, winner)
  await onServer(() => expect(visitOf(winner)).toMatchObject({ status: 'confirmed', holds_time: 1 }))
  expect(clinic.tables.visits('p.name = ?', loser), 'nothing of the other is on the server').toEqual([])
  await b.untilOffline()
  await b.pill.getByText('1 to send').waitFor()
})

test('with its network back, the second booking is on the server without a time', async () => {
  await b.context.setOffline(false)
  await onServer(() => expect(visitOf(loser).status).toBe('unplaced'))
  const [kept, lost] = [visitOf(winner), visitOf(loser)]
  expect(kept).toMatchObject({ status: 'confirmed', holds_time: 1, doctor_id: doctor.id })
  expect(lost).toMatchObject({ holds_time: 0, doctor_id: doctor.id, start_at: kept.start_at })
  expect(JSON.parse(lost.unplaced ?? '')).toMatchObject({ reason: 'slot-taken', takenBy: 'Alex Admin' })
  await b.untilLevel()
})

test('both screens say what happened and offer three other times', async () => {
  for (const client of [a, b]) {
    await client.inboxBadge.click()
    await client.page
      .getByRole('navigation', { name: 'Entries' })
      .getByRole('button', { name: new RegExp(`Time was taken.*${loser}`) })
      .click()
    const entry = client.page.getByRole('article')
    const { local_start: time } = visitOf(loser)
    await entry.getByRole('heading', { name: `${doctor.name}, Fri 27 Nov ${time}, was already taken` }).waitFor()
    await entry.getByText(/ booked that time on Tue 24 Nov .* and reached the server first/).waitFor()
    await entry.getByRole('region', { name: 'On the schedule' }).getByText(winner).waitFor()
    const offers = entry.getByRole('region', { name: 'Offer another time' }).getByRole('button')
    await expect.poll(() => offers.count()).toBe(3)
  }
  expect(await b.page.getByRole('article').textContent()).toContain('You booked')
  expect(await a.page.getByRole('article').textContent()).toContain('Robin Reception booked')
})

test('taking one of them places the booking, on both screens and in the tables', async () => {
  const badge = Number(await b.inboxBadge.textContent())
  await b.press('1')
  await onServer(() => expect(visitOf(loser)).toMatchObject({ status: 'pending', holds_time: 1, unplaced: null }))
  const placed = visitOf(loser)
  expect(placed.start_at).not.toBe(visitOf(winner).start_at)
  for (const client of [a, b]) {
    await expect.poll(async () => Number(await client.inboxBadge.textContent())).toBe(badge - 1)
    await client.page.getByRole('navigation').getByRole('button', { name: 'Day board' }).click()
  }
  if (placed.local_day === DAY) {
    for (const client of [a, b]) {
      expect(await client.spoken(placed.id)).toContain(`${placed.local_start}, ${loser}`)
    }
  }
  expect(clinic.tables.overlaps()).toBe(0)
})

test('log, revisions and tables of the server tell the same story', () => {
  const { tables, server } = clinic
  const statusesOf = ({ id }: VisitRow): string[] =>
    tables
      .all<{ content: string }>(
        'select content from appointment_revisions where appointment_id = ? order by revision',
        id,
      )
      .map(({ content }) => (JSON.parse(content) as { status: string }).status)
  expect(statusesOf(visitOf(winner))).toEqual(['confirmed'])
  expect(statusesOf(visitOf(loser))).toEqual(['unplaced', 'pending'])
  for (const visit of [visitOf(winner), visitOf(loser)]) {
    const written = tables.all<{ action: string }>(
      "select action from audit_log where collection = 'appointments' and document_ids = ? order by seq",
      JSON.stringify([visit.id]),
    )
    expect(written.length, 'one audit row for each revision').toBeGreaterThanOrEqual(visit.revision)
  }
  const log = readFileSync(join(server.dataDir, 'server.log'), 'utf8').trim().split('\n')
  const levels = new Set(log.map((line) => (JSON.parse(line) as { level: string }).level))
  expect([...levels].filter((level) => level === 'error' || level === 'fatal')).toEqual([])
  for (const name of [winner, loser]) expect(log.join('\n')).not.toContain(name)
})
