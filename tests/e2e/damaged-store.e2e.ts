/** The local store of an own device is damaged while the app is closed, with a change in it that nobody else has. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const TODAY = '2026-11-24'

let clinic: Clinic
let own: Client
let visit: VisitRow

beforeAll(async () => {
  clinic = await openClinic()
  own = await clinic.newClient()
  await own.logIn('reception', { isOwnDevice: true })
  await own.untilLevel()
  await own.page.evaluate(() => navigator.serviceWorker.ready)
  const wanted = "a.local_day = ? and a.status = 'pending' and a.start_at > ?"
  visit = one(clinic.tables.visits(wanted, TODAY, Date.parse(`${TODAY}T13:00Z`)), 'visit that waits for confirmation')
})
afterAll(() => clinic.close())

test('a start finds it and says what is left, without the server and without a name', async () => {
  await clinic.server.stop()
  await own.untilOffline()
  await own.card(visit.id).click()
  await own.press('c')
  await own.pill.getByText('1 to send').waitFor()
  await own.page.reload()
  await own.password.waitFor()
  await own.page.evaluate(flipPatients)
  await own.unlock()
  await own.page.getByRole('heading', { name: 'The data on this device is damaged' }).waitFor()
  await own.page.getByText('1 change was not sent yet.').waitFor()
  await own.page.getByText('1 entry cannot be read any more.').waitFor()
  expect(await own.page.content()).not.toContain(visit.name)
})

test('the unsent change is saved to a file, and nothing is removed before the server answers', async () => {
  const saving = own.page.waitForEvent('download')
  await own.button('Save the file and rebuild').click()
  const file = JSON.parse(await readFile(await (await saving).path(), 'utf8'))
  expect(file.unsentChanges).toMatchObject([
    { collection: 'appointments', wanted: { id: visit.id, status: 'confirmed' }, base: { status: 'pending' } },
  ])
  expect(file.unreadable).toMatchObject([{ collection: 'patients' }])
  await own.page.getByText('Nothing is removed until it does').waitFor()
  expect(clinic.tables.visit(visit.id).status).toBe('pending')
})

test('when the server answers, the store is built anew and the change arrives', async () => {
  await clinic.server.start()
  await own.grid.or(own.password).first().waitFor()
  if (!(await own.grid.isVisible())) await own.unlock()
  await own.card(visit.id).waitFor()
  await vi.waitFor(() => expect(clinic.tables.visit(visit.id).status).toBe('confirmed'), {
    timeout: PATIENCE_MS,
    interval: 100,
  })
  await own.untilLevel()
  await expect.poll(() => own.spoken(visit.id)).toContain(', Confirmed')
})

/** Runs in the page: one letter of one patient's ciphertext becomes another. */
async function flipPatients(): Promise<void> {
  const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result)
    })
  const name = (await indexedDB.databases()).map((one) => one.name ?? '').find((one) => one.endsWith('--patients'))
  const database = await settled(indexedDB.open(name ?? ''))
  const store = database.transaction('docs', 'readwrite').objectStore('docs')
  const [row] = (await settled(store.getAll(null, 1))) as { sealed: string }[]
  const sealed = row?.sealed ?? ''
  await settled(
    store.put({ ...row, sealed: sealed.slice(0, 40) + (sealed[40] === 'A' ? 'B' : 'A') + sealed.slice(41) }),
  )
  database.close()
}
