/** What the product's client does in Chromium, each time in a profile that holds nothing yet. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { minutes } from '#domain/time/instant.ts'
import { buildPage, CHROMIUM } from '#tests/renderer/browser/open-browser.ts'
import { at } from '#tests/support/bookings.ts'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { FIXTURE_NOW } from '#tests/support/fixture-clinic.ts'
import type { ServerUnderTest } from '#tests/support/server-under-test.ts'
import { accountOf } from './in-node.ts'

/** Filling a device takes as long as it takes. */
const PATIENCE_MS = 10 * 60_000

export type FirstSyncFigures = {
  readonly ms: number
  /** The same documents simply written, in milliseconds; only where they were asked for. */
  readonly floors: { readonly sameStorage: number; readonly bareDexie: number } | null
}
export type LongestTask = {
  readonly ms: number
  /** The most that the processor worked in one task: on a busy machine a task waits as well. */
  readonly cpuMs: number
}

export type Pages = { readonly folder: string; readonly browser: Browser; readonly close: () => Promise<void> }

/** The page's folder is what the server is to serve. */
export async function openPages(): Promise<Pages> {
  const folder = await buildPage(join(import.meta.dirname, 'page'))
  const browser = await chromium.launch(CHROMIUM)
  return {
    folder,
    browser,
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export async function firstSyncInChromium(
  { browser }: Pages,
  server: ServerUnderTest,
  { isEncrypted, documents }: { readonly isEncrypted: boolean; readonly documents: number },
): Promise<FirstSyncFigures> {
  const page = await signIn(browser, server, 'receptionist')
  const ms = await sync(page, isEncrypted, documents)
  const floors = isEncrypted ? await page.evaluate(() => window.bench.floors()) : null
  await page.context().close()
  return { ms, floors }
}

/** The longest task of the page's main thread in a first sync, from the browser's own trace; such a run is not timed. */
export async function longestTaskOf(
  { browser }: Pages,
  server: ServerUnderTest,
  documents: number,
): Promise<LongestTask> {
  const page = await signIn(browser, server, 'receptionist')
  await browser.startTracing(page, { categories: ['__metadata', 'toplevel', 'disabled-by-default-devtools.timeline'] })
  await sync(page, true, documents)
  const longest = longestTaskIn((await browser.stopTracing()).toString())
  await page.context().close()
  return longest
}

type TraceEvent = {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds: the length, and the processor's time in it. */
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Of the main thread that worked most: other pages' and the browser's own hardly do anything. */
function longestTaskIn(trace: string): LongestTask {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`
  const isMain = ({ name, args }: TraceEvent): boolean => name === 'thread_name' && args?.name === 'CrRendererMain'
  const tasks = new Map<string, TraceEvent[]>(traceEvents.filter(isMain).map((event) => [threadOf(event), []]))
  for (const event of traceEvents) {
    if (event.dur !== undefined && event.name.endsWith('RunTask')) tasks.get(threadOf(event))?.push(event)
  }
  const sum = (events: readonly TraceEvent[]): number => events.reduce((total, { dur = 0 }) => total + dur, 0)
  const [busiest = []] = [...tasks.values()].toSorted((a, b) => sum(b) - sum(a))
  const [longest] = busiest.toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
  if (longest?.dur === undefined) throw new Error('The trace holds no task of a page')
  return { ms: longest.dur / 1_000, cpuMs: busiest.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1_000 }
}

/** Milliseconds from a booking at one page until another page has it, and of single writes into the same storage. */
export async function bookingsInChromium(
  { browser }: Pages,
  server: ServerUnderTest,
  count: number,
  warmUp: number,
): Promise<{ readonly ours: readonly number[]; readonly writes: readonly number[] }> {
  const author = await signIn(browser, server, 'receptionist')
  const reader = await signIn(browser, server, 'admin')
  for (const page of [author, reader]) await page.evaluate(() => window.bench.firstSync(true))
  await reader.evaluate(() => window.bench.watchVisits())
  const ours: number[] = []
  for (let number = 0; number < count + warmUp; number += 1) {
    const { id, begin } = await author.evaluate(([wish, now]) => window.bench.book(wish, now), [
      wishNumber(number),
      FIXTURE_NOW,
    ] as const)
    const seenAt = await reader.evaluate((visit) => window.bench.untilSeen(visit), id)
    ours.push(seenAt - begin)
  }
  const visits = Array.from({ length: count + warmUp }, (_, number) =>
    anAppointment({ ...wishNumber(number), id: testId('Appointment', 900_000 + number) }),
  )
  const writes = await reader.evaluate((documents) => window.bench.singleWrites(documents), visits)
  for (const page of [author, reader]) await page.context().close()
  return { ours: ours.slice(warmUp), writes: writes.slice(warmUp) }
}

/** A quarter of an hour of one of the three doctors, in the second half of the window that the clients in Node leave free. */
function wishNumber(number: number) {
  const doctor = (number % 3) + 1
  const quarter = Math.floor(number / 3)
  return {
    doctorId: testId<'Doctor'>('Doctor', doctor),
    patientId: testId<'Patient'>('Patient', doctor + 3),
    typeId: testId<'AppointmentType'>('AppointmentType', 9),
    start: at(40 + Math.floor(quarter / 32)) + minutes(15 * (quarter % 32)),
  }
}

async function signIn(browser: Browser, server: ServerUnderTest, role: 'receptionist' | 'admin'): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(`${server.url}/`)
  await page.waitForFunction(() => 'bench' in window)
  const { email, password } = accountOf(role)
  await page.evaluate(([who, word]) => window.bench.logIn(who, word), [email, password] as const)
  return page
}

async function sync(page: Page, isEncrypted: boolean, documents: number): Promise<number> {
  const { ms, documents: found } = await page.evaluate((how) => window.bench.firstSync(how), isEncrypted)
  if (found !== documents) throw new Error(`The page has ${found} documents of ${documents}`)
  return ms
}
