/** The board as day, week, month and list, by keyboard: the same visits, and the same keys on them. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { minuteOf, one } from './support/server-tables.ts'

const TODAY = '2026-11-24'
const DAY = '2026-12-01'

let clinic: Clinic
let desk: Client

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
  await desk.grid.locator('[data-item]').first().waitFor()
})
afterAll(() => clinic.close())

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
const booked = (day: string): number => clinic.tables.visits('a.local_day = ? and a.holds_time = 1', day).length

test('the month counts every day, and Enter opens the one the keyboard stands on', async () => {
  await desk.press('g', 'd', 'v', 'm')
  const cell = (day: string) => desk.page.locator(`[data-day="${day}"]`)
  await expect.poll(() => cell(TODAY).textContent()).toContain(`${booked(TODAY)} booked`)
  await expect.poll(() => cell(DAY).textContent()).toMatch(/booked.*\d+ × 15 min free/)
  await cell(TODAY).focus()
  await desk.press('ArrowDown')
  await expect.poll(() => desk.page.evaluate(() => document.activeElement?.getAttribute('data-day'))).toBe(DAY)
  await desk.press('Enter')
  await expect.poll(() => desk.grid.getAttribute('aria-label')).toBe('Day board, Tuesday 1 December 2026')
})

test('in the week of a doctor a visit moves to another day by keyboard', async () => {
  const { tables } = clinic
  const doctor = one(
    tables.all<{ id: string; name: string }>('select id, name from doctors order by position'),
    'doctor',
  )
  const nextDay = '2026-12-02'
  const found = tables.visits("a.local_day = ? and a.doctor_id = ? and a.status = 'confirmed'", DAY, doctor.id)
  const movable = found.flatMap((visit) => {
    const type = tables.typesOf(doctor.id).find(({ id }) => id === visit.type_id)
    const isFree = type && tables.freeMinutes(doctor.id, nextDay, type).includes(minuteOf(visit))
    const isAlone = tables.visits('a.patient_id = ? and a.local_day = ?', visit.patient_id, nextDay).length === 0
    return isFree && isAlone ? [visit] : []
  })
  const visit = one(movable, 'visit whose time is free a day later')
  await desk.card(visit.id).click()
  await desk.press('v', 'w')
  await expect.poll(() => desk.grid.getAttribute('aria-label')).toContain(`${doctor.name}, week of`)
  await desk.card(visit.id).waitFor()
  await desk.press('m', 'ArrowRight', 'Enter')
  await onServer(() =>
    expect(tables.visit(visit.id)).toMatchObject({ local_day: nextDay, local_start: visit.local_start }),
  )
  await desk.untilLevel()
  await desk.press('Control+z')
  await onServer(() => expect(tables.visit(visit.id).local_day).toBe(DAY))
})

test('the list has every visit of the day in a table, and the keys of the board act on its rows', async () => {
  await desk.press('v', 'l', 't')
  const table = desk.page.getByRole('table', { name: 'Visits of Tuesday 24 November 2026' })
  const visit = one(
    clinic.tables.visits(
      `a.local_day = ? and a.status = 'confirmed' and a.revision = 1 and p.name glob '[A-Z][a-z]* [A-Z][a-z]*'`,
      TODAY,
    ),
    'confirmed visit',
  )
  await table.locator(`[data-row="${visit.id}"]`).focus()
  await desk.press('a')
  await onServer(() => expect(clinic.tables.visit(visit.id).status).toBe('arrived'))
  await table.locator(`[data-row="${visit.id}"]`).locator('xpath=ancestor::tr').getByText('Arrived').waitFor()
  const rows = await table.locator('tbody tr').count()
  await desk.press('ArrowDown', 'ArrowUp')
  expect(await desk.page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe(visit.id)
  await desk.press('v', 'd')
  await expect.poll(() => desk.grid.locator('[data-item]').count()).toBe(rows)
})

test('digits fold groups away, a pinned doctor stands first, and both are kept on the computer', async () => {
  const heads = desk.grid.getByRole('columnheader')
  const all = await heads.count()
  await desk.press('1')
  await expect.poll(() => heads.count()).toBeLessThan(all)
  await desk.press('1')
  await expect.poll(() => heads.count()).toBe(all)
  const last = (await heads.last().locator('bdi').textContent()) ?? ''
  await desk.page.getByRole('button', { name: /^Columns and row height/ }).click()
  await desk.button(`Put ${last} first`).click()
  await desk.page.getByRole('radio', { name: 'Compact' }).focus()
  await desk.press('Space', 'Escape')
  await expect.poll(() => heads.first().locator('bdi').textContent()).toBe(last)
  await desk.page.reload()
  await desk.unlock()
  await expect.poll(() => heads.first().locator('bdi').textContent()).toBe(last)
  const height = await desk.grid
    .locator('[data-item]')
    .first()
    .evaluate((card) => getComputedStyle(card).height)
  expect(Number.parseFloat(height) % 6, 'five minutes are six pixels').toBeCloseTo(0)
})
