/** Every screen over the demo clinic: axe finds nothing, and what the screen is for can be done. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import type { BehaviorSubject } from 'rxjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LocalDatabase } from '#renderer/local-db/local-database.ts'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import { type Harness, openHarness } from './harness/open-harness.ts'

/** A Monday, twenty to twelve in London: the morning is half done. */
const NOW = '2026-11-23T11:40:00Z'

/** What the page leaves for specs. */
type HarnessWindow = { readonly database: LocalDatabase; readonly status$: BehaviorSubject<SyncStatus> }

let harness: Harness
let page: Page

beforeAll(async () => {
  harness = await openHarness()
})
afterAll(() => harness.close())
afterEach(() => page.context().close())

const open = async (query: Record<string, string> = {}): Promise<void> => {
  page = await harness.open('clinic', { now: NOW, doctors: '4', ...query })
  if (query.role === 'doctor') {
    await page.getByRole('article', { name: 'Patient' }).waitFor()
    await press('g', 'd')
  }
  if (query.role !== 'patient') await page.locator('[data-item]').first().waitFor()
}
const findings = async (): Promise<unknown[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => ({ id, node: nodes[0]?.html.slice(0, 300), why: nodes[0]?.failureSummary }))
}
const board = () => page.locator('[role=grid]')
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

describe('axe has no finding', () => {
  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
    ['right to left', { dir: 'rtl' }],
  ] as const)('on the board with a visit’s details, %s', async (_, query) => {
    await open(query)
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    expect(await findings()).toEqual([])
  })

  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
  ] as const)('while booking offline, %s', async (_, query) => {
    await open({ phase: 'offline', doctors: '1', ...query })
    await press('b')
    await page.keyboard.type('al')
    await page.getByRole('option').first().waitFor()
    expect(await findings()).toEqual([])
    await press('Enter')
    await page.getByText('Choose a patient first.').waitFor({ state: 'detached' })
    expect(await findings()).toEqual([])
  })

  it('while cancelling', async () => {
    await open({ doctors: '1' })
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    await press('x')
    await page.getByRole('radio', { name: 'The patient is ill' }).waitFor()
    expect(await findings()).toEqual([])
  })

  it.each([
    ['light', {}],
    ['dark', { scheme: 'dark' }],
  ] as const)('in the inbox, %s', async (_, query) => {
    await open(query)
    await press('g', 's')
    await page.getByText('Offer another time').waitFor()
    expect(await findings()).toEqual([])
  })

  it('in the finder and the keyboard sheet', async () => {
    await open({ doctors: '1' })
    await press('Control+k')
    await page.keyboard.type('ma')
    await page.getByRole('option').first().waitFor()
    expect(await findings()).toEqual([])
    await press('Escape', '?')
    await page.getByText('While booking').waitFor()
    expect(await findings()).toEqual([])
  })

  it('on a doctor’s day and on a patient’s visits', async () => {
    await open({ role: 'doctor' })
    expect(await page.getByRole('columnheader').count()).toBe(1)
    expect(await findings()).toEqual([])
    await page.context().close()
    await open({ role: 'patient' })
    await page.getByRole('button', { name: 'Cancel visit' }).first().waitFor()
    expect(await findings()).toEqual([])
  })
})

