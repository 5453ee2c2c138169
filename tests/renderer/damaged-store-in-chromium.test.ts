/** Bytes of the local store changed under the closed app, in a real browser: found, what is unsent salvaged, and built anew. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { anAppointment, aPatient, testId } from '#tests/support/builders.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'
import { type BrowserUnderTest, openBrowser } from './browser/open-browser.ts'

const KEY = 7
const SENT = testId('Appointment', 1)
const EDITED = testId('Appointment', 2)
const BOOKED = testId('Appointment', 3)

let browser: BrowserUnderTest
let profile: BrowserContext
let tab: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  browser.service.setOnline(true)
  browser.service.server.put('appointments', anAppointment({ id: SENT, note: 'as sent' }))
  browser.service.server.put('appointments', anAppointment({ id: EDITED, note: 'before' }))
  browser.service.server.put('patients', aPatient({ name: 'Zenobia Quill' }))
  profile = await browser.newProfile()
  tab = await browser.newTab(profile)
  await tab.evaluate((byte) => window.local.open(byte), KEY)
  await tab.evaluate(() => window.local.startSync())
  await tab.evaluate(() => window.local.untilInitialSync())
  await tab.evaluate(() => window.local.untilStatus({ waiting: 0 }))
  browser.service.setOnline(false)
  await tab.evaluate((id) => window.local.patch('appointments', id, { note: 'my unsent words' }), EDITED)
  const booking = anAppointment({ id: BOOKED, note: 'my unsent booking', revision: 0 })
  await tab.evaluate((document) => window.local.insert('appointments', [document]), booking)
  await tab.evaluate(() => window.local.note('kept-forms', { forms: { book: { note: 'half a sentence' } } }))
  await tab.evaluate(() => window.local.stopSync())
  await tab.evaluate(() => window.local.close())
  // Another page, so that nothing of it is in memory.
  await tab.close()
  tab = await browser.newTab(profile)
})
afterEach(() => profile.close())

const check = () => tab.evaluate((byte) => window.local.check(byte), KEY)
const salvage = () => tab.evaluate((byte) => window.local.salvage(byte), KEY)

type Change = { readonly part: RegExp; readonly id?: string; readonly field?: string; readonly turn: number }

/** Changes one row of the store under the closed app; without a field the row is taken away. Answers what was changed. */
const damage = (change: Change): Promise<string> =>
  tab.evaluate(
    async ({ part, id, field, turn }) => {
      const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
      const all = (await indexedDB.databases()).map((one) => one.name ?? '').filter((one) => new RegExp(part).test(one))
      let [name, keys] = ['', [] as IDBValidKey[]]
      let database: IDBDatabase | undefined
      // Of what the replication remembers there is one for each collection, and some are empty.
      for (name of all) {
        database?.close()
        database = await settled(indexedDB.open(name))
        keys = await settled(database.transaction('docs').objectStore('docs').getAllKeys())
        if (keys.length > 0) break
      }
      if (!database) throw new Error(`There is no ${part}`)
      const store = database.transaction('docs', 'readwrite').objectStore('docs')
      const key = id ?? (keys[turn % keys.length] as string)
      const row = (await settled(store.get(key))) as Record<string, unknown>
      if (!field) await settled(store.delete(key))
      else {
        const value = row[field] as string | number
        const at = typeof value === 'string' ? 2 + (turn % (value.length - 4)) : 0
        const flipped = (text: string) => {
          const letter = text[at] === 'A' ? 'B' : 'A'
          return turn % 2 ? text.slice(0, at) : text.slice(0, at) + letter + text.slice(at + 1)
        }
        await settled(store.put({ ...row, [field]: typeof value === 'string' ? flipped(value) : value + 1 }))
      }
      database.close()
      return `${name} ${key} ${field}`
    },
    { ...change, part: change.part.source },
  )

