/** A class for several patients at once: who is in, one more, full, and more than full, by keyboard alone. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addDays, timeOfMinute } from '#domain/time/clinic-time.ts'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one, type TypeRow, type VisitRow } from './support/server-tables.ts'

const SOON = { timeout: PATIENCE_MS, interval: 100 }
const TODAY = '2026-11-24'
const REASON = 'Her sister comes along'

type Person = { readonly id: string; readonly name: string }

let clinic: Clinic
let desk: Client
let type: TypeRow & { readonly capacity: number }
let doctor: Person
/** Free patients, as many as are needed. */
let people: Person[]
/** A day with room for two classes, and when they begin. */
let daysAhead: number
let starts: readonly [first: string, second: string]

const day = (): string => addDays(TODAY, daysAhead)

const soon = (check: () => unknown): Promise<void> => vi.waitFor(async () => void (await check()), SOON)
const form = ({ page }: Client) => page.getByRole('form', { name: 'Book' })
const group = ({ page }: Client) => page.getByRole('article', { name: 'Group' })
const cardAt = ({ grid }: Client, time: string) =>
  grid.getByRole('button', { name: new RegExp(`^${time}, ${type.name}`) })
const inClass = (time: string): VisitRow[] =>
  clinic.tables.visits(
    'a.type_id = ? and a.local_day = ? and a.local_start = ? and a.holds_time = 1',
    type.id,
    day(),
    time,
  )
const seat = async (person: Person | undefined, time: string): Promise<void> => {
  const body = { doctorId: doctor.id, patientId: person?.id, typeId: type.id, start: { day: day(), time } }
  expect((await callAs(clinic.server, 'reception', 'POST', '/appointments', body)).status).toBe(201)
}
const personAt = (index: number): Person => one(people.slice(index), 'free patient')

/** On the class's card, with its panel open. */
async function openClass(client: Client, time: string): Promise<void> {
  await client.press('Escape', 'g', 'd', 't')
  await client.goDays(daysAhead)
  await cardAt(client, time).waitFor()
  await client.press('Home')
  for (let steps = 0; (await cardAt(client, time).getAttribute('data-cursor')) === null; steps += 1) {
    if (steps > 40) throw new Error('The keyboard does not reach the class')
    await client.press('ArrowDown')
  }
  await client.press('Enter')
  await group(client).waitFor()
}
/** Adds the patient from the open class panel, up to the filled-in form. */
async function add(client: Client, person: Person): Promise<void> {
  await client.press('b')
  await client.choosePatient(person.name)
  await form(client).locator('footer p').first().filter({ hasText: person.name }).waitFor()
}

