import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
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
const appointment = anAppointment({ note: 'a secret about the knee', revision: 0 })
const open = (page: Page, keyByte: number | null = KEY) => page.evaluate((byte) => window.local.open(byte), keyByte)
const insertAppointment = (page: Page, part: object = {}) =>
  page.evaluate((document) => window.local.insert('appointments', [document]), { ...appointment, ...part })
const find = (page: Page) => page.evaluate(() => window.local.find('appointments'))

/** Every row of every IndexedDB database of the profile, as the browser keeps it. */
const rawRows = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const rows: unknown[] = []
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name ?? '')
        request.onsuccess = () => resolve(request.result)
      })
      for (const store of database.objectStoreNames) {
        const request = database.transaction(store).objectStore(store).getAll()
        await new Promise((resolve) => {
          request.onsuccess = resolve
        })
        rows.push(...(request.result as unknown[]))
      }
      database.close()
    }
    return JSON.stringify(rows)
  })

describe('data on an own device', () => {
  it('outlives the page and opens again with the key', async () => {
    await open(tab)
    expect(await insertAppointment(tab)).toBe(0)
    await tab.evaluate(() => window.local.close())
    const next = await browser.newTab(profile)
    await open(next)
    expect(await find(next)).toEqual([appointment])
  })

  it('lies encrypted, replication’s own documents included, while plain fields can be asked for', async () => {
    browser.service.server.put('appointments', {
      ...appointment,
      id: testId('Appointment', 2),
      note: 'a secret of theirs',
    })
    browser.service.server.put('patients', aPatient({ name: 'Zenobia Quill', phone: '0301234567' }))
    await open(tab)
    await insertAppointment(tab, { patientId: testId('Patient', 4) })
    await tab.evaluate(() => window.local.startSync())
    await tab.evaluate(() => window.local.untilInitialSync())
    await tab.evaluate(() => window.local.untilStatus({ waiting: 0 }))
    const raw = await rawRows(tab)
    expect(raw).toContain(testId('Appointment', 2))
    for (const secret of ['secret', 'Zenobia', '0301234567']) expect(raw).not.toContain(secret)
    const found = await tab.evaluate(
      (patientId) => window.local.find('appointments', { patientId }),
      testId('Patient', 4),
    )
    expect(found).toHaveLength(1)
  })

  it('cannot be read with another key, and says so', async () => {
    await open(tab)
    await insertAppointment(tab)
    await tab.evaluate(() => window.local.close())
    const next = await browser.newTab(profile)
    await open(next, 8)
    await expect(find(next)).rejects.toThrow()
  })

  it('cannot be read after a ciphertext was moved to another document', async () => {
    await open(tab)
    await insertAppointment(tab)
    await insertAppointment(tab, { id: testId('Appointment', 2), note: 'another' })
    await tab.evaluate(() => window.local.close())
    await tab.evaluate(async () => {
      const name = (await indexedDB.databases()).find((database) => database.name?.endsWith('--appointments'))?.name
      const request = indexedDB.open(name ?? '')
      await new Promise((resolve) => {
        request.onsuccess = resolve
      })
      const store = request.result.transaction('docs', 'readwrite').objectStore('docs')
      const all = store.getAll()
      await new Promise((resolve) => {
        all.onsuccess = resolve
      })
      const [first, second] = all.result as { sealed: string }[]
      store.put({ ...first, sealed: second?.sealed })
      request.result.close()
    })
    const next = await browser.newTab(profile)
    await open(next)
    await expect(find(next)).rejects.toThrow()
  })

  it('is gone after a wipe, with what replication noted beside it', async () => {
    await open(tab)
    await insertAppointment(tab)
    await tab.evaluate(() => window.local.startSync())
    await tab.evaluate(() => window.local.untilStatus({ waiting: 0 }))
    await tab.evaluate(() => window.local.stopSync())
    expect(await rawRows(tab)).toContain(appointment.id)
    await tab.evaluate(() => window.local.close())
    await tab.evaluate((byte) => window.local.wipe(byte), KEY)
    expect(await rawRows(tab)).not.toContain(appointment.id)
    await open(tab)
    expect(await find(tab)).toEqual([])
  })
})

it('nothing outlives the page on a device that is not the user’s own', async () => {
  await open(tab, null)
  await insertAppointment(tab)
  expect(await find(tab)).toEqual([appointment])
  expect(await tab.evaluate(() => indexedDB.databases())).toEqual([])
})

