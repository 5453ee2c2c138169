/** What people are told in the app: live, by keyboard, and with a word when the server is away. */
import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one } from './support/server-tables.ts'

/** A week after the clinic's today: a day with free time. */
const DAY: LocalDay = '2026-12-01'
const DAYS_AHEAD = 7
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

/** What axe finds in light and in dark. @param part what to look at */
async function findings({ page }: Client, part: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    const { violations } = await new AxeBuilder({ page }).include(part).withTags(TAGS).analyze()
    found.push(
      ...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${colorScheme} ${id}: ${target.join(' ')}`)),
    )
  }
  return found
}

describe('a doctor whose day is booked by reception', () => {
  let desk: Client
  let doctor: Client
  const list = () => doctor.page.getByRole('dialog', { name: 'Messages to you' })
  const bell = (unread: number) => doctor.button(`Messages to you, ${unread === 0 ? 'none' : unread} unread`)

  beforeAll(async () => {
    desk = await clinic.newClient()
    await desk.logIn('reception')
    doctor = await clinic.newClient()
    await doctor.logIn('doctor', { isOwnDevice: true })
    await Promise.all([desk.untilLevel(), doctor.untilLevel()])
  })

  test('has nothing unread at first', async () => {
    await bell(0).waitFor()
  })

  test('sees it at the bell without doing anything', async () => {
    const { id } = one(
      clinic.tables.all<{ id: string }>(
        'select d.id from doctors d join users u on u.id = d.user_id where u.email = ?',
        clinic.server.login('doctor'),
      ),
      'doctor',
    )
    const type = one(clinic.tables.typesOf(id), 'type')
    const minute = one(clinic.tables.freeMinutes(id, DAY, type), 'free time')
    const [patient] = clinic.tables.all<{ name: string }>(
      `select name from patients p where length(name) < 16 and not exists
       (select 1 from appointments a where a.patient_id = p.id) order by name`,
    )
    await desk.goDays(DAYS_AHEAD)
    await desk.pointToSlot(id, minute)
    await desk.press('b')
    await desk.choosePatient(patient?.name ?? '')
    await desk.page.getByText(new RegExp(`^${patient?.name}, .* with Dr `)).waitFor()
    await desk.press('Control+Enter')
    await bell(1).waitFor({ timeout: PATIENCE_MS })
  })

  test('opens the list by keyboard, and axe finds nothing in it', async () => {
    await doctor.press('g', 'n')
    await list().getByRole('listitem').first().waitFor()
    expect(await list().getByRole('listitem').first().textContent()).toMatch(/^Unread: Visit booked/)
    expect(await findings(doctor, '[role="dialog"]')).toEqual([])
  })

  test('goes from it to the visit on the board, and nothing is unread any more', async () => {
    const entry = list().getByRole('listitem').first().getByRole('button')
    while (!(await entry.evaluate((button) => button === document.activeElement))) await doctor.press('Tab')
    await doctor.press('Enter')
    await doctor.page.getByRole('article', { name: 'Visit' }).waitFor()
    expect(await doctor.page.getByRole('heading', { level: 1 }).textContent()).toBe('Tuesday 1 December 2026')
    await bell(0).waitFor()
    await expect
      .poll(() => clinic.tables.all('select id from notifications where read_at is null and status = ?', 'delivered'))
      .toEqual([])
  })

  test('chooses how to be told', async () => {
    await doctor.page.getByRole('button', { name: /^Your account/ }).click()
    await doctor.page.getByRole('menuitem', { name: 'How you are told' }).click()
    const dialog = doctor.page.getByRole('dialog', { name: 'How you are told' })
    await dialog.getByLabel('Text message (SMS)').waitFor()
    expect(await findings(doctor, '[role="dialog"]')).toEqual([])
    await dialog.getByLabel('Remind me of visits').click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(clinic.tables.all('select reminders from notification_preferences')).toEqual([{ reminders: 0 }])
  })

  test('reads the last list while the server is away, after a reload too', async () => {
    await clinic.server.stop()
    await doctor.untilOffline()
    await doctor.page.reload()
    await doctor.unlock()
    await doctor.untilOffline()
    await doctor.press('g', 'n')
    await list()
      .getByText(/^The server is out of reach. This is the list as of Tue 24 Nov/)
      .waitFor()
    expect(await list().getByRole('listitem').count()).toBeGreaterThan(0)
    expect(await findings(doctor, '[role="dialog"]')).toEqual([])
    await doctor.press('Escape')
    await clinic.server.start()
  })
})
