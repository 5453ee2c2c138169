/** One browser of one person: its tabs, what lies in its storage, and leaving it. */
import type { WebSocket } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clinicDatabases, readKept, readOtherStorage } from './support/browser-storage.ts'
import { type Client, PATIENCE_MS, type Tab } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const TODAY = '2026-11-24'
/** What a take-over may take; waited for three times over. */
const TAKE_OVER_MS = 2_000

let clinic: Clinic
let first: Client
let second: Tab

/** Waits until the server has what was done. */
const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })

const isOfSync = (socket: WebSocket): boolean => new URL(socket.url()).pathname.startsWith('/sync/')

/** Visits of this afternoon that wait for confirmation, one for each doctor. */
function pending(index: number): VisitRow {
  const visits = clinic.tables.visits(
    "a.local_day = ? and a.status = 'pending' and a.start_at > ?",
    TODAY,
    Date.parse(`${TODAY}T13:00Z`),
  )
  const perDoctor = [...Map.groupBy(visits, ({ doctor_id }) => doctor_id).values()].flatMap(([visit]) => visit ?? [])
  return one(perDoctor.slice(index), 'visit that waits for confirmation')
}

async function confirm(tab: Tab, visit: VisitRow): Promise<void> {
  await tab.card(visit.id).click()
  await tab.press('c')
}

beforeAll(async () => {
  clinic = await openClinic()
  first = await clinic.newClient()
  await first.logIn('reception', { isOwnDevice: true })
  await first.untilLevel()
})
afterAll(() => clinic.close())

describe('two tabs of one browser', () => {
  const dialled: WebSocket[] = []

  test('work on the same data while one of them talks to the server', async () => {
    second = await first.newTab()
    // The stream of messages to the person is every tab's own; the data has one line.
    second.page.on('websocket', (socket) => isOfSync(socket) && dialled.push(socket))
    await second.unlock()
    await second.untilLevel()
    const visit = pending(0)
    await confirm(second, visit)
    await onServer(() => expect(clinic.tables.visit(visit.id).status).toBe('confirmed'))
    await expect.poll(() => first.spoken(visit.id)).toContain(', Confirmed')
    await second.untilLevel()
    expect(dialled).toEqual([])
  })

  test('and when it closes, the other takes over in time', async () => {
    const dialling = second.page.waitForEvent('websocket', { predicate: isOfSync, timeout: 3 * TAKE_OVER_MS })
    await first.page.close()
    await dialling
    const visit = pending(1)
    await confirm(second, visit)
    await onServer(() => expect(clinic.tables.visit(visit.id).status).toBe('confirmed'))
    await second.untilLevel()
  })
})

describe('the storage of an own device', () => {
  test('holds the documents and no word of a patient in clear', async () => {
    const kept = await readKept(second.page)
    const rows = clinicDatabases(kept).flatMap(({ stores }) => Object.values(stores).flat())
    const all = JSON.stringify(kept) + (await readOtherStorage(second.page))
    const { id, name, phone, patient_id } = pending(0)
    expect(rows.length).toBeGreaterThan(8_000)
    expect(all, 'ids are in clear: the visit is there').toContain(id)
    expect(all).toContain(patient_id)
    // Doctors are no secret, and some patients have a doctor's name.
    const people = clinic.tables
      .visits('a.local_day = ?', TODAY)
      .filter((visit) => clinic.tables.all("select 1 from doctors where name like '%' || ?", visit.name).length === 0)
    const words = [name, phone, ...people.flatMap((person) => [person.name, person.phone])]
    expect(words.filter((word) => word !== '' && all.includes(word))).toEqual([])
    expect(all).not.toContain(clinic.server.password)
  })
})

describe('signing out', () => {
  let visit: VisitRow
  const dialog = () => second.page.getByRole('dialog')
  const askToSignOut = async (): Promise<void> => {
    await second.page.getByRole('button', { name: /^Your account/ }).click()
    await second.page.getByRole('menuitem', { name: 'Sign out' }).click()
    await dialog().waitFor()
  }

  test('waits while something is unsent, and says what', async () => {
    await clinic.server.stop()
    await second.untilOffline()
    visit = pending(2)
    await confirm(second, visit)
    await second.pill.getByText('1 to send').waitFor()
    await askToSignOut()
    await dialog().getByText('Not everything is sent yet').waitFor()
    expect(await dialog().getByRole('listitem').allTextContents()).toEqual([
      expect.stringContaining(`${visit.name} · Tue 24 Nov ${visit.local_start}`),
    ])
    expect(await dialog().getByRole('button', { name: 'Sign out', exact: true }).count()).toBe(0)
    await dialog().getByRole('button', { name: 'Open the sync inbox' }).click()
    await second.page.getByRole('heading', { name: 'A change waits to be sent' }).waitFor()
  })

  test('goes through once it is sent, and takes the data along when asked to', async () => {
    await clinic.server.start()
    await second.hurry()
    await onServer(() => expect(clinic.tables.visit(visit.id).status).toBe('confirmed'))
    await second.untilLevel()
    await askToSignOut()
    await dialog().getByLabel('Also remove the data from this device').check()
    await dialog().getByRole('button', { name: 'Sign out', exact: true }).click()
    await second.page.getByLabel('E-mail').waitFor()
    expect(await second.page.getByText('reception@demo.test').count()).toBe(0)
    expect(clinicDatabases(await readKept(second.page)).flatMap(({ stores }) => Object.values(stores).flat())).toEqual(
      [],
    )
    await second.page.reload()
    await second.page.getByLabel('E-mail').waitFor()
  })
})
