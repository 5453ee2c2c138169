/** Other systems that are told of what happens: set up, tried, and taken away again by an administrator. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { aWebhookReceiver, type WebhookReceiver } from '#tests/support/webhook-receiver.ts'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { one } from './support/server-tables.ts'
import { type Settings, settingsOf } from './support/settings-of.ts'

const SOON = { timeout: PATIENCE_MS, interval: 100 }

let clinic: Clinic
let admin: Client
let settings: Settings
let receiver: WebhookReceiver
let secret: string

const hooks = () => clinic.tables.all<{ url: string; is_active: number; revision: number }>('select * from webhooks')
/** News of the calling off; what happened before the web hook was there may come beside it. */
const told = () => receiver.received.filter(({ body }) => body.includes('AppointmentCancelled'))
const shownSecret = () => settings.main.getByRole('region', { name: 'Secret' })

beforeAll(async () => {
  receiver = await aWebhookReceiver()
  clinic = await openClinic({ WEBHOOK_ALLOW: '127.0.0.1' })
  admin = await clinic.newClient()
  await admin.logIn('admin')
  settings = settingsOf(admin)
})
afterAll(async () => {
  await clinic.close()
  await receiver.close()
})

test('is added by keyboard, and its secret is shown this once', async () => {
  await settings.open('Web hooks')
  await settings.main.getByText('Nobody is told yet.').waitFor()
  await admin.button('Add a web hook').focus()
  await admin.press('Enter')
  await expect
    .poll(() => settings.field('Address').evaluate((field) => field === document.activeElement), SOON)
    .toBe(true)
  await admin.page.keyboard.type('http://10.1.2.3/inside')
  await admin.press('Enter')
  await settings.main.getByRole('alert').filter({ hasText: 'This address may not be called' }).waitFor()
  await admin.press('Control+a')
  await admin.page.keyboard.type(`${receiver.url}/clinic`)
  await admin.press('Tab')
  await admin.page.keyboard.type('Billing')
  expect(await findingsOf(admin, 'main')).toEqual([])
  await admin.press('Enter')
  await shownSecret().waitFor()
  secret = (await shownSecret().locator('code').textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  expect(await findingsOf(admin, 'main')).toEqual([])
  await shownSecret().getByRole('button').last().focus()
  await admin.press('Enter')
  await shownSecret().waitFor({ state: 'detached' })
  expect(await settings.main.textContent()).not.toContain(secret)
  expect(hooks()).toMatchObject([{ url: `${receiver.url}/clinic`, is_active: 1 }])
})

test('says what was sent and what came of it, and sends it again', async () => {
  const visit = one(clinic.tables.visits(`a.status = 'confirmed' and a.local_day = '2026-11-27'`), 'confirmed visit')
  const cancelled = await callAs(clinic.server, 'reception', 'POST', `/appointments/${visit.id}/cancel`, {
    reason: 'Ill',
  })
  expect(cancelled.status).toBe(200)
  await vi.waitFor(() => expect(told()).toHaveLength(1), SOON)
  expect(told()[0]?.body).not.toContain(visit.name)
  await admin.button(`What was sent: ${receiver.url}/clinic`).focus()
  await admin.press('Enter')
  const sent = settings.main.getByRole('region', { name: 'What was sent' })
  const row = sent.getByRole('row').filter({ hasText: 'Visit cancelled' })
  await expect
    .poll(async () => {
      await sent.getByRole('button', { name: 'Look again' }).click()
      return (await row.allTextContents()).join()
    }, SOON)
    .toContain('Delivered · 1 try · HTTP 200')
  expect(await findingsOf(admin, 'main')).toEqual([])
  await sent.getByRole('button', { name: 'Send again: Visit cancelled' }).focus()
  await admin.press('Enter')
  await vi.waitFor(() => expect(told()).toHaveLength(2), SOON)
  await admin.press('Escape')
  await sent.waitFor({ state: 'detached' })
})

test('gets a new secret, is paused, and goes only after a question', async () => {
  await settings.main.getByRole('button', { name: /^New secret/ }).click()
  await settings.main.getByRole('button', { name: 'Make a new one' }).click()
  await shownSecret().waitFor()
  expect(await shownSecret().locator('code').textContent()).not.toBe(secret)
  await settings.main.getByRole('button', { name: /^Pause/ }).click()
  await settings.main.getByText('Paused').waitFor()
  expect(hooks()).toMatchObject([{ is_active: 0 }])
  await settings.main.getByRole('button', { name: /^Remove/ }).click()
  expect(hooks()).toHaveLength(1)
  await settings.main.getByRole('button', { name: 'Remove it' }).click()
  await settings.main.getByText('Nobody is told yet.').waitFor()
  expect(hooks()).toEqual([])
})
