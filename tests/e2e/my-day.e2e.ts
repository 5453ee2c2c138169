/** A doctor's day without a pointer, seen by reception as it happens, and kept while the server is away. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one, type VisitRow } from './support/server-tables.ts'

const TODAY = '2026-11-24'
const NOW = Date.parse(`${TODAY}T10:37:00Z`)

let clinic: Clinic
let doctor: Client
let desk: Client
let doctorId: string

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 100 })
const today = (where: string): VisitRow[] =>
  clinic.tables.visits(`a.doctor_id = ? and a.local_day = '${TODAY}' and ${where}`, doctorId)
const rowOf = ({ id }: { readonly id: string }) => doctor.page.locator(`#own-visit-${id}`)
const card = () => doctor.page.getByRole('article', { name: 'Patient' })
const progressOf = ({ id }: { readonly id: string }) =>
  one(
    clinic.tables.all<{ status: string; started_at: number | null; finished_at: number | null; note: string }>(
      'select status, started_at, finished_at, note from appointments where id = ?',
      id,
    ),
    'visit',
  )
/** Walks by key until the visit is chosen. */
async function choose(visit: VisitRow): Promise<void> {
  await doctor.page.keyboard.press('Escape')
  const place = async (): Promise<number> => today('1 = 1').findIndex(({ id }) => id === visit.id)
  for (let step = 0; step < 80; step += 1) {
    if ((await rowOf(visit).getAttribute('aria-selected')) === 'true') return
    const selected = await doctor.page.getByRole('option', { selected: true }).getAttribute('id')
    const from = today('1 = 1').findIndex(({ id }) => `own-visit-${id}` === selected)
    await doctor.press((await place()) > from ? 'j' : 'k')
    await expect.poll(() => doctor.page.getByRole('option', { selected: true }).getAttribute('id')).not.toBe(selected)
  }
  throw new Error(`${visit.name} cannot be reached by key`)
}

beforeAll(async () => {
  clinic = await openClinic()
  doctorId = one(
    clinic.tables.all<{ id: string }>(
      "select d.id from doctors d join users u on u.id = d.user_id where u.email = 'doctor@demo.test'",
    ),
    'doctor',
  ).id
  ;[doctor, desk] = [await clinic.newClient(), await clinic.newClient()]
  await doctor.logIn('doctor', { isOwnDevice: true })
  await desk.logIn('reception')
  await Promise.all([doctor.untilLevel(), desk.untilLevel()])
})
afterAll(() => clinic.close())

test('a doctor begins on My day, with the visits of the day and the patient at hand', async () => {
  await doctor.page.getByRole('heading', { name: 'My day' }).waitFor()
  const visits = today('1 = 1')
  await expect.poll(() => doctor.page.getByRole('option').count()).toBe(visits.length)
  const [inRoom] = visits.filter((visit) => visit.status === 'arrived' && progressOf(visit).started_at !== null)
  const [waiting] = visits.filter(({ status }) => status === 'arrived')
  const [ahead] = visits.filter(({ status, end_at }) => ['pending', 'confirmed'].includes(status) && end_at > NOW)
  const atHand = one(
    [inRoom, waiting, ahead].flatMap((visit) => visit ?? []),
    'visit at hand',
  )
  await card().getByRole('heading', { name: atHand.name }).waitFor()
  await doctor.page.getByRole('heading', { name: 'Tuesday 24 November 2026' }).waitFor()
})

test('the day shows nobody of another doctor', async () => {
  const others = clinic.tables.visits(`a.doctor_id <> ? and a.local_day = '${TODAY}'`, doctorId)
  const own = new Set(today('1 = 1').map(({ name }) => name))
  const page = (await doctor.page.locator('main').textContent()) ?? ''
  expect(others.filter(({ name }) => !own.has(name) && page.includes(name)).map(({ name }) => name)).toEqual([])
})