it('needs no eval: the page’s policy forbids it, and nothing was held back by it', async () => {
  expect(await tab.evaluate(() => window.local.isEvalForbidden)).toBe(true)
  await open(tab)
  await insertAppointment(tab)
  await tab.evaluate(() => window.local.startSync())
  await tab.evaluate(() => window.local.untilStatus({ waiting: 0 }))
  // The one complaint is the page's own try.
  const held = browser.complaintsOf(tab).filter((text) => /Content Security Policy/.test(text))
  expect(held.length).toBeLessThanOrEqual(1)
})

describe('two tabs', () => {
  let other: Page
  beforeEach(async () => {
    other = await browser.newTab(profile)
    await open(tab)
    await open(other)
  })

  it('see each other’s changes in the order they were made', async () => {
    await insertAppointment(tab)
    await vi.waitFor(async () => expect(await find(other)).toHaveLength(1))
    const watching = other.evaluate((id) => window.local.watch('appointments', id, 'note', '20'), appointment.id)
    for (let count = 1; count <= 20; count += 1) {
      await tab.evaluate(([id, note]) => window.local.patch('appointments', id, { note }), [
        appointment.id,
        `${count}`,
      ] as const)
    }
    const seen = (await watching).map(Number).filter(Number.isInteger)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(20)
  })

  it('replicate once: one leads, the other works on the same data and knows how things stand', async () => {
    const before = browser.service.sockets()
    await tab.evaluate(() => window.local.startSync())
    await tab.evaluate(() => window.local.untilStatus({ isLeader: true }))
    await tab.evaluate(() => window.local.untilInitialSync())
    await other.evaluate(() => window.local.startSync())
    await other.evaluate(() => window.local.untilInitialSync())
    expect(browser.service.sockets() - before).toBe(1)
    expect(await other.evaluate(() => window.local.status())).toMatchObject({
      isLeader: false,
      connection: { phase: 'ready' },
    })
    const mine = { ...appointment, id: testId('Appointment', 31) }
    await insertAppointment(other, mine)
    await vi.waitFor(() => expect(browser.service.server.get('appointments', mine.id)).toMatchObject({ revision: 1 }))
    await other.evaluate(() => window.local.untilStatus({ waiting: 0 }))
  })

  it('agree on what waits to be sent, whoever wrote it, also after a start without the server', async () => {
    await tab.evaluate(() => window.local.startSync())
    await tab.evaluate(() => window.local.untilInitialSync())
    browser.service.setOnline(false)
    await other.evaluate(() => window.local.startSync())
    await insertAppointment(tab, { id: testId('Appointment', 41) })
    await insertAppointment(other, { id: testId('Appointment', 42) })
    const ids = [testId('Appointment', 41), testId('Appointment', 42)]
    for (const page of [tab, other]) {
      await page.evaluate(() => window.local.untilStatus({ waiting: 2 }))
      expect((await page.evaluate(() => window.local.unsent('appointments'))).sort()).toEqual(ids)
    }
    const third = await browser.newTab(profile)
    await open(third)
    await third.evaluate(() => window.local.startSync())
    expect(await third.evaluate(() => window.local.countWaiting())).toBe(2)
    browser.service.setOnline(true)
    for (const page of [tab, other, third]) await page.evaluate(() => window.local.untilStatus({ waiting: 0 }))
  })

  it('hand the lead on when the leader closes, and what it had not sent is sent', async () => {
    await tab.evaluate(() => window.local.startSync())
    await tab.evaluate(() => window.local.untilInitialSync())
    await other.evaluate(() => window.local.startSync())
    browser.service.setOnline(false)
    await insertAppointment(tab, { id: testId('Appointment', 51) })
    await tab.close()
    await other.evaluate(() => window.local.untilStatus({ isLeader: true }))
    expect(await other.evaluate(() => window.local.countWaiting())).toBe(1)
    browser.service.setOnline(true)
    await other.evaluate(() => window.local.untilStatus({ waiting: 0 }))
    expect(browser.service.server.get('appointments', testId('Appointment', 51))).toBeDefined()
  })
})