describe('a local store', () => {
  it('that was not touched passes', async () => {
    expect(await check()).toBeNull()
    expect((await salvage()).unreadable).toEqual([])
  })

  it('with one row of any kind flipped, cut short or gone is found to be damaged', async () => {
    const random = testRandom(4)
    const kinds: readonly Omit<Change, 'turn'>[] = [
      { part: /--appointments$/, field: 'sealed' },
      { part: /--appointments$/, id: SENT, field: 'start' },
      { part: /--appointments$/, id: SENT, field: 'status' },
      { part: /--appointments$/, id: SENT },
      { part: /--patients$/, field: 'sealed' },
      { part: /--rx-replication-meta-/, field: 'sealed' },
      { part: /--plugin-local-documents-$/, field: 'sealed' },
    ]
    for (const kind of kinds) {
      const keep = await tab.evaluate(copyAll)
      const what = await damage({ ...kind, turn: random.between(0, 1_000) })
      expect(await check(), `${what}, seed ${TEST_SEED}`).not.toBeNull()
      await tab.evaluate(putBack, keep)
      expect(await check()).toBeNull()
    }
  })

  it('gives what is unsent, edits with what they were based on, and names the rows that do not open', async () => {
    await damage({ part: /--appointments$/, id: SENT, field: 'sealed', turn: 20 })
    const found = await salvage()
    expect(found.unreadable).toMatchObject([{ collection: 'appointments', id: SENT, writtenAt: expect.any(Number) }])
    expect(found.unsent).toHaveLength(2)
    expect(found.unsent).toEqual(
      expect.arrayContaining([
        {
          collection: 'appointments',
          row: {
            newDocumentState: expect.objectContaining({ id: EDITED, note: 'my unsent words' }),
            assumedMasterState: expect.objectContaining({ note: 'before' }),
          },
        },
        {
          collection: 'appointments',
          row: { newDocumentState: expect.objectContaining({ id: BOOKED, note: 'my unsent booking' }) },
        },
      ]),
    )
  })

  it('names an unsent row that does not open, and keeps the others', async () => {
    await damage({ part: /--appointments$/, id: EDITED, field: 'sealed', turn: 21 })
    const found = await salvage()
    expect(found.unreadable.map(({ id }) => id)).toEqual([EDITED])
    expect(found.unsent.map(({ row }) => row.newDocumentState.id)).toEqual([BOOKED])
  })

  it('stays where it is as long as what was kept of it does not open', async () => {
    await tab.evaluate((byte) => window.local.replace(byte), KEY)
    // Under another key what was kept is as unreadable as after a flipped bit.
    await tab.evaluate((byte) => window.local.openRescued(byte).catch(() => undefined), KEY + 1)
    await tab.close()
    tab = await browser.newTab(profile)
    const found = await salvage()
    expect(found.unsent.map(({ row }) => row.newDocumentState.id)).toEqual(expect.arrayContaining([EDITED, BOOKED]))
  })

  it('built anew equals the server, sends what was unsent, and keeps what was typed', async () => {
    await damage({ part: /--appointments$/, id: SENT, field: 'sealed', turn: 22 })
    await tab.evaluate((byte) => window.local.replace(byte), KEY)
    // Killed between the removal and the new store: the next start goes on.
    await tab.close()
    tab = await browser.newTab(profile)
    expect(await tab.evaluate((byte) => window.local.openRescued(byte), KEY)).toBe(true)
    expect(await tab.evaluate(() => window.local.noteOf('kept-forms'))).toEqual({
      forms: { book: { note: 'half a sentence' } },
    })
    browser.service.setOnline(true)
    await tab.evaluate(() => window.local.startSync())
    await tab.evaluate(() => window.local.untilInitialSync())
    await tab.evaluate(() => window.local.resendRescued())
    await tab.evaluate(() => window.local.untilStatus({ waiting: 0, parked: 0 }))
    const { server } = browser.service
    await vi.waitFor(() => expect(server.get('appointments', EDITED)).toMatchObject({ note: 'my unsent words' }))
    expect(server.get('appointments', BOOKED)).toMatchObject({ note: 'my unsent booking' })
    await vi.waitFor(async () => {
      const held = await tab.evaluate(() => window.local.find('appointments'))
      for (const id of [SENT, EDITED, BOOKED]) expect(held.find((one) => one.id === id)).toEqual(contentOf(id))
    })
    await tab.evaluate(() => window.local.stopSync())
    await tab.evaluate(() => window.local.close())
    expect(await check()).toBeNull()
    expect(await tab.evaluate((byte) => window.local.openRescued(byte), KEY)).toBe(false)
  })
})

function contentOf(id: string): unknown {
  const { _deleted, ...document } = browser.service.server.get('appointments', id) as { _deleted: boolean }
  return document
}

type Copy = { readonly name: string; readonly rows: readonly unknown[] }

/** Runs in the page. */
async function copyAll(): Promise<Copy[]> {
  const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result)
    })
  const copies: Copy[] = []
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name))
    if (database.objectStoreNames.contains('docs')) {
      copies.push({ name, rows: await settled(database.transaction('docs').objectStore('docs').getAll()) })
    }
    database.close()
  }
  return copies
}

/** Runs in the page. */
async function putBack(copies: readonly Copy[]): Promise<void> {
  const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result)
    })
  for (const { name, rows } of copies) {
    const database = await settled(indexedDB.open(name))
    const store = database.transaction('docs', 'readwrite').objectStore('docs')
    for (const row of rows) await settled(store.put(row))
    database.close()
  }
}
