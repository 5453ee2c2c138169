/** The ways to an account, through a real mailbox: registration, a forgotten password, an invitation, another address, a second factor. */
import type { ParsedMail } from 'mailparser'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { codeAt } from '#server/operations/accounts/totp.ts'
import { aMailServer, type MailServer } from '#tests/support/mail-server.ts'
import { callAs } from './support/call-as.ts'
import { type Client, PATIENCE_MS } from './support/client.ts'
import { type Clinic, openClinic } from './support/clinic.ts'
import { findingsOf } from './support/findings.ts'
import { PHONE, sidewaysOverflow, smallTargets } from './support/phone.ts'

const NEW_PASSWORD = 'seven green umbrellas'
const STEP_MS = 30_000

let mail: MailServer
let clinic: Clinic

beforeAll(async () => {
  mail = await aMailServer()
  clinic = await openClinic({ SMTP_URL: mail.url })
})
afterAll(async () => {
  await clinic.close()
  await mail.stop()
})

/** The newest mail to the address with a link in it, once it is there. */
async function linkTo(address: string, subject: RegExp): Promise<string> {
  const isMeant = ({ to, subject: about }: ParsedMail): boolean =>
    JSON.stringify(to).includes(address) && subject.test(about ?? '')
  await expect.poll(() => mail.received.some(isMeant), { timeout: PATIENCE_MS }).toBe(true)
  return mail.received.findLast(isMeant)?.text?.match(/https?:\/\/\S+/)?.[0] ?? ''
}

const signIn = async ({ page, password, button }: Client, email: string, word = NEW_PASSWORD): Promise<void> => {
  await page.getByLabel('E-mail').fill(email)
  await password.fill(word)
  await button('Sign in').click()
}

/** The screen fits a phone and axe finds nothing on it. */
async function isFitForPhones(client: Client): Promise<void> {
  expect(await smallTargets(client.page)).toEqual([])
  expect(await sidewaysOverflow(client.page)).toBe(0)
  expect(await findingsOf(client)).toEqual([])
}

describe('somebody new', () => {
  const email = 'ada@patients.test'

  test('registers on a phone, opens the link, and sees their own empty list', async () => {
    const client = await clinic.newClient({ viewport: PHONE })
    const { page, button } = client
    await button('New here? Register as a patient').click()
    await page.getByLabel('Your full name').fill('Ada Lovelace')
    await page.getByLabel('Date of birth').fill('1990-12-10')
    await page.getByLabel('E-mail').fill(email)
    const password = page.getByLabel('Password', { exact: true })
    await password.fill('passwordpassword')
    await isFitForPhones(client)
    await button('Register').click()
    await page.getByText('more than common words').waitFor()
    await password.fill(NEW_PASSWORD)
    await button('Register').click()
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()

    await page.goto(await linkTo(email, /Confirm your e-mail/))
    await page.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor()
    expect(page.url()).toBe(`${clinic.server.url}/account/registration`)
    await isFitForPhones(client)
    await button('Confirm').click()
    await page.getByText('Your account is ready').waitFor()
    await button('Sign in').click()
    await signIn(client, email)
    await page.getByRole('heading', { name: 'Your visits' }).waitFor()
  })

  test('is told when a link has been used, or is not whole', async () => {
    const { page, button } = await clinic.newClient({ viewport: PHONE })
    await page.goto(await linkTo(email, /Confirm your e-mail/))
    await button('Confirm').click()
    await page.getByText('already used or is too old').waitFor()
    await page.goto('/account/password')
    await page.reload()
    await page.getByText('The link is not complete').waitFor()
    await button('Back to signing in').click()
    await page.getByLabel('E-mail').waitFor()
  })
})

describe('somebody who works here', () => {
  const invited = 'grace@staff.test'

  test('takes an invitation and signs in', async () => {
    const { roles } = (await (await callAs(clinic.server, 'admin', 'GET', '/roles')).json()) as {
      roles: { id: string; name: string }[]
    }
    const roleIds = roles.filter(({ name }) => name === 'receptionist').map(({ id }) => id)
    await callAs(clinic.server, 'admin', 'POST', '/invitations', { name: 'Grace Hopper', email: invited, roleIds })
    const client = await clinic.newClient()
    await client.page.goto(await linkTo(invited, /Your account/))
    await client.page.getByLabel('New password').fill(NEW_PASSWORD)
    await client.button('Save password').click()
    await client.button('Sign in').click()
    await signIn(client, invited)
    await client.grid.waitFor()
  })

  test('gets another password by mail when the old one is forgotten', async () => {
    const client = await clinic.newClient()
    await client.button('Forgotten your password?').click()
    await client.page.getByLabel('E-mail').fill(invited)
    expect(await findingsOf(client)).toEqual([])
    await client.button('Send the link').click()
    await client.page.getByText('a link is on its way').waitFor()
    await client.page.goto(await linkTo(invited, /A new password/))
    await client.page.getByLabel('New password').fill('eight yellow kettles')
    expect(client.page.url()).not.toContain('#')
    await client.button('Save password').click()
    await client.button('Sign in').click()
    await signIn(client, invited, 'eight yellow kettles')
    await client.grid.waitFor()
  })

  test('changes the password, and is signed out everywhere else', async () => {
    const [here, there] = [await clinic.newClient(), await clinic.newClient()]
    for (const client of [here, there]) {
      await signIn(client, invited, 'eight yellow kettles')
      await client.untilLevel()
    }
    await openAccount(here)
    await here.button('Change password').click()
    await here.page.getByLabel('Current password').fill('a wrong one')
    await here.page.getByLabel('New password').fill(NEW_PASSWORD)
    await here.button('Change password').click()
    await here.page.getByText('The current password is wrong.').waitFor()
    expect(await findingsOf(here)).toEqual([])
    await here.page.getByLabel('Current password').fill('eight yellow kettles')
    await here.button('Change password').click()
    await here.page.getByText('Your password was changed.').waitFor()
    await there.page.getByText('The server has signed you out').waitFor()
    await there.password.fill(NEW_PASSWORD)
    await there.button('Sign in again').click()
    await there.untilLevel()
  })

  test('sees where they are signed in, and ends it there', async () => {
    const [here, there] = [await clinic.newClient(), await clinic.newClient()]
    for (const client of [here, there]) {
      await signIn(client, invited)
      await client.untilLevel()
    }
    await openAccount(here)
    const list = here.page.getByRole('list', { name: 'Where you are signed in' })
    await list.getByText('This device, now').waitFor()
    const before = await list.getByRole('button').count()
    for (let left = before; left > 0; left -= 1) {
      await list.getByRole('button').first().click()
      await expect.poll(() => list.getByRole('button').count()).toBe(left - 1)
    }
    await there.page.getByText('The server has signed you out').waitFor()
  })

  test('takes another address, and signs in with it', async () => {
    const client = await clinic.newClient()
    await signIn(client, invited)
    await openAccount(client)
    await client.button('Change e-mail address').click()
    await client.page.getByLabel('New e-mail address').fill('hopper@staff.test')
    await client.page.getByLabel('Current password').fill(NEW_PASSWORD)
    await client.button('Send the link').click()
    await client.page.getByText('open the link we sent to hopper@staff.test').waitFor()
    const other = await clinic.newClient()
    await other.page.goto(await linkTo('hopper@staff.test', /new e-mail/))
    await other.button('Confirm').click()
    await other.button('Sign in').click()
    await signIn(other, 'hopper@staff.test')
    await other.grid.waitFor()
  })
})

