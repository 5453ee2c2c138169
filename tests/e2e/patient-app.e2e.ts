/** A patient's app on a phone: booking, moving, calling off, waiting, the family, and what is there without the server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { PHONE, sidewaysOverflow, smallTargets } from './support/phone.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const PHONE_NUMBER = '020 7946 0018'
/** What the clinic's clock shows (support/seed-clinic.ts). */
const TODAY = '2026-11-24'

let clinic: Clinic
let client: Client
let patient: { id: string; name: string }
/** Everything that came to the phone, as text. */
const received: string[] = []

beforeAll(async () => {
  clinic = await openClinic()
  const changed = await callAs(clinic.server, 'admin', 'PATCH', '/clinic', { policies: { phone: PHONE_NUMBER } })
  expect(changed.status).toBe(200)
  patient = one(
    clinic.tables.all<{ id: string; name: string }>(
      'select p.id, p.name from patients p join users u on u.id = p.user_id where u.email = ?',
      clinic.server.login('patient'),
    ),
    'patient',
  )
  client = await clinic.newClient({ viewport: PHONE })
  client.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => received.push(payload.toString())),
  )
  client.page.on('response', (response) => {
    if (!response.url().includes('/api/')) return
    void response.text().then(
      (text) => received.push(text),
      () => undefined,
    )
  })
  await client.logIn('patient', { isOwnDevice: true })
  await client.untilLevel()
})
afterAll(() => clinic.close())

/** The screen fits a thumb and a narrow page, and axe finds nothing on it. */
async function isFit(): Promise<void> {
  expect(await smallTargets(client.page)).toEqual([])
  expect(await sidewaysOverflow(client.page)).toBe(0)
  expect(await findingsOf(client)).toEqual([])
}

const heading = (name: string | RegExp) => client.page.getByRole('heading', { name, level: 1 })
const place = (name: string) => client.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name })
const ofPatient = (where: string, id = patient.id): VisitRow[] =>
  clinic.tables.visits(`a.patient_id = ? and ${where}`, id)
const articleOf = (id: string) => client.page.locator(`#visit-${id}`)
/** The grid of times, behind that of days. */
const times = () => client.page.getByRole('grid', { name: /^(Morning|Afternoon), / })

