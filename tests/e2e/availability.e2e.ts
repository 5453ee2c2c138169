/** Working hours and leave without a pointer; nothing is called off silently, and reception sees what was left outside. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const DAY = '2026-12-01'

let clinic: Clinic
let doctor: Client
let doctorId: string

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
const impact = () => doctor.page.getByRole('region', { name: 'What the change does' })
const form = () => doctor.page.getByRole('form', { name: 'Leave and other hours' })
const booked = (): VisitRow[] =>
  clinic.tables.visits("a.doctor_id = ? and a.local_day = ? and a.status in ('pending', 'confirmed')", doctorId, DAY)
const templates = () =>
  clinic.tables.all<{ weekday: number; start_time: string; end_time: string; publish: string; weeks: string }>(
    `select weekday, start_time, end_time, publish, weeks from schedule_templates
     where doctor_id = ? and is_deleted = 0 and (valid_until is null or valid_until > '2026-11-24') order by weekday, start_time`,
    doctorId,
  )

beforeAll(async () => {
  clinic = await openClinic()
  doctorId = one(
    clinic.tables.all<{ id: string }>(
      "select d.id from doctors d join users u on u.id = d.user_id where u.email = 'doctor@demo.test'",
    ),
    'doctor',
  ).id
  doctor = await clinic.newClient()
  await doctor.logIn('doctor', { isOwnDevice: true })
  await doctor.untilLevel()
  await doctor.press('g', 'v')
  await doctor.page.getByRole('heading', { name: 'Availability' }).waitFor()
})
afterAll(() => clinic.close())

describe('weekly hours, typed', () => {
  test('the page says whose clock counts, and on which days it is changed', async () => {
    await doctor.page.getByText('Times of the clinic: Europe/London').waitFor()
    await doctor.page.getByText('28 Mar 2027: the clock goes forward, the day has 23 hours').waitFor()
  })

  test('Saturday is opened by key and saved after a look at what it does', async () => {
    await doctor.button('Add hours: Saturday').focus()
    await doctor.press('Enter')
    const range = doctor.page.getByRole('group', { name: /^Saturday, 09:00/ })
    await range.getByRole('textbox', { name: 'Until' }).focus()
    await doctor.page.keyboard.type('1130')
    await doctor.press('Enter')
    await doctor.page.getByRole('group', { name: 'Saturday, 09:00 to 11:30' }).waitFor()
    await doctor.button('Check the week').focus()
    await doctor.press('Enter')
    await impact().getByRole('heading', { name: 'No booked visit falls outside.' }).waitFor()
    expect(templates().some(({ weekday }) => weekday === 6)).toBe(false)
    await impact().getByRole('button', { name: 'Save' }).focus()
    await doctor.press('Enter')
    await onServer(() =>
      expect(templates().filter(({ weekday }) => weekday === 6)).toEqual([
        { weekday: 6, start_time: '09:00', end_time: '11:30', publish: 'online', weeks: 'every' },
      ]),
    )
    expect(templates().filter(({ weekday }) => weekday < 6).length).toBeGreaterThan(4)
  })
})

describe('leave over booked visits', () => {
  let desk: Client
  let before: VisitRow[]

  test('is shown with everybody it concerns before it is made', async () => {
    desk = await clinic.newClient()
    await desk.logIn('reception')
    await desk.untilLevel()
    before = booked()
    expect(before.length).toBeGreaterThan(3)
    await form().getByLabel('First day').fill(DAY)
    await form().getByRole('button', { name: 'Check' }).focus()
    await doctor.press('Enter')
    await impact()
      .getByRole('heading', { name: `${before.length} booked visits fall outside` })
      .waitFor()
    const rows = impact().getByRole('listitem')
    expect(await rows.count()).toBe(before.length)
    for (const { name } of before) await impact().getByText(name).first().waitFor()
    expect(clinic.tables.all('select * from schedules where doctor_id = ? and date = ?', doctorId, DAY)).toEqual([])
  })

  test('is made with the list of whom to call, and no visit is called off', async () => {
    await impact().getByRole('button', { name: 'Save and show whom to call' }).focus()
    await doctor.press('Enter')
    await impact()
      .getByRole('heading', { name: `Saved. ${before.length} patients to call` })
      .waitFor()
    await onServer(() =>
      expect(
        clinic.tables.all(
          'select * from schedules where doctor_id = ? and date = ? and is_available = 0',
          doctorId,
          DAY,
        ),
      ).toHaveLength(1),
    )
    expect(booked().map(({ id, status, start_at }) => [id, status, start_at])).toEqual(
      before.map(({ id, status, start_at }) => [id, status, start_at]),
    )
    const days = doctor.page.getByRole('list', { name: 'Days that differ' })
    await days.getByText('Tue 1 Dec').waitFor()
  })

  test('is at reception at once: the doctor is off, and the visits stand there to be moved', async () => {
    await desk.goDays(7)
    const head = desk.grid.locator(`[role="columnheader"]`).filter({ hasText: before[0]?.doctor ?? '' })
    await expect.poll(() => head.textContent(), { timeout: PATIENCE_MS }).toContain('Not in')
    for (const { id } of before) expect(await desk.card(id).count()).toBe(1)
  })

  test('is taken back by its doctor', async () => {
    await impact().getByRole('button', { name: 'Close' }).focus()
    await doctor.press('Enter')
    await doctor.button('Withdraw: Tue 1 Dec').focus()
    await doctor.press('Enter')
    await impact().getByRole('button', { name: 'Save' }).focus()
    await doctor.press('Enter')
    await onServer(() =>
      expect(
        clinic.tables.all('select * from schedules where doctor_id = ? and date = ? and is_deleted = 0', doctorId, DAY),
      ).toEqual([]),
    )
  })
})

describe('with the server stopped', () => {
  test('weekly hours say that they need it, and leave is kept on this computer', async () => {
    await clinic.server.stop()
    await doctor.untilOffline()
    await doctor.page.getByText('Weekly hours need the server; it does not answer.').waitFor()
    await form().getByLabel('First day').fill('2026-12-15')
    await form().getByLabel('Last day').fill('2026-12-16')
    await form().getByRole('button', { name: 'Keep on this computer' }).focus()
    await doctor.press('Enter')
    const days = doctor.page.getByRole('list', { name: 'Days that differ' })
    await expect.poll(() => days.textContent()).toContain('Tue 15 Dec – Wed 16 Dec')
    expect(await days.textContent()).toContain('kept on this computer')
  })

  test('it arrives when the server is back', async () => {
    await clinic.server.start()
    await doctor.hurry()
    await onServer(() =>
      expect(
        clinic.tables
          .all<{ date: string }>(
            "select date from schedules where doctor_id = ? and date like '2026-12-1%' and is_available = 0 and closure_id is null and is_deleted = 0 and date in ('2026-12-15', '2026-12-16') order by date",
            doctorId,
          )
          .map(({ date }) => date),
      ).toEqual(['2026-12-15', '2026-12-16']),
    )
  })
})
