/** What each role is sent and shown. What the server sends is read on the wire: a screen can hide, a frame cannot. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client, Role } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

type Seen = { readonly client: Client; readonly received: string; readonly page: string }

/** Signs in on a shared computer and notes everything that arrives. */
async function look(role: Role): Promise<Seen> {
  const client = await clinic.newClient()
  const frames: string[] = []
  client.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload.toString())))
  client.page.on('response', (response) => {
    if (response.url().includes('/api/'))
      void response.text().then(
        (text) => frames.push(text),
        () => undefined,
      )
  })
  await client.logIn(role)
  await client.untilLevel()
  return { client, received: frames.join('\n'), page: (await client.page.locator('body').textContent()) ?? '' }
}

const userOf = (role: string): { id: string } =>
  one(clinic.tables.all<{ id: string }>('select id from users where email = ?', `${role}@demo.test`), role)

/** Names of patients that none of the given visits has, nor any doctor: their names are no secret. */
function strangers(own: readonly VisitRow[]): string[] {
  const known = new Set(own.map(({ name }) => name))
  return clinic.tables
    .all<{ name: string }>(
      `select distinct name from patients p where not exists (select 1 from doctors d where d.name like '%' || p.name)`,
    )
    .map(({ name }) => name)
    .filter((name) => !known.has(name))
}
/** Of these names, the ones on the screen; short ones could as well be part of a word. */
const shown = (names: readonly string[], { page }: Seen): string[] =>
  names.filter((name) => name.length > 8 && page.includes(name))

describe('a doctor', () => {
  let seen: Seen
  let doctor: { id: string; name: string }

  beforeAll(async () => {
    doctor = one(
      clinic.tables.all<{ id: string; name: string }>(
        'select id, name from doctors where user_id = ?',
        userOf('doctor').id,
      ),
      'doctor',
    )
    seen = await look('doctor')
  })

  test('sees their own day', async () => {
    await seen.client.goDays(0)
    const today = clinic.tables.visits("a.doctor_id = ? and a.local_day = '2026-11-24'", doctor.id)
    expect(today.length).toBeGreaterThan(10)
    const columns = await seen.client.grid.getByRole('columnheader').allTextContents()
    expect(columns).toEqual([expect.stringContaining(doctor.name)])
    const arrived = one(
      today.filter(({ status }) => status === 'arrived'),
      'patient in the house',
    )
    expect(seen.page).toContain(arrived.name)
  })

  test('is sent no visit of another doctor, and no patient of theirs alone', () => {
    const own = clinic.tables.visits('a.doctor_id = ?', doctor.id)
    const others = clinic.tables.visits('a.doctor_id <> ?', doctor.id)
    expect(others.length).toBeGreaterThan(1_000)
    expect(others.filter(({ id }) => seen.received.includes(id)).map(({ id }) => id)).toEqual([])
    expect(strangers(own).filter((name) => seen.received.includes(`"${name}"`))).toEqual([])
    expect(shown(strangers(own), seen)).toEqual([])
  })
})

describe('a patient', () => {
  let seen: Seen
  let patient: { id: string; name: string }

  beforeAll(async () => {
    patient = one(
      clinic.tables.all<{ id: string; name: string }>(
        'select id, name from patients where user_id = ?',
        userOf('patient').id,
      ),
      'patient',
    )
    seen = await look('patient')
  })

  test('sees their own visits', async () => {
    const own = clinic.tables.visits('a.patient_id = ?', patient.id)
    await expect.poll(() => seen.client.page.getByRole('article').count()).toBe(own.length)
    for (const { doctor } of own) expect(seen.page).toContain(doctor)
  })

  test('is sent nobody else’s visit and no other name', () => {
    const others = clinic.tables.visits('a.patient_id <> ?', patient.id)
    expect(others.filter(({ id }) => seen.received.includes(id)).map(({ id }) => id)).toEqual([])
    const names = strangers(clinic.tables.visits('a.patient_id = ?', patient.id))
    expect(names.length).toBeGreaterThan(1_000)
    expect(names.filter((name) => seen.received.includes(`"${name}"`))).toEqual([])
    expect(shown(names, seen)).toEqual([])
  })

  test('calls a visit off while the server answers', async () => {
    const visit = one(
      clinic.tables.visits(
        "a.patient_id = ? and a.status in ('pending', 'confirmed') and a.local_day > '2026-11-24'",
        patient.id,
      ),
      'visit to come',
    )
    const { page } = seen.client
    const article = page
      .getByRole('article')
      .filter({ hasText: visit.doctor })
      .filter({ hasText: visit.local_start })
      .first()
    await article.getByRole('button', { name: 'Cancel visit' }).click()
    await article.getByLabel('Why?').fill('I am better')
    await article.locator('form').getByRole('button', { name: 'Cancel visit' }).click()
    await expect.poll(() => clinic.tables.visit(visit.id).status).toBe('cancelled')
  })
})