describe('the board', () => {
  it('stays where it was scrolled to when a visit on it changes', async () => {
    await open({ doctors: '12' })
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    const scrolled = (): Promise<number[]> => board().evaluate(({ scrollTop, scrollLeft }) => [scrollTop, scrollLeft])
    await board().evaluate((element) => element.scrollTo({ top: element.scrollHeight, left: element.scrollWidth }))
    const before = await scrolled()
    const cards = await page.locator('[data-look=arrived]').count()
    await page.evaluate(async () => {
      const { database } = (window as unknown as { harness: HarnessWindow }).harness
      const selector = { localDay: '2026-11-23', status: 'confirmed' } as const
      const visit = await database.appointments.findOne({ selector, sort: [{ start: 'desc' }] }).exec()
      await visit?.incrementalPatch({ status: 'arrived', arrivedAt: Date.now() })
    })
    await expect.poll(() => page.locator('[data-look=arrived]').count()).toBe(cards + 1)
    expect(await scrolled()).toEqual(before)
  })

  it('takes a visit through its steps by single keys, and back', async () => {
    await open()
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    const status = (text: string) => page.getByRole('article').locator('dd', { hasText: text }).waitFor()
    await press('a')
    await status('Arrived')
    await press('r')
    await status('In room')
    await press('d')
    await status('Done')
    await press('u')
    await status('In room')
    await press('u')
    await status('Arrived')
  })

  it('does nothing by single keys once they are switched off', async () => {
    await open({ doctors: '1' })
    await press('?')
    await page.getByRole('switch', { name: 'Shortcuts of a single letter' }).click({ force: true })
    await press('Escape', 'b')
    expect(await page.getByRole('form', { name: 'Book' }).count()).toBe(0)
    await press('Control+k')
    await page.getByRole('dialog').waitFor()
  })

  it('books a known patient in at most 25 keystrokes, without a pointer', async () => {
    await open()
    let strokes = 0
    const stroke = async (...keys: string[]): Promise<void> => {
      strokes += keys.length
      await press(...keys)
    }
    await stroke('b', ...'alan macd')
    await page.getByRole('option', { name: 'Alan MacDonald' }).waitFor()
    await stroke('Enter')
    await page.getByText(/^Alan MacDonald, .* with Dr /).waitFor()
    await stroke('Control+Enter')
    await page.getByText(/Alan MacDonald booked for/).waitFor()
    expect(strokes).toBeLessThanOrEqual(25)
    const focused = page.locator('[data-item]:focus [role=img]')
    await expect.poll(() => focused.getAttribute('aria-label')).toMatch(/Alan MacDonald, .*Confirmed/)
  })

  it('takes a booking back while the offer stands', async () => {
    await open({ doctors: '1' })
    await press('b', ...'alan macd')
    await page.getByRole('option', { name: 'Alan MacDonald' }).waitFor()
    await press('Enter')
    await page.getByText(/^Alan MacDonald, .* with Dr /).waitFor()
    await press('Control+Enter')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('[data-look=cancelled]', { hasText: 'Alan MacDonald' }).waitFor()
  })

  it('says on a card booked offline that it is provisional, and counts it', async () => {
    await open({ phase: 'offline', doctors: '1' })
    await press('b', ...'alan macd')
    await page.getByRole('option', { name: 'Alan MacDonald' }).waitFor()
    await press('Enter')
    await page.getByRole('button', { name: 'Book provisionally' }).click()
    await page.getByText('Offline since 11:32 · 1 to send').waitFor()
    await page.locator('[data-mark=provisional]', { hasText: 'Alan MacDonald' }).waitFor()
  })

  it('adds a new patient without leaving the booking, and shows who is there already', async () => {
    await open({ doctors: '1' })
    await press('b')
    await page.keyboard.type('Alan MacDonald')
    await page.getByRole('option', { name: /Add “Alan MacDonald”/ }).click()
    await page.getByText('Already in the list?').waitFor()
    await page.getByLabel('Name').fill('Alana Macdonaldson')
    await page.getByLabel('Birth date').fill('3.3.1971')
    await page.getByLabel('Phone').fill('07700 900123')
    await press('Enter')
    await page.getByText(/^Alana Macdonaldson, /).waitFor()
    await page.getByText('3 Mar 1971').waitFor()
  })

  it('keeps moving a visit while the day changes, and drops it on the other day', async () => {
    await open()
    await page.locator('[data-item]:has([data-look=confirmed])').first().click()
    await press('m', ']')
    await page.getByRole('heading', { name: 'Tuesday 24 November 2026' }).waitFor()
    await page.getByText(/^Moving /).waitFor()
    await press('Escape')
    await page.getByText(/^Moving /).waitFor({ state: 'detached' })
    expect(await board().isVisible()).toBe(true)
  })
})

