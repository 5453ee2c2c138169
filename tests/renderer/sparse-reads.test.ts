import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { anAppointment, testId } from '#tests/support/builders.ts'
import { testRandom } from '#tests/support/seeded.ts'
import { type BrowserUnderTest, openBrowser } from './browser/open-browser.ts'

let browser: BrowserUnderTest
let profile: BrowserContext
let tab: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  profile = await browser.newProfile()
  tab = await browser.newTab(profile)
  await tab.evaluate(() => window.local.open(7))
})
afterEach(() => profile.close())

const visit = (number: number): string => testId('Appointment', number)
const range = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => visit(from + index))
const store = (ids: readonly string[]) =>
  tab.evaluate(
    (documents) => window.local.insert('appointments', documents),
    ids.map((id) => anAppointment({ id: id as ReturnType<typeof anAppointment>['id'] })),
  )
const lookUp = (ids: readonly string[]) => tab.evaluate((wanted) => window.local.lookUp('appointments', wanted), ids)

describe('looking up many documents', () => {
  it('asks for none of them by itself where none is there', async () => {
    await store(range(1_000, 50))
    expect(await lookUp(range(1, 200))).toEqual({ found: [], requests: 0 })
  })

  it('asks only for those that are there', async () => {
    await store(range(100, 5))
    expect(await lookUp(range(1, 200))).toEqual({ found: range(100, 5), requests: 5 })
  })

  it('asks for each where many others lie between them', async () => {
    await store(range(1, 300))
    const wanted = range(1, 300).filter((_, index) => index % 30 === 0)
    expect(await lookUp(wanted)).toEqual({ found: wanted, requests: wanted.length })
  })

  it('finds in every mixture what was stored, in the order asked', async () => {
    const random = testRandom()
    const stored = range(1, 400).filter(() => random.chance(0.4))
    await store(stored)
    for (let round = 0; round < 20; round += 1) {
      const share = random.next()
      const stretch = range(random.between(1, 300), random.between(1, 250))
      const wanted = random.shuffled(stretch.filter(() => random.chance(share)))
      const { found } = await lookUp(wanted)
      expect(found).toEqual(wanted.filter((id) => stored.includes(id)))
    }
  })
})
