/** What the booking panel knows and understands, by keyboard alone. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one } from './support/server-tables.ts'

type PatientRow = {
  readonly id: string
  readonly name: string
  readonly birth_date: string
  readonly phone: string
  readonly alerts: string
}

let clinic: Clinic
let desk: Client

beforeAll(async () => {
  clinic = await openClinic()
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

/** For `poll`: promises are seconds, and a busy machine gets longer. */
const SOON = { timeout: PATIENCE_MS, interval: 100 }

const combo = () => desk.page.getByRole('combobox', { name: 'Patient' })
const options = () => desk.page.getByRole('option')
const offers = () => desk.page.getByRole('group', { name: 'When' }).getByRole('radio')
const readBack = () => desk.page.getByRole('form', { name: 'Book' }).locator('footer p').first()

/** From wherever the keyboard is to an open panel without a patient. */
async function openPanel(): Promise<void> {
  await desk.press('Escape', 'g', 'd', 'b')
  await combo().waitFor()
}
const type = (text: string): Promise<void> => desk.page.keyboard.type(text)

/** Plain names that only one patient has. */
const somebody = (where: string): PatientRow =>
  one(
    clinic.tables.all<PatientRow>(
      `select * from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and birth_date is not null and ${where}
       and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name`,
    ),
    'patient',
  )

describe('a caller is found', () => {
  let known: PatientRow
  const found = async (text: string): Promise<void> => {
    await combo().fill(text)
    await options()
      .filter({ hasText: known.name })
      .filter({ hasText: known.birth_date.slice(0, 4) })
      .waitFor()
  }
  beforeAll(async () => {
    known = somebody("length(phone) > 8 and birth_date > '1930' and birth_date < '2000'")
    await openPanel()
  })

  test('by surname and first name, with the birth date beside the name', async () => {
    const [first = '', last = ''] = known.name.split(' ')
    await found(`${last.toLowerCase().slice(0, 4)}, ${first.toLowerCase().slice(0, 3)}`)
  })

  test('by the beginning of the surname with month and year of birth', async () => {
    const [year = '', month = ''] = known.birth_date.split('-')
    const last = known.name.split(' ')[1] ?? ''
    await found(`${last.toLowerCase().slice(0, 3)} ${Number(month)}/${year.slice(2)}`)
  })

  test('by six digits of the birth date', async () => {
    const [year = '', month = '', day = ''] = known.birth_date.split('-')
    await found(`${day}${month}${year.slice(2)}`)
  })

  test('by the last four of the phone and a letter', async () => {
    await found(`${known.phone.slice(-4)} ${known.name.slice(0, 1)}`)
  })
})

describe('a caller who has been here', () => {
  let caller: string

  test('gets the same doctor and visit again by one key', async () => {
    const visit = one(
      clinic.tables.visits(
        `a.status = 'fulfilled' and p.name glob '[A-Z][a-z]* [A-Z][a-z]*' and a.local_day < '2026-11-24'
         and a.local_day > '2026-10-26' and d.is_active = 1 and t.is_active = 1
         and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name)
         and not exists (select 1 from appointments b where b.patient_id = a.patient_id and b.id <> a.id)`,
      ),
      'past visit',
    )
    caller = visit.name
    await openPanel()
    await desk.choosePatient(visit.name)
    await desk.button(new RegExp(`^Again ${visit.type}`)).waitFor()
    await desk.press('Alt+r')
    await readBack()
      .filter({ hasText: `${visit.name}, ${visit.type}` })
      .filter({ hasText: visit.doctor })
      .waitFor()
    await desk.press('Control+Enter')
    await vi.waitFor(
      () =>
        expect(clinic.tables.visits('a.patient_id = ? and a.id <> ?', visit.patient_id, visit.id)).toMatchObject([
          { doctor_id: visit.doctor_id, type_id: visit.type_id, status: 'confirmed' },
        ]),
      { timeout: PATIENCE_MS, interval: 100 },
    )
  })

  test('stands first in the list the next time', async () => {
    await openPanel()
    await options().first().filter({ hasText: caller }).waitFor()
    await combo().fill(caller.slice(0, 1))
    await options().first().filter({ hasText: caller }).waitFor()
  })

  test('is shown with what must be known, and with how often they did not come', async () => {
    const missed = one(
      clinic.tables.visits(
        `a.status = 'noshow' and a.local_day > '2026-10-26' and p.name glob '[A-Z][a-z]* [A-Z][a-z]*'
         and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name)`,
      ),
      'missed visit',
    )
    await openPanel()
    await desk.choosePatient(missed.name)
    await desk.page.getByText(/^Missed \d+ visits? in the last 30 days\.$/).waitFor()
    await desk.press('Escape')
    const alerted = somebody("alerts <> '[]'")
    await openPanel()
    await desk.choosePatient(alerted.name)
    const [alert = ''] = JSON.parse(alerted.alerts) as string[]
    await desk.page.getByRole('region', { name: 'Patient' }).getByText(alert).waitFor()
  })
})