describe('booking', () => {
  test('asks one thing at a time, keeps the time meanwhile, and the desk sees the visit', async () => {
    const desk = await clinic.newClient()
    await desk.logIn('reception')
    await desk.untilLevel()
    await isFit()
    await client.button('Book a visit').click()
    await heading('What is it for?').waitFor()
    await isFit()
    await client.page.getByRole('button', { name: /^Long consultation/ }).click()
    await heading('Who would you like to see?').waitFor()
    await client.page
      .getByText(/^Next free/)
      .nth(1)
      .waitFor()
    await isFit()
    await client.page.getByRole('button', { name: /^First available/ }).click()
    await heading('When does it suit you?').waitFor()
    await times().first().waitFor()
    await isFit()
    // A later week, so that it can still be moved afterwards.
    await client.button('Later days').click()
    await times().first().waitFor()
    await times().first().getByRole('button').first().click()
    await heading('Check and book').waitFor()
    await client.page.getByText(/^We keep this time for you/).waitFor()
    expect(clinic.tables.all('select 1 from holds')).toHaveLength(1)
    await client.page.getByLabel('What should we know?').fill('A rash since Sunday')
    await isFit()
    await client.page.locator('form').getByRole('button', { name: 'Book' }).click()
    await heading('Confirmed').waitFor()
    await isFit()
    const visit = one(ofPatient("a.reason = 'A rash since Sunday'"), 'booked visit')
    expect(visit).toMatchObject({ status: 'confirmed' })
    expect(clinic.tables.all('select 1 from holds')).toEqual([])

    await desk.goDays(0)
    await desk.press('Control+k')
    await desk.page.getByRole('dialog').getByRole('combobox').fill(patient.name)
    await desk.page
      .getByRole('option', { name: new RegExp(`^${patient.name}`) })
      .first()
      .waitFor()
    const shown = await desk.page.evaluate(() => document.body.textContent)
    expect(shown).toContain(patient.name)
    await desk.press('Escape')
    await client.button('To your visits').click()
    await articleOf(visit.id).getByText('Confirmed').waitFor()
  })

  test('is done by keyboard alone: arrows walk the days and the times', async () => {
    await place('Book').click()
    await client.page.getByRole('button', { name: /^Consultation/ }).click()
    await client.page.getByRole('button', { name: /^First available/ }).click()
    await times().first().waitFor()
    const days = client.page.getByRole('grid', { name: 'Days' })
    await days.locator('[aria-pressed="true"]').focus()
    await client.press('End', 'Home', 'ArrowRight')
    expect(await client.page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null)).toBe(true)
    const tabStops = await days.locator('button[tabindex="0"]').count()
    expect(tabStops).toBe(1)
    await client.button('Back').click()
    await heading('Who would you like to see?').waitFor()
    await client.button('Back').click()
    await client.button('Back').click()
    await heading('Your visits').waitFor()
  })

  test('begins at a doctor as well', async () => {
    await place('Doctors').click()
    await heading('Doctors').waitFor()
    await isFit()
    await client.page.getByRole('button', { name: /Okafor/ }).click()
    await client.page.getByRole('article', { name: 'Dr Amara Okafor' }).waitFor()
    await client.page
      .getByText(/^Next free/)
      .first()
      .waitFor()
    await isFit()
    await client.button('Book Consultation').click()
    await heading('When does it suit you?').waitFor()
    await place('Visits').click()
  })
})

describe('a visit', () => {
  const booked = () => one(ofPatient("a.reason = 'A rash since Sunday'"), 'booked visit')

  test('is moved, and keeps its old time until the new one stands', async () => {
    const before = booked()
    await articleOf(before.id).getByRole('button', { name: 'Move' }).click()
    await heading('Choose another time').waitFor()
    await client.page.getByText(/stays until the new time stands/).waitFor()
    // Far enough off to be called off afterwards.
    await client.button('Later days').click()
    await times().last().getByRole('button').last().click()
    await heading('Check and book').waitFor()
    expect(booked().start_at).toBe(before.start_at)
    await client.button('Move the visit').click()
    await heading('Moved').waitFor()
    expect(booked().start_at).not.toBe(before.start_at)
    await client.button('To your visits').click()
  })

  test('goes into the person’s own calendar', async () => {
    const visit = booked()
    const download = client.page.waitForEvent('download')
    await articleOf(visit.id).getByRole('button', { name: 'Add to calendar' }).click()
    const text = await readText(await download)
    expect(text).toContain(`UID:${visit.id}@healthcare-appointment-system`)
    expect(text).not.toContain('rash')
  })

  test('is called off, and its time is free at once', async () => {
    const visit = booked()
    await articleOf(visit.id).getByRole('button', { name: 'Cancel visit' }).click()
    await client.page.getByLabel('Why?').fill('It went away')
    await isFit()
    await articleOf(visit.id).locator('form').getByRole('button', { name: 'Cancel visit' }).click()
    await expect.poll(() => booked().status).toBe('cancelled')
  })

  test('that is near can only be changed by phone, and the number is there', async () => {
    const [near] = ofPatient(`a.local_day = date('${TODAY}', '+1 day') and a.status in ('pending', 'confirmed')`)
    if (!near) {
      await putNearVisit()
      return
    }
    await articleOf(near.id).getByRole('link', { name: PHONE_NUMBER }).waitFor()
    expect(await articleOf(near.id).getByRole('button', { name: 'Cancel visit' }).count()).toBe(0)
  })

  /** The desk books one for this afternoon. */
  async function putNearVisit(): Promise<void> {
    const types = await callAs(clinic.server, 'patient', 'GET', '/appointment-types')
    const { appointmentTypes } = (await types.json()) as { appointmentTypes: { id: string; name: string }[] }
    const typeId = one(
      appointmentTypes.filter(({ name }) => name === 'Consultation'),
      'type',
    ).id
    const free = await callAs(clinic.server, 'reception', 'GET', `/slots/next-free?typeId=${typeId}&limit=1`)
    const { slots } = (await free.json()) as { slots: { doctorId: string; start: number }[] }
    const slot = one(slots, 'free time')
    const body = { patientId: patient.id, typeId, doctorId: slot.doctorId, start: slot.start, isConfirmed: true }
    const made = await callAs(clinic.server, 'reception', 'POST', '/appointments', body)
    const { appointment } = (await made.json()) as { appointment: { id: string } }
    await articleOf(appointment.id).getByRole('link', { name: PHONE_NUMBER }).waitFor()
    expect(await articleOf(appointment.id).getByRole('button', { name: 'Cancel visit' }).count()).toBe(0)
  }
})