describe('without a pointer', () => {
  let visit: VisitRow

  test('S calls a patient in who walked past the desk, and reception sees it', async () => {
    visit = one(today(`a.status in ('pending', 'confirmed') and a.start_at > ${NOW}`), 'visit ahead')
    await choose(visit)
    await doctor.press('s')
    await onServer(() => expect(progressOf(visit)).toMatchObject({ status: 'arrived', started_at: expect.any(Number) }))
    await card().getByText('In room').waitFor()
    await expect.poll(() => desk.spoken(visit.id)).toContain('In room')
  })

  test('a note is kept with Ctrl and Enter and read at the desk', async () => {
    await card().getByRole('textbox', { name: 'Note' }).focus()
    await doctor.page.keyboard.type('Bring the blood count next time')
    await doctor.press('Control+Enter')
    await onServer(() => expect(progressOf(visit).note).toBe('Bring the blood count next time'))
    await card().getByText('Kept', { exact: true }).waitFor()
    await desk.card(visit.id).click()
    await desk.page.getByRole('article', { name: 'Visit' }).getByText('Bring the blood count next time').waitFor()
  })

  test('F finishes, and the next patient at hand is shown', async () => {
    await doctor.press('Escape', 'f')
    await onServer(() =>
      expect(progressOf(visit)).toMatchObject({ status: 'fulfilled', finished_at: expect.any(Number) }),
    )
    await expect.poll(() => desk.spoken(visit.id)).toContain('Done')
    await expect.poll(() => rowOf(visit).getAttribute('aria-selected')).toBe('false')
  })

  test('U goes back step by step, and N marks who did not come after all', async () => {
    const begun = one(today(`a.status = 'fulfilled' and a.start_at < ${NOW}`), 'visit that is over')
    await choose(begun)
    for (const word of ['In room', 'Arrived', 'Confirmed']) {
      await doctor.press('u')
      await expect.poll(() => rowOf(begun).textContent()).toContain(word)
    }
    await onServer(() => expect(progressOf(begun)).toMatchObject({ status: 'confirmed', started_at: null }))
    await doctor.press('n')
    await onServer(() => expect(progressOf(begun).status).toBe('noshow'))
    await expect.poll(() => rowOf(begun).textContent()).toContain('No-show')
  })

  test('P blurs the names and shows them again', async () => {
    const filter = () =>
      rowOf(visit)
        .locator('bdi')
        .evaluate((name) => getComputedStyle(name).filter)
    expect(await filter()).toBe('none')
    await doctor.press('p')
    await expect.poll(filter).toContain('blur')
    await doctor.press('p')
    await expect.poll(filter).toBe('none')
  })

  test('brackets walk the days from yesterday to a week ahead, no further', async () => {
    const current = () => doctor.page.getByRole('navigation', { name: 'Days' }).locator('[aria-current]').textContent()
    await doctor.press('[', '[', '[')
    await expect.poll(current).toContain('Mon 23 Nov')
    await doctor.press(...Array.from({ length: 10 }, () => ']'))
    await expect.poll(current).toContain('Tue 1 Dec')
    await doctor.press('t')
    await expect.poll(current).toContain('Today')
  })
})

describe('an order to see a patient again', () => {
  const order = () => doctor.page.getByRole('region', { name: 'Your orders' })
  const toSee = () => desk.page.getByRole('region', { name: 'To see again' })
  let visit: VisitRow

  test('is given by key and stands in the desk’s list', async () => {
    visit = one(today(`a.status in ('pending', 'confirmed') and a.start_at > ${NOW}`), 'visit ahead')
    await choose(visit)
    await card().getByRole('button', { name: 'See again…' }).focus()
    await doctor.press('Enter')
    await expect.poll(() => doctor.page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    await doctor.page.keyboard.type('6')
    await card().getByText('week of Mon 4 Jan').waitFor()
    await card().getByRole('textbox', { name: 'For the desk' }).focus()
    await doctor.page.keyboard.type('fasting')
    await doctor.press('Enter')
    await order().getByText(visit.name).waitFor()
    await desk.press('Escape')
    await toSee().getByText(visit.name).waitFor()
    expect(await toSee().textContent()).toContain('fasting')
    const row = one(
      clinic.tables.all<{ kind: string; from_day: string; status: string }>(
        'select * from waitlist_entries where patient_id = ? order by created_at desc',
        visit.patient_id,
      ),
      'order',
    )
    expect(row).toMatchObject({ kind: 'recall', from_day: '2027-01-04', status: 'waiting' })
  })

  test('leads the desk to a booking of that patient', async () => {
    await toSee()
      .getByRole('button', { name: new RegExp(visit.name) })
      .click()
    await desk.page.getByText(visit.name).first().waitFor()
    await expect.poll(() => desk.page.locator('aside').textContent()).toContain(visit.name)
    await desk.press('Escape')
  })

  test('is withdrawn by its doctor, and gone from the desk', async () => {
    const mine = order().getByRole('listitem').filter({ hasText: visit.name })
    await mine.getByRole('button', { name: 'Withdraw' }).focus()
    await doctor.press('Enter')
    await expect.poll(() => toSee().filter({ hasText: visit.name }).count()).toBe(0)
  })
})

describe('with the server stopped', () => {
  let visit: VisitRow

  test('a reload opens the day again, and says how old it is', async () => {
    visit = one(today(`a.status in ('pending', 'confirmed') and a.start_at > ${NOW}`), 'visit ahead')
    await doctor.page.evaluate(() => navigator.serviceWorker.ready)
    await clinic.server.stop()
    await doctor.untilOffline()
    await doctor.page.reload()
    await doctor.unlock()
    await doctor.page.getByRole('heading', { name: 'My day' }).waitFor()
    await doctor.page.getByText(/^As of \d\d:\d\d$/).waitFor()
    await rowOf(visit).waitFor()
  })

  test('start, note and finish are kept on this computer and marked', async () => {
    await choose(visit)
    await doctor.press('s')
    await card().getByText('In room').waitFor()
    await card().getByRole('textbox', { name: 'Note' }).fill('Seen in the basement')
    await doctor.press('Control+Enter')
    await card().getByText('Kept on this computer until the server answers').waitFor()
    await doctor.press('Escape', 'f')
    await expect.poll(() => rowOf(visit).textContent()).toContain('To send')
    await doctor.pill.getByText('1 to send').waitFor()
    expect(clinic.tables.visit(visit.id)).toMatchObject({ status: visit.status, revision: visit.revision })
  })

  test('when the server is back, all of it is in its tables', async () => {
    await clinic.server.start()
    await doctor.hurry()
    await onServer(() =>
      expect(progressOf(visit)).toMatchObject({
        status: 'fulfilled',
        started_at: expect.any(Number),
        note: 'Seen in the basement',
      }),
    )
    await doctor.untilLevel()
  })
})
