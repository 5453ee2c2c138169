/** A doctor says by one key that it is getting later; every desk sees it, and reception tells the patients still to come. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { aMailServer, type MailServer } from '#tests/support/mail-server.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { one } from './support/server-tables.ts'

const SOON = { timeout: PATIENCE_MS, interval: 100 }

let clinic: Clinic
let mail: MailServer
let doctor: Client
let desk: Client
let own: { id: string; name: string }

const onServer = (check: () => void): Promise<void> => vi.waitFor(check, SOON)
const said = () =>
  clinic.tables.all<{ minutes: number }>('select minutes from doctor_delays').map(({ minutes }) => minutes)
const head = () => desk.grid.getByRole('columnheader').filter({ hasText: own.name })
/** Others may be late by the record: this one's line alone. */
const late = () =>
  desk.page.getByRole('region', { name: 'Running late' }).getByRole('listitem').filter({ hasText: own.name })
const tell = () => late().getByRole('button', { name: new RegExp(`^Tell patients \\(\\d+\\), ${own.name}$`) })
const notices = () => clinic.tables.all<{ minutes: number }>('select minutes from delay_notices')
const told = () => mail.received.filter(({ subject }) => subject === `${own.name} is running late today`)

beforeAll(async () => {
  mail = await aMailServer()
  clinic = await openClinic({ SMTP_URL: mail.url })
  own = one(
    clinic.tables.all<{ id: string; name: string }>(
      "select d.id, d.name from doctors d join users u on u.id = d.user_id where u.email = 'doctor@demo.test'",
    ),
    'doctor who signs in',
  )
  ;[doctor, desk] = [await clinic.newClient(), await clinic.newClient()]
  await doctor.logIn('doctor', { isOwnDevice: true })
  await desk.logIn('reception', { isOwnDevice: true })
  await Promise.all([doctor.untilLevel(), desk.untilLevel()])
})
afterAll(async () => {
  await clinic.close()
  await mail.stop()
})

test('two presses of L are twenty minutes, on My day and on the board of reception', async () => {
  await doctor.page.getByRole('heading', { name: 'My day' }).waitFor()
  await doctor.press('l', 'l')
  await onServer(() => expect(said()).toEqual([20]))
  await doctor.page.getByText('Running 20 min late').waitFor()
  await head().getByText('Running 20 min late').waitFor()
})

test('what was said last is taken back, and said again by the button', async () => {
  await doctor.press('Control+z')
  await onServer(() => expect(said()).toEqual([10]))
  await head().getByText('Running 10 min late').waitFor()
  await doctor.button(/^Late \+10/).click()
  await head().getByText('Running 20 min late').waitFor()
})

test('reception orders the messages, takes the order back, and nothing has left', async () => {
  await late().getByText('20 min late').waitFor()
  await tell().click()
  await onServer(() => expect(notices().length).toBeGreaterThan(0))
  await late().getByText('Everybody has been told').waitFor()
  await desk.press('Control+z')
  await onServer(() => expect(notices()).toEqual([]))
  await tell().waitFor()
  expect(told()).toEqual([])
})

test('reception tells the patients, each once', async () => {
  await tell().focus()
  await desk.press('Enter')
  await onServer(() => expect(notices().length).toBeGreaterThan(0))
  await late().getByText('Everybody has been told').waitFor()
  const mailable = () =>
    clinic.tables.all<{ email: string }>(
      `select distinct p.email from delay_notices n join appointments a on a.id = n.appointment_id
       join patients p on p.id = a.patient_id where p.email <> ''`,
    )
  await onServer(() => expect(told().length).toBeGreaterThanOrEqual(Math.min(1, mailable().length)))
  const waiting = () =>
    clinic.tables.all("select id from notifications where kind = 'doctor-delayed' and status = 'pending'")
  await onServer(() => expect(waiting()).toEqual([]))
  const addresses = told().map(({ to }) => [to].flat()[0]?.value[0]?.address)
  expect(addresses.length).toBeGreaterThan(0)
  for (const { text } of told()) expect(text).toContain('is running about 20 minutes late today')
})

test('without the server the key says why it has to wait', async () => {
  await doctor.context.setOffline(true)
  await doctor.untilOffline()
  await doctor.press('l')
  await doctor.page.getByRole('alert').filter({ hasText: 'Without the server nobody would hear of it' }).waitFor()
  expect(said()).toEqual([20])
  await doctor.context.setOffline(false)
  await doctor.page.getByText('Running 20 min late').waitFor()
})

test('on time again is on every board at once', async () => {
  await late()
    .getByRole('button', { name: `On time again, ${own.name}` })
    .click()
  await onServer(() => expect(said()).toEqual([0]))
  await doctor.page.getByText('Running 20 min late').waitFor({ state: 'detached' })
  await head().getByText('Running 20 min late').waitFor({ state: 'detached' })
})
