/** A computer that is new to the clinic: its clock has to be right, and the server proves which one it is. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { FINGERPRINT_WORDS } from '#domain/security/fingerprint-words.ts'
import { shiftClock } from '#tests/support/shift-clock.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { settingsOf } from './support/settings-of.ts'

const SEVEN_MINUTES_MS = 7 * 60_000

let clinic: Clinic

beforeAll(async () => {
  clinic = await openClinic()
})
afterAll(() => clinic.close())

test('a clock that is wrong by minutes lets nobody in, and says how to put it right', async () => {
  const client = await clinic.newClient({ clockShiftMs: inject('clockShiftMs') - SEVEN_MINUTES_MS })
  const alert = client.page.getByRole('alert')
  await alert.getByRole('heading', { name: 'The clock of this computer is wrong' }).waitFor()
  await alert.getByText('It is 7 minutes behind the server.').waitFor()
  expect(await client.page.getByLabel('E-mail').count()).toBe(0)
  expect(await findingsOf(client)).toEqual([])
  await client.page.evaluate(shiftClock, SEVEN_MINUTES_MS)
  await client.button('Try again').click()
  await client.page.getByLabel('E-mail').waitFor()
  expect(await alert.getByRole('heading').count()).toBe(0)
  await client.logIn('reception')
  await client.untilLevel()
})

test('an administrator sees the six words that a new computer has to show', async () => {
  const admin = await clinic.newClient()
  await admin.logIn('admin')
  await admin.untilLevel()
  const settings = settingsOf(admin)
  await settings.open('Devices')
  const words = settings.main.getByRole('list', { name: 'Six words of the server' }).getByRole('listitem')
  await words.first().waitFor()
  const shown = await words.allTextContents()
  expect(shown).toHaveLength(6)
  for (const word of shown) expect(FINGERPRINT_WORDS).toContain(word)
  expect(await findingsOf(admin)).toEqual([])
})