describe('what the caller wishes', () => {
  beforeAll(async () => {
    await openPanel()
    await desk.choosePatient(somebody("alerts = '[]'").name)
    await offers().first().waitFor()
  })
  const wish = async (text: string): Promise<string[]> => {
    await desk.page.getByLabel('Wished time').fill(text)
    const rows = desk.page.getByRole('group', { name: 'When' }).locator('label')
    await desk.page.getByRole('group', { name: 'When' }).getByText('at the cursor').waitFor({ state: 'detached' })
    await rows.first().waitFor()
    return rows.allTextContents()
  }

  test('is found by the code of the visit', async () => {
    await desk.page.getByRole('textbox', { name: 'Visit' }).or(desk.page.getByLabel('Visit')).first().focus()
    await type('gp-bp')
    await desk.page.getByRole('option', { name: /Blood pressure check/ }).waitFor()
    await desk.press('Enter')
    await readBack().filter({ hasText: 'Blood pressure check' }).waitFor()
  })

  test('is a day in three weeks', async () => {
    await expect.poll(async () => (await wish('+3w'))[0], SOON).toContain('Tue 15 Dec')
  })

  test('is a Monday afternoon', async () => {
    await expect
      .poll(async () => (await wish('mon pm')).filter((row) => /^Mon \d+ \w+ 1[2-9]:\d\d/.test(row)), SOON)
      .toHaveLength(4)
  })

  test('is a time of the day, said first when it is free', async () => {
    await expect.poll(async () => (await wish('+8d 14:30')).every((row) => /1[456]:\d\d/.test(row)), SOON).toBe(true)
  })

  test('is said to be unclear when it is', async () => {
    await desk.page.getByLabel('Wished time').fill('soonish')
    await desk.page.getByText('Try +3w, mon pm or 14:30.').waitFor()
  })

  test('books nothing by an Enter in a field', async () => {
    await desk.page.getByLabel('Wished time').press('Enter')
    await desk.page.getByLabel('Reason (optional)').press('Enter')
    expect(await desk.page.getByRole('form', { name: 'Book' }).isVisible()).toBe(true)
  })

  test('is taken by Alt and a number, and booked', async () => {
    await wish('+3w')
    const third = desk.page.getByRole('group', { name: 'When' }).locator('label').nth(2)
    const words = (await third.textContent()) ?? ''
    await desk.press('Alt+3')
    await readBack()
      .filter({ hasText: words.slice(0, 16) })
      .waitFor()
    await desk.press('Control+Enter')
    await desk.page.getByRole('form', { name: 'Book' }).waitFor({ state: 'detached' })
    expect(clinic.tables.overlaps()).toBe(0)
  })
})

