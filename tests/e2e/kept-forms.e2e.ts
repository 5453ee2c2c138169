/** A form that is being filled in outlives a lock and a colleague at the same computer; nobody else sees it, and it goes when it is done. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clinicDatabases, readKept } from './support/browser-storage.ts'
import type { Client } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'

const REASON = 'Left knee swollen since the marathon'
const NEW_NAME = 'Philippa Featherstonehaugh'

let clinic: Clinic
let desk: Client
let caller: { readonly id: string; readonly name: string }

const form = () => desk.page.getByRole('form', { name: 'Book' })
const reason = () => form().getByRole('textbox', { name: 'Reason (optional)' })
const wish = () => form().getByLabel('Wished time')
const pageText = (): Promise<string> => desk.page.evaluate(() => document.documentElement.outerHTML)

beforeAll(async () => {
  clinic = await openClinic()
  const [free] = clinic.tables.all<{ id: string; name: string }>(
    `select id, name from patients p where name glob '[A-Z][a-z]* [A-Z][a-z]*' and length(name) > 11
     and not exists (select 1 from appointments x where x.patient_id = p.id)
     and not exists (select 1 from doctors d where d.name like '%' || p.name)
     and not exists (select 1 from patients q where q.id <> p.id and q.name = p.name) order by name`,
  )
  if (!free) throw new Error('The server has nobody without a visit')
  caller = free
  desk = await clinic.newClient()
  await desk.logIn('reception', { isOwnDevice: true })
  await desk.untilLevel()
})
afterAll(() => clinic.close())

const lock = async (): Promise<void> => {
  await desk.press('Control+l')
  await desk.button('Unlock').waitFor()
}
const unlock = async (): Promise<void> => {
  await desk.password.fill(clinic.server.password)
  await desk.press('Enter')
  await desk.grid.waitFor()
}
/** From the lock screen to somebody else, new here or known. */
const changeTo = async (role: 'admin' | 'reception', isKnown: boolean): Promise<void> => {
  await desk.button('Sign in as someone else').click()
  await desk.page.getByRole('group', { name: 'Who are you?' }).waitFor()
  if (isKnown) {
    await desk.page.getByRole('radio', { name: clinic.server.login(role) }).check()
    await desk.unlock()
  } else {
    await desk.button('Sign in as someone else').click()
    await desk.page.getByLabel('E-mail').fill(clinic.server.login(role))
    await desk.password.fill(clinic.server.password)
    await desk.button('Sign in').click()
  }
  await desk.grid.waitFor()
}
const openAnew = async (): Promise<void> => {
  await desk.press('Escape', 'g', 'd', 'b')
  await form().getByRole('combobox', { name: 'Patient' }).waitFor()
}

describe('a booking that is half filled in', () => {
  let moment: string

  test('is all there after a lock, and nothing of it on the locked screen', async () => {
    await openAnew()
    await desk.choosePatient(caller.name)
    await reason().fill(REASON)
    await wish().fill('+1w')
    await form().locator('label time', { hasText: 'Tue 1 Dec' }).first().waitFor()
    await desk.press('Alt+2')
    moment = (await form().locator('label[data-chosen] time').textContent()) ?? ''
    expect(moment).not.toBe('')
    await lock()
    const text = await pageText()
    for (const word of [caller.name, REASON, moment]) expect(text).not.toContain(word)
    expect(await findingsOf(desk)).toEqual([])
    await unlock()
    await form().getByText(caller.name, { exact: true }).first().waitFor()
    expect(await reason().inputValue()).toBe(REASON)
    expect(await wish().inputValue()).toBe('+1w')
    await expect.poll(() => form().locator('label[data-chosen] time').textContent()).toBe(moment)
  })

  test('lies encrypted on the device', async () => {
    const kept = JSON.stringify(clinicDatabases(await readKept(desk.page)))
    expect(kept).toContain('kept-forms')
    for (const word of [caller.name, REASON]) expect(kept).not.toContain(word)
  })

  test('is not there for a colleague', async () => {
    await lock()
    await changeTo('admin', false)
    expect(await form().count()).toBe(0)
    await openAnew()
    expect(await reason().inputValue()).toBe('')
    const text = await pageText()
    for (const word of [REASON, moment]) expect(text).not.toContain(word)
    await desk.press('Escape')
  })

  test('is open again when its person is back', async () => {
    await lock()
    await changeTo('reception', true)
    await form().getByText(caller.name, { exact: true }).first().waitFor()
    expect(await reason().inputValue()).toBe(REASON)
    await expect.poll(() => form().locator('label[data-chosen] time').textContent()).toBe(moment)
  })

  test('is gone once it is booked', async () => {
    await desk.press('Control+Enter')
    await form().waitFor({ state: 'detached' })
    await lock()
    await unlock()
    expect(await form().count()).toBe(0)
    await openAnew()
    expect(await reason().inputValue()).toBe('')
  })
})

describe('somebody new whose name is typed', () => {
  test('is still being typed after a lock, and is forgotten when the panel is closed', async () => {
    await openAnew()
    await form().getByRole('combobox', { name: 'Patient' }).fill(NEW_NAME)
    await desk.page.getByRole('option', { name: /as a new patient/ }).click()
    const birth = form().getByLabel('Birth date')
    await birth.fill('3.3.1971')
    await lock()
    expect(await pageText()).not.toContain(NEW_NAME)
    await unlock()
    expect(await form().getByLabel('Name', { exact: true }).inputValue()).toBe(NEW_NAME)
    expect(await birth.inputValue()).toBe('3.3.1971')
    await desk.press('Escape')
    await form().waitFor({ state: 'detached' })
    await openAnew()
    await lock()
    await unlock()
    expect(await form().getByRole('combobox', { name: 'Patient' }).inputValue()).toBe('')
  })
})