beforeAll(async () => {
  clinic = await openClinic()
  type = one(
    clinic.tables.all<TypeRow & { capacity: number }>('select * from appointment_types where capacity > 1'),
    'type for groups',
  )
  // The doctor who signs in gives classes too.
  const offered = await callAs(clinic.server, 'admin', 'PATCH', `/appointment-types/${type.id}`, { doctorIds: [] })
  expect(offered.status).toBe(200)
  doctor = one(
    clinic.tables.all<Person>(
      'select d.id, d.name from doctors d join users u on u.id = d.user_id where u.email = ?',
      clinic.server.login('doctor'),
    ),
    'doctor who signs in',
  )
  people = clinic.tables.all<Person>(
    `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 15
     and not exists (select 1 from appointments a where a.patient_id = p.id)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name limit 20`,
  )
  const places = Array.from({ length: 28 }, (_, ahead) => {
    const free = clinic.tables.freeMinutes(doctor.id, addDays(TODAY, ahead + 1), type).filter((at) => at % 15 === 0)
    return { ahead: ahead + 1, first: free[0], second: free.find((at) => at >= (free[0] ?? 0) + type.duration_minutes) }
  })
  const {
    ahead,
    first = 0,
    second = 0,
  } = one(
    places.filter((place) => place.second !== undefined),
    'day with time for two classes',
  )
  daysAhead = ahead
  starts = [timeOfMinute(first), timeOfMinute(second)]
  for (let index = 0; index < type.capacity - 2; index += 1) await seat(people[index], starts[0])
  for (let index = 0; index < type.capacity - 1; index += 1) await seat(people[10 + index], starts[1])
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

describe('a class', () => {
  test('is one card with its places, and says who is in', async () => {
    await openClass(desk, starts[0])
    expect(await cardAt(desk, starts[0]).textContent()).toContain(`${type.capacity - 2} of ${type.capacity} places`)
    await group(desk).getByRole('status').filter({ hasText: '2 places left' }).waitFor()
    const names = await group(desk).getByRole('listitem').locator('bdi').allTextContents()
    expect(names).toEqual(people.slice(0, type.capacity - 2).map(({ name }) => name))
    expect(await findingsOf(desk, 'aside')).toEqual([])
  })

  test('takes one more from its panel', async () => {
    const person = personAt(type.capacity - 2)
    await add(desk, person)
    await form(desk)
      .getByText(`${type.capacity - 2} of ${type.capacity} places`)
      .first()
      .waitFor()
    await desk.press('Control+Enter')
    await form(desk).waitFor({ state: 'detached' })
    await soon(() => expect(inClass(starts[0]).map(({ name }) => name)).toContain(person.name))
    await expect
      .poll(() => cardAt(desk, starts[0]).textContent(), SOON)
      .toContain(`${type.capacity - 1} of ${type.capacity} places`)
  })

  test('that is full says so, and takes another only with a reason', async () => {
    await seat(personAt(type.capacity - 1), starts[0])
    await openClass(desk, starts[0])
    await group(desk).getByText('Every place in that group is taken').waitFor()
    await expect.poll(() => cardAt(desk, starts[0]).textContent(), SOON).toContain('Full')
    await desk.press('b')
    await desk.choosePatient(personAt(9).name)
    await form(desk).getByText('Every place in that group is taken. Book it anyway').waitFor()
    await desk.press('Alt+0')
    await form(desk).getByText('Say why it is overbooked.').waitFor()
    await expect
      .poll(
        () =>
          form(desk)
            .getByLabel('Why overbook')
            .evaluate((field) => field === document.activeElement),
        SOON,
      )
      .toBe(true)
    await desk.page.keyboard.type(REASON)
    await desk.press('Control+Enter')
    await form(desk).waitFor({ state: 'detached' })
    await soon(() => expect(inClass(starts[0])).toHaveLength(type.capacity + 1))
    expect(clinic.tables.visits('a.overbook_reason = ?', REASON).map(({ name }) => name)).toEqual([personAt(9).name])
    await expect
      .poll(() => cardAt(desk, starts[0]).textContent(), SOON)
      .toContain(`${type.capacity + 1} of ${type.capacity} places`)
  })
})

describe('the last place of a class, while a desk has no network', () => {
  let other: Client
  const [mine, theirs, third] = [17, 18, 19] as const
  beforeAll(async () => {
    other = await clinic.newClient()
    await other.logIn('admin', { isOwnDevice: true })
    await other.untilLevel()
  })

  test('is promised by neither before the server has agreed: who comes second is without a time, and nobody’s booking is lost', async () => {
    await desk.untilLevel()
    await desk.context.setOffline(true)
    await desk.untilOffline()
    await openClass(desk, starts[1])
    await add(desk, personAt(mine))
    await desk.page.getByText(/^Offline: the time is yours only once the server has agreed/).waitFor()
    await desk.press('Control+Enter')
    await form(desk).waitFor({ state: 'detached' })
    await openClass(other, starts[1])
    await add(other, personAt(theirs))
    await other.press('Control+Enter')
    await soon(() => expect(inClass(starts[1]).map(({ name }) => name)).toContain(personAt(theirs).name))
    await desk.context.setOffline(false)
    await desk.hurry()
    await soon(() => {
      const lost = one(clinic.tables.visits('a.patient_id = ?', personAt(mine).id), 'booking of the second')
      expect(lost.status).toBe('unplaced')
      expect(JSON.parse(lost.unplaced ?? '')).toMatchObject({ reason: 'group-full' })
    })
    expect(inClass(starts[1])).toHaveLength(type.capacity)
  })

  test('and one beyond it is booked offline only with a reason, provisionally, and stands once the server has it', async () => {
    await desk.untilLevel()
    await desk.context.setOffline(true)
    await desk.untilOffline()
    await openClass(desk, starts[1])
    await desk.press('b')
    await desk.choosePatient(personAt(third).name)
    await form(desk).getByText('Every place in that group is taken. Book it anyway').waitFor()
    await desk.press('Alt+0')
    await form(desk).getByText('Say why it is overbooked.').waitFor()
    await expect
      .poll(
        () =>
          form(desk)
            .getByLabel('Why overbook')
            .evaluate((field) => field === document.activeElement),
        SOON,
      )
      .toBe(true)
    await desk.page.keyboard.type(REASON)
    await desk.press('Control+Enter')
    await form(desk).waitFor({ state: 'detached' })
    await expect.poll(() => cardAt(desk, starts[1]).textContent(), SOON).toMatch(/\?|Provisional/)
    await desk.context.setOffline(false)
    await desk.hurry()
    await soon(() => {
      const [visit] = clinic.tables.visits('a.patient_id = ?', personAt(third).id)
      expect(visit).toMatchObject({ status: 'confirmed', holds_time: 1 })
    })
    expect(inClass(starts[1])).toHaveLength(type.capacity + 1)
  })
})

test('a doctor, who may not overbook, finds a full class full and adds nobody', async () => {
  const teacher = await clinic.newClient()
  await teacher.logIn('doctor')
  await teacher.untilLevel()
  await openClass(teacher, starts[0])
  await group(teacher).getByText('Every place in that group is taken').waitFor()
  expect(await group(teacher).getByRole('button', { name: /^Add/ }).count()).toBe(0)
})
