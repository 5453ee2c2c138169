/** Every screen of the slice under axe, in light and dark, and under the content security policy. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one } from './support/server-tables.ts'

let clinic: Clinic
let client: Client

beforeAll(async () => {
  clinic = await openClinic()
  client = await clinic.newClient()
})
afterAll(() => clinic.close())

const findings = (part?: string): Promise<string[]> => findingsOf(client, part)

/** What stands beside the board, and what stands over it: the board itself is looked at once. */
const PANEL = 'aside'
const DIALOG = '[role="dialog"]'

describe('axe finds nothing', () => {
  test('on the log-in screen', async () => {
    await client.page.getByText(/^Connected to/).waitFor()
    expect(await findings()).toEqual([])
  })

  test('on the board, with its waiting list', async () => {
    await client.logIn('reception', { isOwnDevice: true })
    await client.untilLevel()
    await client.grid.locator('[data-item]').first().waitFor()
    expect(await findings()).toEqual([])
  })

  test('on the details of a visit and on the form that calls it off', async () => {
    const visit = one(clinic.tables.visits("a.local_day = '2026-11-24' and a.status = 'pending'"), 'visit')
    await client.card(visit.id).click()
    await client.page.getByRole('article', { name: 'Visit' }).waitFor()
    expect(await findings(PANEL)).toEqual([])
    await client.press('x')
    await client.button('Cancel the visit').waitFor()
    expect(await findings(PANEL)).toEqual([])
    await client.press('Escape', 'Escape')
  })

  test('on the booking panel, while searching and when all is chosen', async () => {
    await client.goDays(0)
    await client.press('b')
    await client.page.getByRole('combobox', { name: 'Patient' }).fill('wood')
    await client.page.getByRole('option').nth(2).waitFor()
    expect(await findings(PANEL)).toEqual([])
    await client.press('Enter')
    await client.page.getByText(/, .* with Dr/).waitFor()
    expect(await findings(PANEL)).toEqual([])
    await client.press('Escape')
  })

  test('on the palette, the list of shortcuts and the account menu', async () => {
    await client.press('Control+k')
    await client.page.getByRole('dialog').getByRole('combobox').fill('wood')
    expect(await findings(DIALOG)).toEqual([])
    await client.press('Escape', 'F1')
    await client.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    expect(await findings(DIALOG)).toEqual([])
    await client.press('Escape')
    await client.page.getByRole('button', { name: /^Your account/ }).click()
    await client.page.getByRole('menuitem').first().waitFor()
    expect(await findings('[role="menu"]')).toEqual([])
    await client.press('Escape')
  })

  test('on the sync inbox', async () => {
    await client.inboxBadge.click()
    await client.page.getByRole('region', { name: 'Offer another time' }).getByRole('button').first().waitFor()
    expect(await findings()).toEqual([])
  })

  test('on the lock screen', async () => {
    await client.press('Control+l')
    await client.button('Unlock').waitFor()
    expect(await findings()).toEqual([])
    await client.password.fill(clinic.server.password)
    await client.press('Enter')
    await client.pill.waitFor()
  })
})

describe('the content security policy', () => {
  test('was broken by none of these screens', () => {
    expect(client.complaints).toEqual([])
  })

  test('would have been noticed: an inline script is refused and reported', async () => {
    await client.page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.head.append(script)
    })
    await expect.poll(() => client.complaints.join('\n')).toContain('content security policy was broken: script-src')
    expect(await client.page.evaluate(() => 'ran' in window)).toBe(false)
    // Asked for here; whatever else the pages complain of fails the file.
    client.complaints.length = 0
  })
})
