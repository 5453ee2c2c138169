/** The server is away: what works on an own device, and what a shared computer says instead. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clinicDatabases, readKept } from './support/browser-storage.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const TODAY = '2026-11-24'

let clinic: Clinic
let own: Client
let shared: Client

beforeAll(async () => {
  clinic = await openClinic()
  await keepNoTimes()
  ;[own, shared] = [await clinic.newClient(), await clinic.newClient()]
  await own.logIn('reception', { isOwnDevice: true })
  await own.untilLevel()
  await shared.logIn('admin')
  await own.page.evaluate(() => navigator.serviceWorker.ready)
})
afterAll(() => clinic.close())

/** A booking into a time that is kept for this computer would be certain; what that is like, allotments.e2e.ts shows. */
async function keepNoTimes(): Promise<void> {
  const { url, login, password } = clinic.server
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: login('admin'), password })
  const session = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers: json, body })
  const { token } = (await session.json()) as { token: string }
  const headers = { ...json, authorization: `Bearer ${token}` }
  const seen = (await fetch(`${url}/api/v1/clinic`, { headers })).headers.get('etag') ?? ''
  const answer = await fetch(`${url}/api/v1/clinic`, {
    method: 'PATCH',
    headers: { ...headers, 'if-match': seen },
    body: JSON.stringify({ policies: { allotmentOneIn: 0 } }),
  })
  expect(`${answer.status} ${await answer.text()}`).toMatch(/^200 /)
}

describe('on an own device, with the server stopped', () => {
  let visit: VisitRow

  test('a reload opens the app all the same, and says what it can do', async () => {
    visit = one(
      clinic.tables.visits(
        "a.local_day = ? and a.status = 'confirmed' and a.start_at > ?",
        TODAY,
        Date.parse(`${TODAY}T15:00Z`),
      ),
      'visit this afternoon',
    )
    await clinic.server.stop()
    await own.untilOffline()
    await own.page.reload()
    await own.page.getByText('You can still open the data kept on this device.').waitFor()
  })

  test('a wrong password says so and opens nothing', async () => {
    await own.unlock('not the right password')
    await own.page
      .getByRole('alert')
      .getByText(/password/i)
      .waitFor()
    expect(await own.grid.count()).toBe(0)
    expect(await own.page.content()).not.toContain(visit.name)
  })

  test('the right one opens the board of today', async () => {
    await own.unlock()
    await own.grid.waitFor()
    await own.card(visit.id).waitFor()
    expect(await own.grid.getAttribute('aria-label')).toBe('Day board, Tuesday 24 November 2026')
    await own.untilOffline()
  })

  test('what is done is kept on the computer, counted and marked', async () => {
    await own.card(visit.id).click()
    await own.press('x')
    await own.page.getByRole('radio', { name: 'The doctor is away' }).check()
    await own.button('Cancel the visit').click()
    await own.pill.getByText('1 to send').waitFor()
    await expect.poll(() => own.spoken(visit.id)).toContain('To send')
    expect(clinic.tables.visit(visit.id)).toMatchObject({ status: 'confirmed', revision: visit.revision })
  })

  let booked: string

  test('a booking is called provisional until the server has agreed', async () => {
    booked = one(
      clinic.tables.all<{ name: string }>(
        `select name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and not exists (select 1 from appointments a
         where a.patient_id = p.id) and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name)`,
      ),
      'patient without visits',
    ).name
    await own.goDays(1)
    await own.press('b')
    await own.choosePatient(booked)
    await own.button(/^Book provisionally/).click()
    await own.pill.getByText('2 to send').waitFor()
    await own.grid.getByRole('button', { name: new RegExp(`${booked}.*Provisional`) }).waitFor()
  })

  test('it is all still there after another reload', async () => {
    await own.page.reload()
    await own.unlock()
    await own.pill.getByText('2 to send').waitFor()
    await own.card(visit.id).waitFor()
    expect(await own.spoken(visit.id)).toContain('Cancelled')
  })

  test('a shared computer says that it cannot work without the server, and keeps nothing', async () => {
    await shared.page.getByText(/Offline on a shared computer: nothing is kept here/).waitFor()
    expect(await shared.button(/^Book/).count()).toBe(0)
    expect(clinicDatabases(await readKept(shared.page))).toEqual([])
    await shared.page.reload()
    await shared.page.getByText(/does not answer/).waitFor()
    expect(await shared.button('Sign in').isDisabled()).toBe(true)
    expect(clinicDatabases(await readKept(shared.page))).toEqual([])
  })

  test('when the server is back both changes arrive in its tables, and the pill goes quiet', async () => {
    await clinic.server.start()
    await own.hurry()
    await vi.waitFor(
      () => {
        expect(clinic.tables.visit(visit.id)).toMatchObject({
          status: 'cancelled',
          cancel_reason: 'The doctor is away',
        })
        expect(clinic.tables.visits('p.name = ?', booked)).toMatchObject([{ status: 'confirmed', holds_time: 1 }])
      },
      { timeout: PATIENCE_MS, interval: 100 },
    )
    await own.untilLevel()
    expect(clinic.tables.overlaps()).toBe(0)
  })

  test('that the visit was opened meanwhile stands in the audit, and no name does', async () => {
    const opened = () =>
      clinic.tables.all<{ document_ids: string; detail: string }>("select * from audit_log where action = 'opened'")
    await expect.poll(() => opened().map(({ document_ids }) => document_ids)).toContain(`["${visit.id}"]`)
    expect(JSON.stringify(opened())).not.toContain(visit.name)
  })
})