describe('a new caller', () => {
  const keys = (...names: string[]): Promise<void> => desk.press(...names)
  /** Types into what has the focus once it is the field of that name. */
  const fillIn = async (label: string, text: string): Promise<void> => {
    await expect
      .poll(() => desk.page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement))
      .toBe(true)
    await type(text)
  }

  test('is added and booked by keyboard alone', async () => {
    await openPanel()
    await type('quillfeather, una')
    await desk.page.getByRole('option', { name: /Add “quillfeather, una”/ }).waitFor()
    await keys('Enter')
    await fillIn('Birth date', '090580')
    await keys('Tab')
    await fillIn('Phone', '07700 900777')
    await keys('Enter')
    await readBack().filter({ hasText: 'Una Quillfeather' }).waitFor()
    await keys('Control+Enter')
    await vi.waitFor(
      () =>
        expect(
          clinic.tables.all(
            `select p.birth_date, p.phone, a.status from patients p join appointments a on a.patient_id = p.id
             where p.name = 'Una Quillfeather'`,
          ),
        ).toEqual([{ birth_date: '1980-05-09', phone: '07700 900777', status: 'confirmed' }]),
      { timeout: PATIENCE_MS, interval: 100 },
    )
  })

  test('who is in the list already is asked about, and taken', async () => {
    await openPanel()
    await type('una quilfeather')
    await desk.page.getByRole('option', { name: /Add “una quilfeather”/ }).waitFor()
    await keys('Enter')
    await fillIn('Birth date', '9.5.80')
    await desk.page.getByText('Already in the list?').waitFor()
    await keys('Enter')
    await expect
      .poll(() => desk.button('Take Una Quillfeather').evaluate((one) => one === document.activeElement))
      .toBe(true)
    await desk.button('New anyway').waitFor()
    await keys('Enter')
    await readBack().filter({ hasText: 'Una Quillfeather' }).waitFor()
    expect(clinic.tables.all("select 1 from patients where name like 'Una Quil%'")).toHaveLength(1)
    await keys('Escape')
  })
})

describe('a time that is being booked', () => {
  const dayOf = (start = 0): string => new Date(start).toISOString().slice(0, 10)
  /** The same doctor and day, and so the same first free time, at every desk. */
  const wishFor = async ({ page }: Client): Promise<void> => {
    const doctor = page.getByLabel('With', { exact: true }).first()
    await doctor.fill('Amara')
    await page.getByRole('option', { name: /Amara/ }).click()
    await page.getByLabel('Wished time').fill('15.12.')
  }
  const held = () => clinic.tables.all<{ patient_id: string | null; start_at: number }>('select * from holds')
  /** The time that is kept for somebody. */
  const startOf = (id: string): number => held().find(({ patient_id }) => patient_id === id)?.start_at ?? 0
  let other: Client
  beforeAll(async () => {
    other = await clinic.newClient()
    await other.logIn('admin')
    await other.untilLevel()
  })
  const soon = (check: () => unknown): Promise<void> =>
    vi.waitFor(async () => void (await check()), { timeout: PATIENCE_MS, interval: 100 })

  test('is held for this desk while the panel is open, and free again when it closes', async () => {
    await openPanel()
    await soon(() => expect(held()).toMatchObject([{ patient_id: null }]))
    await desk.page.getByText(/^Held [12]:\d\d$/).waitFor()
    const { id, name } = somebody("alerts = '[]' and length(name) < 14")
    await desk.choosePatient(name)
    await soon(() => expect(held()).toMatchObject([{ patient_id: id }]))
    await desk.press('Escape')
    await soon(() => expect(held()).toEqual([]))
  })

  test('is offered to no other desk until it is booked or let go', async () => {
    const [mine, theirs] = clinic.tables.all<PatientRow>(
      `select * from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 14
       and not exists (select 1 from appointments a where a.patient_id = p.id and a.status <> 'cancelled')
       and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name desc limit 2`,
    )
    if (!mine || !theirs) throw new Error('nobody to book for')
    await openPanel()
    await desk.choosePatient(mine.name)
    await wishFor(desk)
    await soon(() => expect(held()).toMatchObject([{ patient_id: mine.id, start_at: expect.any(Number) }]))
    await soon(() => expect(dayOf(held()[0]?.start_at)).toBe('2026-12-15'))
    await other.press('g', 'd', 'b')
    await other.choosePatient(theirs.name)
    await wishFor(other)
    // What the first desk keeps is offered to nobody else: the second one keeps the next time.
    await soon(() => expect(held()).toHaveLength(2))
    const start = startOf(mine.id)
    await soon(() => expect(startOf(theirs.id)).toBeGreaterThan(start))
    await desk.press('Control+Enter')
    await soon(() =>
      expect(clinic.tables.visits('a.patient_id = ?', mine.id)).toMatchObject([
        { status: 'confirmed', start_at: start },
      ]),
    )
    await other.page.getByText(/^Held [12]:\d\d$/).waitFor()
    await other.press('Control+Enter')
    await soon(() =>
      expect(clinic.tables.visits('a.patient_id = ?', theirs.id)).toMatchObject([{ status: 'confirmed' }]),
    )
    expect(clinic.tables.overlaps()).toBe(0)
    await soon(() => expect(held()).toEqual([]))
  })
})
