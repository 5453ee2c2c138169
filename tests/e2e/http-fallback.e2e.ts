/** A browser on a network that lets no WebSocket through: the same board, over HTTP, and the pill's detail says so. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { instantOf, one } from './support/server-tables.ts'

const DAY = '2026-11-27'
const DAYS_AHEAD = 3

let clinic: Clinic
let desk: Client
let doctor: { readonly id: string; readonly name: string }
let minutes: readonly number[]
let people: readonly { readonly id: string; readonly name: string }[]
const person = (index: number) => one(people.slice(index), `patient ${index}`)
const minute = (index: number) => one(minutes.slice(index), `free time ${index}`)

beforeAll(async () => {
  clinic = await openClinic()
  const { tables } = clinic
  const places = tables.all<{ id: string; name: string }>('select id, name from doctors').map((candidate) => {
    const free = tables.freeMinutes(candidate.id, DAY, one(tables.typesOf(candidate.id), 'type'))
    return { doctor: candidate, minutes: free.filter((start) => start % 60 === 0) }
  })
  ;({ doctor, minutes } = one(
    places.filter((place) => place.minutes.length > 1),
    'doctor with two free times',
  ))
  people = tables.all(
    `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and birth_date between '1960' and '1990'
     and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name limit 2`,
  )
  desk = await clinic.newClient()
  await desk.context.addInitScript(refuseWebSockets)
  await desk.page.reload()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

/** Runs in the page: what a browser reports of an upgrade that a proxy refuses. */
function refuseWebSockets(): void {
  class Refused {
    onclose: ((event: { readonly code: number }) => void) | null = null
    constructor() {
      setTimeout(() => this.onclose?.({ code: 1006 }))
    }
    send(): void {}
    close(): void {}
  }
  globalThis.WebSocket = Refused as never
}

test('the pill’s detail says that the app works over HTTP', async () => {
  const detail = await desk.pill.getByRole('button').getAttribute('title')
  expect(detail).toContain('Working over HTTP; changes may arrive a little later.')
})

test('what is booked elsewhere appears on the board', async () => {
  await desk.goDays(DAYS_AHEAD)
  const type = one(clinic.tables.typesOf(doctor.id), 'type')
  const wish = {
    doctorId: doctor.id,
    patientId: person(0).id,
    typeId: type.id,
    start: instantOf(DAY, minute(0)),
  }
  expect((await callAs(clinic.server, 'admin', 'POST', '/appointments', wish)).status).toBe(201)
  await desk.grid.getByRole('button', { name: new RegExp(person(0).name) }).waitFor()
})

test('what is booked here reaches the server', async () => {
  await desk.pointToSlot(doctor.id, minute(1))
  await desk.press('Enter')
  await desk.choosePatient(person(1).name)
  await desk.page.getByText(new RegExp(`^${person(1).name}, .* with ${doctor.name}`)).waitFor()
  await desk.press('Control+Enter')
  await vi.waitFor(() => expect(clinic.tables.visits('p.name = ?', person(1).name)).toHaveLength(1), {
    timeout: PATIENCE_MS,
    interval: 100,
  })
  await desk.untilLevel()
})

test('messages can be read although no stream of them comes through', async () => {
  await desk.page.getByRole('button', { name: /^Messages to you/ }).click()
  await desk.page.getByRole('button', { name: 'Mark all as read' }).waitFor()
  await expect.poll(() => desk.page.getByText('The server is out of reach').count()).toBe(0)
})
