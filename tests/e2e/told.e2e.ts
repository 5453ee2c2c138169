/** What people are told in the app: live, by keyboard, and with a word when the server is away. */
import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { CLINIC_NOW } from './support/seed-clinic.ts'
import { one } from './support/server-tables.ts'

/** A week after the clinic's today: a day with free time. */
const DAY: LocalDay = '2026-12-01'
const DAYS_AHEAD = 7
const HEADING = 'Tuesday 1 December 2026'
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

  /** Reception books a visit for somebody who has none, a week ahead. */
  async function bookForDoctor(): Promise<void> {
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
    if ((await desk.page.getByRole('heading', { level: 1 }).textContent()) !== HEADING) await desk.goDays(DAYS_AHEAD)
    await desk.pointToSlot(id, minute)
    await desk.press('b')
    await desk.choosePatient(patient?.name ?? '')
    await desk.page.getByText(new RegExp(`^${patient?.name}, .* with Dr `)).waitFor()
    await desk.press('Control+Enter')
  }

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
    await bookForDoctor()
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
    expect(await doctor.page.getByRole('heading', { level: 1 }).textContent()).toBe(HEADING)
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

  test('reads the list and marks it read while the server is away, after a reload too, and the server hears of it', async () => {
    await bookForDoctor()
    await bell(1).waitFor({ timeout: PATIENCE_MS })
    await clinic.server.stop()
    await doctor.untilOffline()
    await doctor.page.reload()
    await doctor.unlock()
    await doctor.untilOffline()
    await doctor.press('g', 'n')
    await list()
      .getByText(/^The server is out of reach. This is the list as of Tue 24 Nov/)
      .waitFor()
    expect(await list().getByRole('listitem').count()).toBe(2)
    expect(await findings(doctor, '[role="dialog"]')).toEqual([])
    await list().getByRole('button', { name: 'Mark all as read' }).click()
    await doctor.press('Escape')
    await bell(0).waitFor()
    const unread = () => clinic.tables.all("select id from notifications where type = 'websocket' and read_at is null")
    expect(unread()).toHaveLength(1)
    await clinic.server.start()
    await expect.poll(unread, { timeout: PATIENCE_MS }).toEqual([])
  })
})

describe('an administrator who watches over the messages', () => {
  let admin: Client
  const monitor = () => admin.page.getByRole('main')
  const open = (tab: string) => admin.page.getByRole('tab', { name: tab }).click()
  const row = { consumer: 'notifications', reason: 'The template could not be read.' }

  beforeAll(async () => {
    const [visit] = clinic.tables.visits('a.local_day = ?', DAY)
    const event = {
      id: '01940000-0000-7000-8000-00000000aaaa',
      type: 'AppointmentBooked',
      version: 1,
      clinicId: one(clinic.tables.all<{ id: string }>('select id from clinics'), 'clinic').id,
      at: CLINIC_NOW - 3_600_000,
      payload: {
        appointmentId: visit?.id,
        revision: 99,
        doctorId: visit?.doctor_id,
        patientId: visit?.patient_id,
      },
    }
    clinic.tables.put('parked_messages', {
      id: '01940000-0000-7000-8000-00000000bbbb',
      event_id: event.id,
      clinic_id: event.clinicId,
      type: event.type,
      body: JSON.stringify(event),
      attempts: 5,
      status: 'parked',
      next_at: CLINIC_NOW,
      created_at: CLINIC_NOW,
      updated_at: CLINIC_NOW,
      ...row,
    })
    admin = await clinic.newClient()
    await admin.logIn('admin')
    await admin.untilLevel()
  })

  test('is told what was put aside, and what to do about it', async () => {
    await admin.press('g', 'a')
    await monitor().getByRole('heading', { name: '1 event was put aside' }).waitFor()
    await monitor().getByRole('table').first().waitFor()
    expect(await findings(admin, 'html')).toEqual([])
  })

  test('hands it over again, and the alert goes', async () => {
    const there = monitor()
      .getByRole('list', { name: 'Needs somebody' })
      .getByRole('button', { name: /Put aside/ })
    await there.focus()
    await admin.press('Enter')
    await monitor().getByText(row.reason).waitFor()
    expect(await findings(admin, 'main')).toEqual([])
    await monitor().getByRole('button', { name: 'Hand over again' }).focus()
    await admin.press('Enter')
    await monitor().getByText(row.reason).waitFor({ state: 'detached' })
    expect(clinic.tables.all('select id from parked_messages')).toEqual([])
    await monitor().getByRole('heading', { name: '1 event was put aside' }).waitFor({ state: 'detached' })
  })

  test('finds in the log what was done, by kind and by person', async () => {
    await open('What was done')
    const rows = () => monitor().getByRole('row')
    await rows().filter({ hasText: 'Event handed over again' }).first().waitFor()
    expect(await findings(admin, 'main')).toEqual([])
    const filter = monitor().getByRole('combobox', { name: 'Filter' })
    await filter.fill('action: signed in')
    await monitor().getByRole('option', { name: 'Signed in', exact: true }).waitFor()
    await admin.press('Enter')
    await rows().filter({ hasText: 'Event handed over again' }).first().waitFor({ state: 'detached' })
    expect(await rows().filter({ hasText: 'Signed in' }).count()).toBeGreaterThan(1)
    await filter.fill('who: robin')
    await monitor().getByRole('option', { name: 'Robin Reception' }).waitFor()
    await admin.press('Enter')
    await rows().filter({ hasText: 'Robin Reception' }).first().waitFor()
    await expect.poll(() => rows().filter({ hasText: 'Alex Admin' }).count()).toBe(0)
  })

  test('sees what became of the messages', async () => {
    await open('Messages')
    await monitor().getByRole('row').filter({ hasText: 'Visit booked' }).first().waitFor()
    expect(await findings(admin, 'main')).toEqual([])
  })
})