describe('a change that is set aside', () => {
  // One that no other test has left on the server.
  const patient = aPatient({
    id: testId('Patient', 77),
    name: 'Zenobia Quill',
    note: 'about the knee',
    revision: 0,
  })
  const failsOverPatients = ({ newDocumentState }: { newDocumentState: { id: string } }) =>
    newDocumentState.id === patient.id
  const startSync = (page: Page) => page.evaluate(() => window.local.startSync())
  beforeEach(() => {
    browser.service.server.failsOver = failsOverPatients
  })
  afterEach(() => {
    browser.service.server.failsOver = () => false
  })

  it('lies encrypted, outlives the page, is known in every tab, and is sent once more from any of them', async () => {
    await open(tab)
    await startSync(tab)
    await tab.evaluate(() => window.local.untilInitialSync())
    await tab.evaluate((document) => window.local.insert('patients', [document]), patient)
    await tab.evaluate(() => window.local.untilStatus({ parked: 1, waiting: 0 }))
    expect(await tab.evaluate(() => window.local.countWaiting())).toBe(1)
    const raw = await rawRows(tab)
    for (const secret of ['Zenobia', 'the knee']) expect(raw).not.toContain(secret)
    await tab.close()

    const [next, other] = [await browser.newTab(profile), await browser.newTab(profile)]
    for (const page of [next, other]) {
      await open(page)
      await startSync(page)
      await page.evaluate(() => window.local.untilStatus({ parked: 1 }))
      expect(await page.evaluate(() => window.local.countWaiting())).toBe(1)
    }
    expect(await next.evaluate((id) => window.local.find('patients', { id }), patient.id)).toEqual([])
    browser.service.server.failsOver = () => false
    expect(await other.evaluate(() => window.local.retryFirst())).toBe('again')
    for (const page of [next, other]) await page.evaluate(() => window.local.untilStatus({ parked: 0, waiting: 0 }))
    expect(browser.service.server.get('patients', patient.id)).toMatchObject({ name: 'Zenobia Quill' })
  })
})

it('finds patients by name after a start, from encrypted data', async () => {
  await open(tab)
  const names = ['Łucja Müller', 'Ada Lovelace', '李 小龙']
  await tab.evaluate(
    (documents) => window.local.insert('patients', documents),
    names.map((name, index) => aPatient({ id: testId('Patient', index + 1), name, revision: 0 })),
  )
  expect(await tab.evaluate(() => window.local.openPatients())).toBe(3)
  expect(await tab.evaluate(() => window.local.search('mul luc'))).toEqual(['Łucja Müller'])
  expect(await tab.evaluate(() => window.local.search('李'))).toEqual(['李 小龙'])
})

it('gives a component nothing until its own query has answered, and unchanged rows as the same objects', async () => {
  await open(tab)
  const [monday, tuesday] = [
    anAppointment({ id: testId('Appointment', 1), start: Date.parse('2026-10-12T08:00:00Z') }),
    anAppointment({ id: testId('Appointment', 2), start: Date.parse('2026-10-13T08:00:00Z') }),
  ]
  const late = anAppointment({ id: testId('Appointment', 3), start: Date.parse('2026-10-13T12:00:00Z') })
  await tab.evaluate((documents) => window.local.insert('appointments', documents), [monday, tuesday, late])
  const untilDrawn = (day: string, ids: readonly string[]) =>
    vi.waitFor(async () => {
      const drawn = await tab.evaluate(() => window.local.drawn())
      expect(drawn.at(-1)).toMatchObject({ day, ids })
      return drawn
    })
  await tab.evaluate((day) => window.local.showDay(day), monday.localDay)
  await untilDrawn(monday.localDay, [monday.id])
  await tab.evaluate((day) => window.local.showDay(day), tuesday.localDay)
  const drawn = await untilDrawn(tuesday.localDay, [tuesday.id, late.id])
  expect(drawn.find(({ day }) => day === tuesday.localDay)?.ids).toBeUndefined()
  expect(drawn.filter(({ day, ids }) => day === tuesday.localDay && ids?.includes(monday.id))).toEqual([])
  await tab.evaluate((id) => window.local.patch('appointments', id, { note: 'new' }), late.id)
  const last = await vi.waitFor(async () => {
    const all = await tab.evaluate(() => window.local.drawn())
    expect(all).toHaveLength(drawn.length + 1)
    return all.at(-1)
  })
  expect(last?.same).toEqual([true, false])
})
