/** Visits that repeat, from the booking panel to the last one called off: by keyboard alone. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { minuteOfDayOf, timeOfMinute } from '#domain/time/clinic-time.ts'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one, type TypeRow, type VisitRow } from './support/server-tables.ts'

const SOON = { timeout: PATIENCE_MS, interval: 100 }
/** Tuesdays. */
const DAYS = ['2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22'] as const

let clinic: Clinic
let desk: Client
let doctor: { readonly id: string; readonly name: string }
/** Free for the doctor on all of them. */
let time: string
let patient: { readonly id: string; readonly name: string }

const form = () => desk.page.getByRole('form', { name: 'Book' })
const rows = () => form().getByRole('list', { name: 'Visits of the series' }).getByRole('listitem')
const details = () => desk.page.getByRole('article', { name: 'Visit' })
const button = (name: RegExp) => desk.page.getByRole('button', { name })
const visits = (): VisitRow[] => clinic.tables.visits('a.patient_id = ? and a.series_id is not null', patient.id)
const soon = (check: () => unknown): Promise<void> => vi.waitFor(async () => void (await check()), SOON)
/** Tab, until what has that name has the focus. */
const tabTo = async (label: string): Promise<void> => {
  const field = desk.page.getByLabel(label, { exact: true })
  for (let steps = 0; steps < 20; steps += 1) {
    await desk.press('Tab')
    if (await field.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`The keyboard does not reach ${label}`)
}
const type = (text: string): Promise<void> => desk.page.keyboard.type(text)

/** Opens the panel for the patient, at the doctor's time on the first day. */
async function askFor(at: string): Promise<void> {
  await desk.press('Escape', 'g', 'd', 'b')
  await desk.choosePatient(patient.name)
  await desk.page.getByLabel('With', { exact: true }).first().fill(doctor.name)
  await desk.page.getByRole('option', { name: doctor.name }).waitFor()
  await desk.press('Enter')
  await desk.page.getByLabel('Wished time').fill(`1.12. ${at}`)
  await form().getByText('as wished').waitFor()
}

beforeAll(async () => {
  clinic = await openClinic()
  doctor = one(
    clinic.tables.all<{ id: string; name: string }>('select * from doctors where is_active = 1 order by position'),
    'doctor',
  )
  const offered = clinic.tables.typesOf(doctor.id)[0] as TypeRow
  const free = DAYS.map((day) => clinic.tables.freeMinutes(doctor.id, day, offered))
  time = timeOfMinute(
    one(
      free[0]?.filter(
        (minute) => minute % 15 === 0 && free.every((each) => each.includes(minute) && each.includes(minute + 15)),
      ) ?? [],
      'time free on all days',
    ),
  )
  patient = one(
    clinic.tables.all<{ id: string; name: string }>(
      `select * from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) < 14
       and not exists (select 1 from appointments a where a.patient_id = p.id)
       and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name`,
    ),
    'patient without a visit',
  )
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

describe('a visit that repeats', () => {
  test('is shown with every one of its visits before it is booked, and with another time for one that is taken', async () => {
    await askFor(time)
    await desk.press('Alt+s')
    await tabTo('Visits')
    await desk.press('Control+A')
    await type('4')
    await expect.poll(() => rows().count(), SOON).toBe(4)
    // A colleague's desk takes the third of them meanwhile.
    const offered = clinic.tables.typesOf(doctor.id)[0] as TypeRow
    const other = one(
      clinic.tables.all<{ id: string }>(
        'select id from patients where id <> ? and is_deleted = 0 and id not in (select patient_id from appointments)',
        patient.id,
      ),
      'somebody else',
    )
    const taken = await callAs(clinic.server, 'reception', 'POST', '/appointments', {
      doctorId: doctor.id,
      patientId: other.id,
      typeId: offered.id,
      start: { day: DAYS[2], time },
    })
    expect(taken.status).toBe(201)
    await rows().filter({ hasText: 'That time is taken' }).waitFor()
    expect(await rows().filter({ hasText: 'free' }).count()).toBe(3)
    await form().getByText('4 visits · 1 at another time').waitFor()
    expect(await findingsOf(desk, 'aside')).toEqual([])
  })

  test('is booked without the one that is left out, all at once', async () => {
    await tabTo(`Instead of Tue 15 Dec ${time}`)
    await desk.press('End')
    await form().getByText('3 visits · 1 left out').waitFor()
    await form()
      .getByText(`${patient.name}, `)
      .filter({ hasText: `3 visits, the first Tue 1 Dec ${time}` })
      .waitFor()
    await desk.press('Control+Enter')
    await form().waitFor({ state: 'detached' })
    await soon(() =>
      expect(visits().map(({ local_day, local_start, status }) => `${local_day} ${local_start} ${status}`)).toEqual([
        `2026-12-01 ${time} confirmed`,
        `2026-12-08 ${time} confirmed`,
        `2026-12-22 ${time} confirmed`,
      ]),
    )
    expect(new Set(visits().map((visit) => (visit as unknown as { series_id: string }).series_id)).size).toBe(1)
    await desk.card(visits()[0]?.id ?? '').focus()
    await desk.press('Enter')
    await details().getByText('1 of 3').waitFor()
  })

  test('asks when one of them moves, and takes the later ones along', async () => {
    await desk.untilLevel()
    const [, second] = visits()
    await details().getByRole('button', { name: /8 Dec/ }).focus()
    await desk.press('Enter')
    await details().getByText('2 of 3').waitFor()
    await desk.card(second?.id ?? '').focus()
    await desk.press('m', 'ArrowDown', 'Enter')
    const question = desk.page.getByRole('region', { name: 'Move the series' })
    await question.getByRole('button', { name: /^This and 1 later visit/ }).waitFor()
    await desk.press('2')
    await question.waitFor({ state: 'detached' })
    await soon(() => {
      const [kept, moved, along] = visits()
      expect(kept?.local_start).toBe(time)
      expect(moved?.local_start).not.toBe(time)
      expect(along).toMatchObject({ local_day: '2026-12-22', local_start: moved?.local_start })
    })
    await button(/^Undo$/).waitFor()
    await desk.press('Control+z')
    await soon(() => expect(visits().map(({ local_start }) => local_start)).toEqual([time, time, time]))
  })

  test('moves alone where only that one is meant', async () => {
    await desk.untilLevel()
    const [, second] = visits()
    // The desk has to have heard of the undoing, too.
    await expect.poll(() => desk.spoken(second?.id ?? '')).toContain(time)
    await desk.card(second?.id ?? '').focus()
    await desk.press('m', 'ArrowDown', 'Enter')
    await button(/^Only this visit/).waitFor()
    await desk.press('1')
    await soon(() => expect(visits()[1]?.local_start).not.toBe(time))
    expect(visits()[2]?.local_start).toBe(time)
  })

  test('is called off from one of its visits on, and brought back', async () => {
    await desk.untilLevel()
    const [, second] = visits()
    const card = desk.card(second?.id ?? '')
    await card.focus()
    await desk.press('Enter')
    await details().getByText('2 of 3').waitFor()
    await card.focus()
    await desk.press('x')
    await desk.page.getByRole('radio', { name: 'This and 1 later visit' }).waitFor()
    await tabTo('Only this visit')
    await desk.press('ArrowDown')
    await button(/^Cancel the visit/).focus()
    await desk.press('Enter')
    await soon(() => expect(visits().map(({ status }) => status)).toEqual(['confirmed', 'cancelled', 'cancelled']))
    // The server may know before the desk has its answer.
    await button(/^Undo$/).waitFor()
    await desk.press('Control+z')
    await soon(() => expect(visits().map(({ status }) => status)).toEqual(['confirmed', 'confirmed', 'confirmed']))
  })
})

test('without the server a series is refused with the reason, and the one visit can still be booked', async () => {
  await askFor(timeOfMinute(minuteOfDayOf(time) + 15))
  await desk.press('Alt+s')
  await clinic.server.stop()
  await desk.untilOffline()
  await form().getByRole('alert').filter({ hasText: 'a series needs the server' }).waitFor()
  expect(await form().getByRole('button', { name: /^Book/ }).isDisabled()).toBe(true)
  await desk.press('Alt+s')
  await button(/^Book provisionally/).waitFor()
  await clinic.server.start()
  await desk.hurry()
  await desk.untilLevel()
})