describe('an administrator who decides what is said', () => {
  let admin: Client
  const main = () => admin.page.getByRole('main')

  beforeAll(async () => {
    admin = await clinic.newClient()
    await admin.logIn('admin')
    await admin.untilLevel()
    await admin.press('g', 'm')
  })

  test('tries a reminder rule out before it sends anything, and keeps it', async () => {
    await main().getByText('Each rule sends one reminder').waitFor()
    expect(await findings(admin, 'html')).toEqual([])
    await admin.button('Add a reminder').focus()
    await admin.press('Enter')
    await main().getByRole('textbox', { name: 'Name' }).waitFor()
    await admin.page.keyboard.type('Two days before')
    await main().getByRole('spinbutton', { name: 'Before the visit' }).fill('2')
    await admin.button('Try it out').focus()
    await admin.press('Enter')
    await main()
      .getByText(/^2 visits ahead were looked at. \d reminders? would be sent./)
      .waitFor()
    expect(await findings(admin, 'main')).toEqual([])
    const before = clinic.tables.all('select id from reminder_rules').length
    await admin.button('Save').focus()
    await admin.press('Enter')
    const entry = main().getByRole('listitem').filter({ hasText: 'Two days before' })
    await entry.getByText('2 days before').waitFor()
    expect(clinic.tables.all('select id from reminder_rules')).toHaveLength(before + 1)
    await entry.getByRole('button', { name: 'Pause' }).click()
    await entry.getByRole('button', { name: 'Go on' }).waitFor()
    const rule = "select is_active from reminder_rules where name = 'Two days before'"
    expect(clinic.tables.all(rule)).toEqual([{ is_active: 0 }])
    await entry.getByRole('button', { name: 'Remove…' }).click()
    await entry.getByRole('button', { name: 'Remove', exact: true }).click()
    await entry.waitFor({ state: 'detached' })
    expect(clinic.tables.all(rule)).toEqual([])
  })

  test('says it in own words, is told what is wrong beside the field, and goes back to the product’s', async () => {
    await admin.page.getByRole('tab', { name: 'Words' }).click()
    const text = main().getByRole('textbox', { name: 'Text' })
    const shown = main().getByRole('region', { name: 'How it looks' })
    await shown.getByText(/Hello Alexandra/).waitFor()
    await text.fill('Come on {{dya}} at {{time}}.')
    await main().getByText('{{dya}} is not known here. {{day}} must stand in it.').waitFor()
    expect(await findings(admin, 'main')).toEqual([])
    expect(await admin.button('Save').isDisabled()).toBe(true)
    await text.fill('Come on {{day}} at {{time}}.')
    await shown.getByText('Come on Wed, Oct 14 at 10:30 AM.').waitFor()
    await admin.button('Save').click()
    await admin.button('Back to the product’s words').waitFor()
    expect(clinic.tables.all('select body from message_templates')).toEqual([{ body: 'Come on {{day}} at {{time}}.' }])
    await admin.button('Back to the product’s words').click()
    await shown.getByText(/Hello Alexandra/).waitFor()
    expect(clinic.tables.all('select body from message_templates')).toEqual([])
  })
})
