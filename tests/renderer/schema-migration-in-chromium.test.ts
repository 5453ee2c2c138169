// A desk closes its laptop with changes that never left, and opens it in a version that stores documents differently.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { migrationsOf, upgradedFrom } from '#domain/sync/schema-migrations.ts'
import { anAppointment, aPatient, testId } from '#tests/support/builders.ts'
import { type BrowserUnderTest, openBrowser } from './browser/open-browser.ts'

let browser: BrowserUnderTest
let profile: BrowserContext
let tab: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  browser.service.setOnline(true)
  profile = await browser.newProfile()
  tab = await browser.newTab(profile)
})
afterEach(() => profile.close())

const KEY = 7
/** The RxJsonSchema of every collection as the version before had it. */
const olderSchemas = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/schemas-version-0.json'), 'utf8'))
const ADDED = Object.keys(migrationsOf('appointments')[1]?.({}) ?? {})
/** A document as the version before stored it. */
const older = (part: Partial<Appointment>): Appointment =>
  Object.fromEntries(Object.entries(anAppointment(part)).filter(([field]) => !ADDED.includes(field))) as Appointment

const [EDITED, ADDED_HERE, UNTOUCHED] = [1, 2, 3].map((number) => testId('Appointment', number)) as [
  Appointment['id'],
  Appointment['id'],
  Appointment['id'],
]

it('a local store of the version before, with an unsent edit and an unsent booking, is brought over and both arrive', async () => {
  const { server } = browser.service
  for (const id of [EDITED, UNTOUCHED]) server.put('appointments', older({ id }))
  server.put('patients', aPatient({ note: 'a secret about the knee' }))
  await tab.evaluate(([key, schemas]) => window.local.openOlder(key as number, schemas as never), [KEY, olderSchemas])
  await tab.evaluate(() => window.local.startSync())
  await tab.evaluate(() => window.local.untilInitialSync())
  browser.service.setOnline(false)
  await tab.evaluate((id) => window.local.patch('appointments', id, { note: 'a secret, unsent' }), EDITED)
  const booked = older({ id: ADDED_HERE, patientId: testId('Patient', 2), reason: 'unsent too', revision: 0 })
  expect(await tab.evaluate((visit) => window.local.insert('appointments', [visit]), booked)).toBe(0)
  expect(await tab.evaluate(() => window.local.countWaiting())).toBe(2)
  await tab.evaluate(() => window.local.stopSync())
  await tab.evaluate(() => window.local.close())
  expect(server.pushed).toEqual([])

  // The server is of the new version by then, and its rows have the new fields.
  server.upgrade('appointments', (document) => upgradedFrom('appointments', 0, document))
  browser.service.setOnline(true)
  const next = await browser.newTab(profile)
  await next.evaluate((key) => window.local.open(key), KEY)
  const found = await next.evaluate(() => window.local.find('appointments'))
  expect(found.map(({ id }) => id).sort()).toEqual([EDITED, ADDED_HERE, UNTOUCHED].sort())
  for (const document of found) expect(document).toMatchObject({ roomId: null, equipmentIds: [], overbookReason: '' })
  expect(await next.evaluate(() => window.local.find('patients'))).toHaveLength(1)

  await next.evaluate(() => window.local.startSync())
  await expect.poll(() => server.pushed.length, { timeout: 20_000 }).toBe(2)
  await expect.poll(() => next.evaluate(() => window.local.countWaiting()), { timeout: 20_000 }).toBe(0)
  expect(server.get('appointments', EDITED)).toMatchObject({ note: 'a secret, unsent', roomId: null, revision: 2 })
  expect(server.get('appointments', ADDED_HERE)).toMatchObject({ reason: 'unsent too', equipmentIds: [], revision: 1 })
  expect(server.get('appointments', UNTOUCHED)).toMatchObject({ revision: 1 })
  expect(server.pushed.map(({ newDocumentState: { id } }) => id).sort()).toEqual([EDITED, ADDED_HERE].sort())

  // What others do from then on arrives as ever.
  server.put('appointments', anAppointment({ id: UNTOUCHED, note: 'by another desk', roomId: testId('Room') }))
  browser.service.poke('appointments')
  await expect
    .poll(() => next.evaluate((id) => window.local.find('appointments', { id }), UNTOUCHED), { timeout: 20_000 })
    .toMatchObject([{ note: 'by another desk', roomId: testId('Room') }])
  expect(browser.complaintsOf(next)).toEqual([])
})