describe('a second factor', () => {
  const email = 'hopper@staff.test'
  /** Each use takes a time step of its own, as a code is good once; the server takes the one before and the one after. */
  const codeOf = (secret: string, stepsOn = 0): string =>
    codeAt(secret, Date.now() + inject('clockShiftMs') + stepsOn * STEP_MS)
  const secretOn = async ({ page }: Client): Promise<string> =>
    ((await page.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]+$/).textContent()) ?? '').replaceAll(' ', '')
  let secret = ''
  let recovery: string[] = []

  test('is turned on with a first code, and shows recovery codes once', async () => {
    const client = await clinic.newClient()
    await signIn(client, email)
    await openAccount(client)
    await client.button('Turn on').click()
    await client.page.getByLabel('Current password').fill(NEW_PASSWORD)
    await client.button('Turn on').click()
    await client.page.getByRole('img', { name: 'Picture for the authenticator app' }).waitFor()
    expect(await findingsOf(client)).toEqual([])
    secret = await secretOn(client)
    await client.page.getByLabel('Code').fill('000000')
    await client.button('Confirm').click()
    await client.page.getByText('This code is wrong').waitFor()
    await client.page.getByLabel('Code').fill(codeOf(secret, -1))
    await client.button('Confirm').click()
    const codes = client.page.getByRole('region', { name: 'Your recovery codes' })
    await codes.getByRole('listitem').first().waitFor()
    recovery = await codes.getByRole('listitem').allTextContents()
    expect(recovery).toHaveLength(10)
    expect(await findingsOf(client)).toEqual([])
    await client.button('I have kept them').click()
    await client.page.getByText('10 recovery codes left.').waitFor()
  })

  test('is asked for at the next log-in: a code of the app opens, a wrong one does not', async () => {
    const client = await clinic.newClient({ viewport: PHONE })
    await signIn(client, email)
    await client.page.getByRole('heading', { name: 'One more step' }).waitFor()
    await isFitForPhones(client)
    await client.page.getByLabel('Code').fill('123456')
    await client.button('Sign in').click()
    await client.page.getByText('This code is wrong').waitFor()
    await client.page.getByLabel('Code').fill(codeOf(secret))
    await client.button('Sign in').click()
    await client.pill.waitFor()
  })

  test('is answered by a recovery code, and turned off with another one', async () => {
    const client = await clinic.newClient()
    await signIn(client, email)
    await client.page.getByLabel('Code').fill(recovery[0] ?? '')
    await client.button('Sign in').click()
    await openAccount(client)
    await client.page.getByText('9 recovery codes left.').waitFor()
    await client.button('Turn off').click()
    await client.page.getByLabel('Current password').fill(NEW_PASSWORD)
    await client.page.getByLabel('Code').fill(recovery[1] ?? '')
    await client.button('Turn off').click()
    await client.button('Turn on').waitFor()
  })

  test('is set up while signing in, where the clinic asks staff for one', async () => {
    const changed = await callAs(clinic.server, 'admin', 'PATCH', '/clinic', { policies: { twoFactor: 'staff' } })
    expect(changed.status).toBe(200)
    const client = await clinic.newClient()
    await signIn(client, email)
    await client.page.getByText('Your clinic asks for a second factor').waitFor()
    expect(await findingsOf(client)).toEqual([])
    await client.page.getByLabel('Code').fill(codeOf(await secretOn(client)))
    await client.button('Confirm').click()
    await client.page.getByRole('region', { name: 'Your recovery codes' }).waitFor()
    await client.button('I have kept them').click()
    await client.grid.waitFor()
  })
})

async function openAccount(client: Client): Promise<void> {
  await client.pill.waitFor()
  await client.page.getByRole('button', { name: /^Your account/ }).click()
  await client.page.getByRole('menuitem', { name: 'My account' }).click()
  await client.page.getByRole('heading', { name: 'My account' }).waitFor()
}