describe('waiting', () => {
  test('is agreed to with a window, and an offer becomes a visit', async () => {
    await place('Book').click()
    await client.page.getByRole('button', { name: /^Long consultation/ }).click()
    await client.page.getByRole('button', { name: /Okafor/ }).click()
    await client.button('Join the waiting list').click()
    await heading('Tell me when a time frees up').waitFor()
    expect(await client.page.locator('form').getByRole('button', { name: 'Join the waiting list' }).isDisabled()).toBe(
      true,
    )
    await client.button('Wed').click()
    await client.page.getByText('Any', { exact: true }).click()
    await client.page.getByRole('checkbox', { name: /may write to me/ }).check()
    await isFit()
    await client.page.locator('form').getByRole('button', { name: 'Join the waiting list' }).click()
    await client.page.getByRole('region', { name: 'Waiting list' }).waitFor()

    type Entry = { id: string; doctor_ids: string; type_id: string; weekdays: string }
    const entry = one(
      clinic.tables.all<Entry>(
        "select * from waitlist_entries where patient_id = ? and status = 'waiting'",
        patient.id,
      ),
      'entry',
    )
    expect(JSON.parse(entry.weekdays)).toEqual([3])
    const doctorId = (JSON.parse(entry.doctor_ids) as string[])[0] ?? ''
    const query = new URLSearchParams({ typeId: entry.type_id, doctorId, limit: '40' })
    const found = await callAs(clinic.server, 'reception', 'GET', `/slots/next-free?${query}`)
    const { slots } = (await found.json()) as { slots: { start: number }[] }
    // Not at a time at which the patient is somewhere else already.
    const start = one(slots.toReversed(), 'free time').start
    const offered = await callAs(clinic.server, 'reception', 'POST', '/waitlist/offers', {
      entryIds: [entry.id],
      doctorId,
      start,
    })
    expect(offered.status).toBe(201)
    const offers = client.page.getByRole('region', { name: 'A time has become free for you' })
    await offers.waitFor({ timeout: PATIENCE_MS })
    await isFit()
    await offers.getByRole('button', { name: 'Take it' }).click()
    await offers.waitFor({ state: 'detached' })
    const visit = one(ofPatient('a.start_at = ?'.replace('?', String(start))), 'visit of the offer')
    await articleOf(visit.id).getByText('Confirmed').waitFor()
  })
})