describe('a day outside the replicated window', () => {
  const pickDay = async (months: number, label: string): Promise<void> => {
    await page.getByRole('button', { name: /^\w+day \d+ \w+ 2026$/ }).click()
    const step = page.getByRole('button', { name: months < 0 ? 'Previous month' : 'Next month' })
    for (let n = 0; n < Math.abs(months); n += 1) await step.click()
    await page.getByRole('button', { name: label, exact: true }).click()
  }

  it('says so, instead of a board on which nobody is booked, and leads to the last day there is', async () => {
    await open({ doctors: '1' })
    await pickDay(7, '7 June 2027')
    await page.getByText('Monday 7 June 2027 is not on this computer').waitFor()
    await page.getByText(/reaches 180 days ahead.*It opens on Wednesday 9 December 2026/).waitFor()
    expect(await board().count()).toBe(0)
    expect(await page.getByText('Nobody is waiting.').count()).toBe(0)
    expect(await findings()).toEqual([])
    await page.getByRole('button', { name: 'Go to Saturday 22 May 2027' }).click()
    await board().waitFor()
    await press(']')
    await page.getByText('Sunday 23 May 2027 is not on this computer').waitFor()
    await press('[')
    await board().waitFor()
  })

  it('takes no booking, and says why', async () => {
    await open({ doctors: '1' })
    await pickDay(7, '7 June 2027')
    await press('b')
    await page.getByText('The board of this computer does not hold that day').waitFor()
    expect(await page.getByRole('complementary').getByRole('radio').count()).toBe(0)
    expect(await page.getByText('No free time in the next two weeks.').count()).toBe(0)
    expect(await page.getByRole('button', { name: /^Book/ }).last().isDisabled()).toBe(true)
  })

  it('writes no list of a day long past', async () => {
    await open({ doctors: '1' })
    await pickDay(-2, '20 September 2026')
    await page.getByText(/keeps the last 30 days/).waitFor()
    await page.getByRole('button', { name: /^Your account/ }).click()
    await page.getByRole('menuitem', { name: 'Export day list as CSV' }).click()
    await page.getByText(/could not be written: The board of this computer/).waitFor()
  })
})

describe('the inbox', () => {
  it('gives a lost booking another time by one key', async () => {
    await open()
    await press('g', 's')
    await page.getByText('Offer another time').waitFor()
    const entries = page.getByRole('region', { name: 'Needs you' }).getByRole('button')
    const before = await entries.count()
    await press('1')
    await expect.poll(() => entries.count()).toBe(before - 1)
  })

  it('lists the booked visits under a doctor’s leave, opens each, and says when one has moved', async () => {
    await open({ role: 'doctor' })
    const names = await leaveOverToday()
    await press('g', 's')
    const row = page.getByRole('button', { name: /^Booked visits outside the hours/ })
    await row.click()
    await page.getByRole('heading', { name: 'Your leave on Mon 23 Nov covers 3 booked visits' }).waitFor()
    await page.getByText('New bookings from 12:00 to 23:00 are refused. 3 visits still keep their time').waitFor()
    const lines = page.getByRole('list', { name: 'Booked visits' }).getByRole('listitem')
    expect(await lines.count()).toBe(3)
    for (const [index, name] of names.entries()) expect(await lines.nth(index).textContent()).toContain(name)
    expect(await findings()).toEqual([])
    await lines.first().getByRole('button').click()
    await page
      .getByRole('article')
      .getByText(names[0] ?? '')
      .first()
      .waitFor()
    await press('x')
    await page.getByRole('radio', { name: 'The doctor is away' }).check()
    await page.locator('form').getByRole('button', { name: 'Cancel the visit' }).click()
    await press('g', 's')
    await row.click()
    await page.getByText('2 visits still keep their time').waitFor()
    await lines.first().getByText('Cancelled').waitFor()
    await page.getByRole('button', { name: 'Understood' }).click()
    await row.waitFor({ state: 'detached' })
  })
})

describe('a change the server could not take', () => {
  it('says why and what stands instead, can be sent again, and is discarded only when asked twice', async () => {
    await open()
    const name = await setAside()
    await page.getByRole('banner').getByText('1 change could not be sent').waitFor()
    await press('g', 's')
    const entry = page.getByRole('article')
    await entry.getByRole('heading', { name: 'The server could not take your change to a visit' }).waitFor()
    await entry.getByText(/^It was sent five times, .* Only this computer has it/).waitFor()
    for (const side of ['What you wanted', 'As it stands']) {
      expect(await entry.getByRole('region', { name: side }).textContent()).toContain(name)
    }
    expect(await findings()).toEqual([])
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await entry.getByRole('button', { name: 'Copy' }).click()
    await entry.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('what the caller said')
    await press('Control+k')
    await page.keyboard.type('sign out')
    await page.getByRole('option', { name: /^Sign out/ }).waitFor()
    await press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 of them could not be sent').waitFor()
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual([expect.stringContaining(name)])
    await dialog.getByRole('button', { name: 'Open the sync inbox' }).click()
    await entry.getByRole('button', { name: 'Try again' }).click()
    await entry.getByText('It is sent once more.').waitFor()
    await entry.getByRole('button', { name: 'Discard…' }).click()
    await entry.getByRole('button', { name: 'Keep it' }).click()
    await entry.getByRole('button', { name: 'Discard…' }).click()
    await entry.getByText('This is the only copy.').waitFor()
    await entry.getByRole('button', { name: 'Discard for good' }).click()
    await entry.getByText('This is the only copy.').waitFor({ state: 'detached' })
    await page.getByRole('banner').getByText('could not be sent').waitFor({ state: 'detached' })
  })
})

