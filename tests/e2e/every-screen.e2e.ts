/**
 * Every screen, from left to right and from right to left: axe finds nothing in light and dark, whatever is pressed is large
 * enough, and the keyboard goes through it in the order in which it is read. Screens come from the lists of commands and of
 * sections, so that a new one is looked at as soon as it exists.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SETTINGS_GROUPS } from '#domain/access/settings-sections.ts'
import type { Client, ClientOptions, Role } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { focusFaults } from './support/focus-walk.ts'
import { smallTargets } from './support/page-checks.ts'
import { PHONE } from './support/phone.ts'
import { DOCTORS_TOUR, enter, type Stop, settled, TOUR } from './support/tour.ts'

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

/** The sections of the settings as they stand in their list. */
const SECTIONS: readonly Stop[] = Object.values(SETTINGS_GROUPS)
  .flat()
  .map((name, at) => ({
    name: `the settings: ${name}`,
    open: async (page) => {
      for (const key of ['Escape', 'Escape', 'g', 'e']) await page.keyboard.press(key)
      await page.locator('main nav button, section nav button, nav li button').nth(at).click()
    },
  }))

const PATIENTS_TOUR: readonly Stop[] = ['visits', 'booking', 'doctors', 'account'].map((name, at) => ({
  name: `a patient’s ${name}`,
  open: async (page) => {
    await page.locator('nav button').nth(at).click()
  },
}))

/** In that language, behind the log-in. */
async function signedIn(language: string, role: Role, options: ClientOptions = {}): Promise<Client> {
  const client = await clinic.newClient({ viewport: { width: 1366, height: 768 }, ...options })
  await client.page.evaluate((chosen) => localStorage.setItem('language', chosen), language)
  await client.page.reload()
  await client.page.locator('input[type=email]').waitFor()
  await enter(client.page, clinic.server, role)
  return client
}

const WALKS = [
  { role: 'admin', stops: [...TOUR, ...SECTIONS], options: {} },
  { role: 'doctor', stops: DOCTORS_TOUR, options: {} },
  { role: 'patient', stops: PATIENTS_TOUR, options: { viewport: PHONE } },
] as const

describe.each([
  { language: 'en', direction: 'ltr' },
  { language: 'ar', direction: 'rtl' },
])('in $language, $direction', ({ language, direction }) => {
  describe.each(WALKS)('as $role', ({ role, stops, options }) => {
    let client: Client
    beforeAll(async () => {
      client = await signedIn(language, role, options)
      await client.page.locator(`html[dir=${direction}]`).waitFor()
      if (role === 'admin') await client.page.locator('[data-item]').first().waitFor()
    })
    afterAll(() => client.context.close())

    test.each(stops)('$name', async ({ open, leave, part = 'body' }) => {
      const { page } = client
      await open(page)
      await settled(page)
      expect(await findingsOf(client, part)).toEqual([])
      expect(await page.evaluate(smallTargets, part)).toEqual([])
      if (!leave) expect(await focusFaults(page)).toEqual([])
      if (leave) await page.keyboard.press(leave)
    })
  })
})
