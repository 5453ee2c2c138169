/** What a visit goes through on its day, by keyboard alone, and back again. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const TODAY = '2026-11-24'

let clinic: Clinic
let desk: Client

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
const visitToday = (where: string): VisitRow =>
  one(clinic.tables.visits(`a.local_day = ? and ${where}`, TODAY), 'visit of today')
type Progress = { status: string; arrived_at: number | null; started_at: number | null; finished_at: number | null }
const progressOf = (id: string): Progress => {
  const columns = 'status, arrived_at, started_at, finished_at'
  return one(clinic.tables.all<Progress>(`select ${columns} from appointments where id = ?`, id), 'visit')
}

/** Puts the keyboard on a visit without a pointer: finds its patient, which opens the visit. */
async function standOn({ name, local_start }: VisitRow): Promise<void> {
  await desk.press('Control+k')
  await desk.page.keyboard.type(name)
  await desk.page
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .waitFor()
  await desk.press('Enter')
  await desk.page.getByRole('article', { name: 'Visit' }).getByText(local_start).first().waitFor()
}

/** Whose patient can be told apart by name, and has no other visit. */
const ALONE = `p.name glob '[A-Z][a-z]* [A-Z][a-z]*'
  and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name)
  and not exists (select 1 from appointments x where x.patient_id = p.id and x.id <> a.id)`

/** Who waits, and is the only one of that name who does. */
const WAITING = `a.status = 'arrived' and a.started_at is null and p.name glob '[A-Z][a-z]* [A-Z][a-z]*'`

/** Puts the keyboard on somebody in the waiting room. */
async function standOnWaiting(name: string): Promise<void> {
  await desk.press('Escape', 'Escape')
  await desk.page
    .getByRole('region', { name: 'Waiting' })
    .getByRole('button', { name: new RegExp(name) })
    .first()
    .focus()
  await desk.press('Enter')
  await desk.page.getByRole('article', { name: 'Visit' }).waitFor()
}

test.each([
  {
    key: 'a',
    step: 'arrived',
    from: `a.status = 'confirmed' and ${ALONE}`,
    reached: { status: 'arrived', started_at: null },
  },
  { key: 'r', step: 'in room', from: WAITING, reached: { status: 'arrived' } },
  { key: 'd', step: 'done', from: WAITING, reached: { status: 'fulfilled' } },
])('one key says that a patient is $step, and Control and Z takes it back to the minute', async (given) => {
  const { id, name } = visitToday(given.from)
  await (given.key === 'a' ? standOn(clinic.tables.visit(id)) : standOnWaiting(name))
  const before = progressOf(id)
  await desk.press(given.key)
  await onServer(() => expect(progressOf(id)).toMatchObject(given.reached))
  await onServer(() => expect(progressOf(id)).not.toEqual(before))
  await desk.page.getByText(`${name} ${given.step}`).waitFor()
  await desk.untilLevel()
  await desk.press('Control+z')
  await onServer(() => expect(progressOf(id)).toEqual(before))
})

test('who does not come is marked, and comes after all', async () => {
  const visit = visitToday("a.status in ('confirmed', 'pending') and a.start_at < 1795516620000")
  const row = desk.page.getByRole('region', { name: 'Late' }).getByRole('button', { name: new RegExp(visit.name) })
  await desk.press('Escape', 'Escape')
  await row.focus()
  await desk.press('Enter')
  await desk.page.getByRole('article', { name: 'Visit' }).waitFor()
  await desk.press('n')
  await onServer(() => expect(progressOf(visit.id).status).toBe('noshow'))
  await desk.button('Undo').focus()
  await desk.press('Enter')
  await onServer(() => expect(progressOf(visit.id).status).toBe(visit.status))
})

test('late patients stand on top of the waiting panel, each with a word', async () => {
  await desk.goDays(0)
  await desk.press('Escape')
  const sections = desk.page.locator('aside').getByRole('region')
  expect(await sections.first().getAttribute('aria-label')).toBe('Late')
  await sections.first().getByText('not here yet').first().waitFor()
  const waiting = desk.page.locator('aside').getByRole('region', { name: 'Waiting', exact: true })
  const wait = await waiting.getByRole('button').allTextContents()
  expect(wait.length).toBeGreaterThan(0)
  for (const text of wait) expect(/long wait/.test(text)).toBe(Number(/(\d+) min/.exec(text)?.[1]) >= 20)
})

test('calling a visit off says when the patient is told', async () => {
  const visit = one(
    clinic.tables.visits("a.local_day = '2026-12-01' and a.status = 'confirmed' and p.email <> ''"),
    'visit of next week',
  )
  await desk.goDays(7)
  await desk.card(visit.id).click()
  await desk.press('x')
  await desk.button('Cancel the visit').click()
  await desk.page.getByText(/The message to the patient goes out at \d\d:\d\d unless undone/).waitFor()
  await desk.button('Undo').click()
  await onServer(() => expect(clinic.tables.visit(visit.id)).toMatchObject({ status: 'confirmed', holds_time: 1 }))
})
