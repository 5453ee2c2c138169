/** The receptionist's morning: booking by keyboard alone, and everything that happens to a visit afterwards. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { minuteOf, one, type VisitRow } from './support/server-tables.ts'

/** A week after the clinic's today: a day with free time. */
const DAY: LocalDay = '2026-12-01'
const DAYS_AHEAD = 7

let clinic: Clinic
let desk: Client

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
})
afterAll(() => clinic.close())

/** Waits until the server has what was done. */
const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })

describe('a receptionist without a mouse', () => {
  const pressed: string[] = []
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      pressed.push(...key.split('+'))
      await desk.page.keyboard.press(key)
    }
  }
  let patient: { id: string; name: string }

  test('logs in by keyboard', async () => {
    const { page } = desk
    await page.getByLabel('E-mail').waitFor()
    await page.keyboard.type(clinic.server.login('reception'))
    await press('Tab')
    await page.keyboard.type(clinic.server.password)
    // Past the eye of the password field to the question, which the arrows answer.
    await press('Tab')
    const shared = page.getByRole('radio', { name: /It is shared/ })
    while (!(await shared.evaluate((radio) => radio === document.activeElement))) await press('Tab')
    await press('ArrowDown', 'Enter')
    await desk.untilLevel()
    expect(await desk.grid.getAttribute('aria-label')).toBe('Day board, Tuesday 24 November 2026')
  })

  test('books a patient they know with at most 25 keys', async () => {
    patient = one(
      clinic.tables.all<{ id: string; name: string }>(
        `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 14
         and not exists (select 1 from appointments a where a.patient_id = p.id)
         and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name`,
      ),
      'patient without visits',
    )
    await press('g', 'd', 'b')
    await desk.page.getByRole('combobox', { name: 'Patient' }).waitFor()
    pressed.length = 0
    await press(...patient.name.toLowerCase())
    await desk.page.getByRole('option', { name: new RegExp(`^${patient.name}`) }).waitFor()
    await press('Enter')
    await desk.page.getByText(new RegExp(`^${patient.name}, .* with Dr `)).waitFor()
    await press('Control+Enter')
    expect(pressed.length).toBeLessThanOrEqual(25)
    await desk.grid.getByRole('button', { name: new RegExp(patient.name) }).waitFor()
  })

  test('finds it on the server as it was sent', async () => {
    await onServer(() => expect(clinic.tables.visits('a.patient_id = ?', patient.id)).toHaveLength(1))
    const visit = one(clinic.tables.visits('a.patient_id = ?', patient.id), 'booking')
    expect(visit).toMatchObject({ status: 'confirmed', holds_time: 1, created_by_name: 'Robin Reception' })
    const shown = await desk.spoken(visit.id)
    expect(shown).toBe(`${visit.local_start}, ${patient.name}, ${visit.type}, Confirmed`)
    expect(clinic.tables.overlaps()).toBe(0)
  })

  test('sees it again after a reload', async () => {
    await desk.page.reload()
    await desk.password.waitFor()
    await desk.page.keyboard.type(clinic.server.password)
    await press('Enter')
    await desk.grid.getByRole('button', { name: new RegExp(patient.name) }).waitFor()
  })
})