describe('the account', () => {
  test('books for a child whose code the desk gave', async () => {
    const child = one(
      clinic.tables.all<{ id: string; name: string }>(
        "select id, name from patients where user_id is null and birth_date > '2015-01-01' and is_deleted = 0 limit 1",
      ),
      'child',
    )
    const made = await callAs(clinic.server, 'reception', 'POST', `/patients/${child.id}/link-code`)
    const { code } = (await made.json()) as { code: string }
    await place('Account').click()
    await client.page.getByText('This device, now').waitFor()
    await isFit()
    await client.button('Add a person').click()
    await client.page.getByLabel('Code from the desk').fill('AAAAA-AAAAA')
    await client.button('Connect').click()
    await client.page.getByText('This code was already used or is too old').waitFor()
    await client.page.getByLabel('Code from the desk').fill(code)
    await client.button('Connect').click()
    await client.page.getByText('You can book for this person now').waitFor()
    await place('Book').click()
    await heading('Who is the visit for?').waitFor()
    await isFit()
    await client.page.getByRole('button', { name: child.name }).click()
    await client.page.getByRole('button', { name: /^Child's consultation/ }).click()
    await client.page
      .getByRole('button', { name: /^First available|Dr / })
      .first()
      .click()
    await times().first().waitFor()
    await times().first().getByRole('button').first().click()
    await client.page.getByText(/^We keep this time for you/).waitFor()
    await client.page.locator('form').getByRole('button', { name: 'Send request' }).click()
    await client.button('To your visits').click()
    const visit = one(ofPatient("a.origin = 'online' and a.status <> 'cancelled'", child.id), 'visit of the child')
    await articleOf(visit.id).getByText(child.name).waitFor()
  })

  test('gives a copy of all data, and an address for a calendar', async () => {
    await place('Account').click()
    const download = client.page.waitForEvent('download')
    await client.page.getByRole('button', { name: `Download data ${patient.name}` }).click()
    const data = JSON.parse(await readText(await download)) as { patientId: string }
    expect(data.patientId).toBe(patient.id)
    await client.page.getByRole('button', { name: `Make an address for ${patient.name}` }).click()
    const address = await client.page.getByLabel('Address for your calendar').inputValue()
    expect(await (await fetch(address)).text()).toContain('BEGIN:VCALENDAR')
    await isFit()
    await client.page.getByRole('button', { name: /^End / }).click()
    await expect.poll(async () => (await fetch(address)).status).toBe(404)
  })
})

test('all this time nothing of anybody else came to the phone', () => {
  const own = new Set(clinic.tables.visits('p.user_id is not null').map(({ patient_id }) => patient_id))
  const others = clinic.tables.visits('1 = 1').filter(({ patient_id }) => !own.has(patient_id))
  const text = received.join('\n')
  expect(others.length).toBeGreaterThan(1_000)
  expect(
    others.filter(({ id, patient_id }) => text.includes(id) || text.includes(patient_id)).map(({ id }) => id),
  ).toEqual([])
})

describe('without the server', () => {
  test('own visits can be read, and booking says why it has to wait', async () => {
    await place('Visits').click()
    await clinic.server.stop()
    await client.untilOffline()
    await client.page.getByText('Your visits can be read').waitFor()
    for (const name of ['Book a visit', 'Move', 'Cancel visit'])
      expect(await client.button(name).first().isDisabled()).toBe(true)
    expect(await client.page.getByRole('article').count()).toBeGreaterThan(0)
    await isFit()
    await place('Book').click()
    await client.page.getByText('only the server knows which times are free').waitFor()
    await client.page.getByText(`Call ${PHONE_NUMBER}.`).waitFor()
  })

  test('the installed app starts: its shell is kept, and nothing of anybody is kept with it', async () => {
    const manifest = await client.page.locator('link[rel="manifest"]').getAttribute('href')
    expect(manifest).toBe('/manifest.webmanifest')
    const kept = await client.page.evaluate(async () => {
      const names = await caches.keys()
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return all.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(kept).toEqual(expect.arrayContaining(['/', '/manifest.webmanifest', '/icons/app-192.png']))
    expect(kept.filter((path) => /^\/(api|sync|fhir|ical)\//.test(path))).toEqual([])
    await client.page.reload()
    await client.unlock()
    await heading('Your visits').waitFor()
    await client.page.getByRole('article').first().waitFor()
    await clinic.server.start()
  })
})

async function readText(download: { createReadStream: () => Promise<NodeJS.ReadableStream> }): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
