/** The doctor's screens under axe, in light and dark. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'

let clinic: Clinic
let doctor: Client

beforeAll(async () => {
  clinic = await openClinic()
  doctor = await clinic.newClient()
  await doctor.logIn('doctor', { isOwnDevice: true })
  await doctor.untilLevel()
})
afterAll(() => clinic.close())

describe('axe finds nothing', () => {
  test('on My day, with names and with names blurred', async () => {
    await doctor.page.getByRole('article', { name: 'Patient' }).waitFor()
    expect(await findingsOf(doctor)).toEqual([])
    await doctor.press('p')
    expect(await findingsOf(doctor, 'main')).toEqual([])
    await doctor.press('p')
  })

  test('on an order to see a patient again', async () => {
    await doctor.button('See again…').click()
    await doctor.page.getByRole('form', { name: 'See again…' }).waitFor()
    expect(await findingsOf(doctor, 'aside')).toEqual([])
    await doctor.press('Escape')
  })

  test('on their patients, where the answers that only the desk may read are not offered', async () => {
    await doctor.press('g', 'p')
    await doctor.page.getByText('Choose somebody from the list').waitFor()
    expect(await doctor.page.getByText('Answers to look at').count()).toBe(0)
    expect(await findingsOf(doctor)).toEqual([])
    await doctor.press('Escape')
  })

  test('on availability, and on what a leave would do', async () => {
    await doctor.press('g', 'v')
    const form = doctor.page.getByRole('form', { name: 'Leave and other hours' })
    await form.getByLabel('First day').fill('2026-12-01')
    await form.getByRole('button', { name: 'Check' }).click()
    await doctor.page.getByRole('region', { name: 'What the change does' }).waitFor()
    expect(await findingsOf(doctor)).toEqual([])
  })
})