describe('a visit of next week', () => {
  type Movable = { readonly visit: VisitRow; readonly free: number; readonly taken: number }
  let movables: readonly Movable[]

  /**
   * Visits with a start that is free and one that is taken on the same day of the same doctor, both reached by arrow keys.
   * They belong to different doctors, so that no spec stands in another's way.
   */
  function findMovables(): readonly Movable[] {
    const { tables } = clinic
    const visits = tables.visits("a.local_day = ? and a.status in ('confirmed', 'pending')", DAY)
    const isReached = (from: VisitRow, minute: number): boolean => {
      const way = Math.abs(minute - minuteOf(from))
      return way > 0 && way <= 300 && way % 15 === 0
    }
    const found = visits.flatMap((visit): Movable[] => {
      const type = one(
        tables.typesOf(visit.doctor_id).filter(({ id }) => id === visit.type_id),
        'type',
      )
      const isAlone = visits.every((other) => other.id === visit.id || other.patient_id !== visit.patient_id)
      const free = tables.freeMinutes(visit.doctor_id, DAY, type).find((minute) => isReached(visit, minute))
      const taken = visits
        .filter((other) => other.doctor_id === visit.doctor_id)
        .map(minuteOf)
        .find((minute) => isReached(visit, minute))
      return isAlone && free !== undefined && taken !== undefined ? [{ visit, free, taken }] : []
    })
    return [...Map.groupBy(found, ({ visit }) => visit.doctor_id).values()].flatMap(([first]) => first ?? [])
  }
  const movable = (index: number): Movable => one(movables.slice(index), 'visit that can be moved')
  const arrows = (from: number, to: number): string[] =>
    new Array<string>(Math.abs(to - from) / 15).fill(to > from ? 'ArrowDown' : 'ArrowUp')

  beforeAll(async () => {
    movables = findMovables()
    await desk.goDays(DAYS_AHEAD)
  })

  test('moves by keyboard, and back with undo', async () => {
    const { visit, free } = movable(0)
    await desk.card(visit.id).click()
    await desk.press('m', ...arrows(minuteOf(visit), free), 'Enter')
    await onServer(() => expect(minuteOf(clinic.tables.visit(visit.id))).toBe(free))
    await desk.press('Control+z')
    const asBefore = { start_at: visit.start_at, doctor_id: visit.doctor_id, status: visit.status }
    await onServer(() => expect(clinic.tables.visit(visit.id)).toMatchObject({ ...asBefore, revision: 3 }))
  })

  test('moves by drag, and back with undo', async () => {
    const { visit, free } = movable(1)
    await desk.dragOver(visit.doctor_id, minuteOf(visit), free)
    await desk.page.mouse.up()
    await onServer(() => expect(minuteOf(clinic.tables.visit(visit.id))).toBe(free))
    await desk.button('Undo').click()
    await onServer(() => expect(clinic.tables.visit(visit.id).start_at).toBe(visit.start_at))
  })

  test('says why it cannot go where another visit stands, and stays where it was', async () => {
    const { visit, taken } = movable(2)
    const ghost = desk.grid.locator('[data-cursor][data-illegal]')
    await desk.card(visit.id).click()
    await desk.press('m', ...arrows(minuteOf(visit), taken))
    expect(await ghost.textContent()).toContain('That time is taken')
    await desk.press('Enter')
    expect(await ghost.count(), 'Enter drops nothing there').toBe(1)
    await desk.press('Escape')
    expect(await ghost.count()).toBe(0)
    expect(clinic.tables.visit(visit.id)).toMatchObject({ start_at: visit.start_at, revision: 1 })
  })

  test('says why it cannot go outside working hours, and a drop there does nothing', async () => {
    const { visit } = movable(3)
    const hours = clinic.tables.freeMinutes(visit.doctor_id, DAY, {
      ...one(clinic.tables.typesOf(visit.doctor_id), 'type'),
      duration_minutes: 5,
    })
    const others = clinic.tables.visits('a.doctor_id = ? and a.local_day = ?', visit.doctor_id, DAY).map(minuteOf)
    const end = Math.max(...hours, ...others) + 90
    await desk.dragOver(visit.doctor_id, Math.max(...others), end)
    const ghost = desk.grid.locator('[data-floating]')
    await expect.poll(() => ghost.textContent()).toContain('Outside working hours')
    await desk.page.mouse.up()
    await expect.poll(() => ghost.isHidden()).toBe(true)
    const after = clinic.tables.visits('a.doctor_id = ? and a.local_day = ?', visit.doctor_id, DAY)
    expect(after.map(minuteOf)).toEqual(others)
  })

  test('is called off with a reason, which the server keeps', async () => {
    const { visit } = movable(4)
    await desk.card(visit.id).click()
    await desk.press('x')
    await desk.page.getByRole('radio', { name: 'The patient is ill' }).check()
    await desk.page.getByLabel('In your words').fill('rang at nine')
    await desk.button('Cancel the visit').click()
    await onServer(() =>
      expect(clinic.tables.visit(visit.id)).toMatchObject({
        status: 'cancelled',
        holds_time: 0,
        cancel_reason: 'The patient is ill: rang at nine',
      }),
    )
  })

  test('is confirmed by one key', async () => {
    const visit = one(
      clinic.tables.visits("a.local_day = ? and a.status = 'pending'", DAY),
      'visit that waits for confirmation',
    )
    await desk.card(visit.id).click()
    await desk.press('c')
    await onServer(() => expect(clinic.tables.visit(visit.id)).toMatchObject({ status: 'confirmed', revision: 2 }))
    expect(await desk.spoken(visit.id)).toContain('Confirmed')
    expect(clinic.tables.overlaps()).toBe(0)
  })
})