describe('a screen that nobody touches', () => {
  const isLocked = () => page.evaluate(() => document.documentElement.dataset.locked === 'true')

  it('says that it will lock, stays when it is touched, and locks when it is not', async () => {
    await open({ doctors: '1', idle: '6000' })
    const soon = page.getByText(/^Locks in \d+ seconds/)
    await soon.waitFor()
    await page.mouse.move(30, 30)
    await soon.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.documentElement.dataset.locked === 'true')
    expect(await findings()).toEqual([])
  })

  it('stays while another window is touched', async () => {
    await open({ doctors: '1', idle: '6000' })
    const soon = page.getByText(/^Locks in \d+ seconds/)
    await soon.waitFor()
    const other = await page.context().newPage()
    await other.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: 'another window' }))
    await other.goto(page.url())
    await other.evaluate(() => new BroadcastChannel('touches').postMessage(null))
    await soon.waitFor({ state: 'detached' })
    expect(await isLocked()).toBe(false)
  })

  it('stays open where nobody could open it again: data in memory, and no server', async () => {
    await open({ doctors: '1', idle: '50', kept: 'no', phase: 'offline' })
    await page.mouse.move(30, 30)
    await press('g', 's')
    await page.getByText('Nothing to decide').or(page.getByText('Needs you')).first().waitFor()
    expect(await isLocked()).toBe(false)
  })
})

/** Sets a changed note of a visit aside, as replication does; answers the patient's name. */
const setAside = (): Promise<string> =>
  page.evaluate(async () => {
    const { database, status$ } = (window as unknown as { harness: HarnessWindow }).harness
    const visit = await database.appointments.findOne({ selector: { status: 'confirmed' } }).exec()
    if (!visit) throw new Error('nobody is booked')
    const base = { ...visit.toJSON(), _deleted: false }
    const row = { newDocumentState: { ...base, note: 'what the caller said' }, assumedMasterState: base }
    const change = {
      collection: 'appointments',
      schemaVersion: 1,
      row,
      reason: 'refused-request',
      message: 'BAD_REQUEST',
      at: Date.now(),
    }
    await database.upsertLocal('parked-changes', { changes: [{ id: 'one', isAgain: false, ...change }] })
    const count = async () => {
      const note = await database.getLocal<{ changes: unknown[] }>('parked-changes')
      status$.next({ ...status$.getValue(), parked: note?.toJSON().data.changes.length ?? 0 })
    }
    database.eventBulks$.subscribe(({ isLocal }) => isLocal && void count())
    await count()
    return (await database.patients.findOne(visit.patientId).exec())?.name ?? ''
  })

/** Puts what the server writes for leave over the rest of the day into the inbox; the names of three patients it covers. */
const leaveOverToday = (): Promise<string[]> =>
  page.evaluate(async () => {
    const { database } = (window as unknown as { harness: HarnessWindow }).harness
    const visits = await database.appointments.find({ selector: { localDay: '2026-11-23' } }).exec()
    const open = visits
      .filter(({ status, localStart }) => ['pending', 'confirmed'].includes(status) && localStart > '12:00')
      .sort((a, b) => a.start - b.start)
      .slice(0, 3)
    const [{ doctorId, clinicId, zone }] = open as [(typeof open)[0]]
    const schedule = { doctorId, date: '2026-11-23', startTime: '12:00', endTime: '23:00', zone, isLeave: true }
    const listed = open.map(({ id, patientId, start, end }) => ({ id, patientId, start, end }))
    await database.rejected_changes.insert({
      id: '0000feed-0000-8000-a000-000000000001' as never,
      clinicId,
      userId: clinicId as never,
      collectionName: 'schedules',
      documentId: '0000feed-0000-7000-8000-000000000001',
      reason: 'visits-stranded',
      field: '',
      takenBy: '',
      takenAt: null,
      attempted: JSON.stringify({ schedule, visits: listed, unlisted: 0 }),
      base: null,
      at: Date.now(),
      revision: 1,
    })
    const patients = await database.patients.findByIds(listed.map(({ patientId }) => patientId)).exec()
    return listed.map(({ patientId }) => patients.get(patientId)?.name ?? '')
  })
