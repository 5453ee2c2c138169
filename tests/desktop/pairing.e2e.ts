/** A desktop that is told of a server: six words are compared before anybody signs in, and another server at that address is noticed. */
import { pbkdf2Sync } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FINGERPRINT, wordsOf } from '#domain/security/fingerprint-words.ts'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { type DesktopApp, launchDesktop, newUserData } from './support/launch-desktop.ts'
import { signIn } from './support/sign-in.ts'

const NOBODY_THERE = 'http://127.0.0.1:9'
const userData = newUserData()

let server: DemoServer
let desktop: DesktopApp

const launch = async (): Promise<void> => {
  desktop = await launchDesktop({ userData, env: { SYNC_SERVER_URL: NOBODY_THERE } })
}

beforeAll(async () => {
  server = await startDemoServer()
  await launch()
})
afterAll(async () => {
  await desktop?.app.close()
  await server?.remove()
})

/** Worked out here from what the server says, as an administrator's screen does. */
async function wordsOfServer(): Promise<readonly string[]> {
  const answer = await fetch(`${server.url}/api/v1/server-identity?challenge=${'x'.repeat(43)}`)
  const { publicKey } = (await answer.json()) as { publicKey: string }
  const { salt, iterations, bytes } = FINGERPRINT
  return wordsOf(pbkdf2Sync(Buffer.from(publicKey, 'base64url'), salt, iterations, bytes, 'sha256'))
}

const heading = (name: string) => desktop.page.getByRole('heading', { name })
const button = (name: string) => desktop.page.getByRole('button', { name })
const shownWords = () =>
  desktop.page.getByRole('list', { name: 'Six words of the server' }).getByRole('listitem').allTextContents()

async function chooseServer(): Promise<void> {
  await button('Change server').click()
  await desktop.page.getByLabel('Address of the server').fill(server.url)
  await button('Use this server').click()
  await heading('Is this your clinic’s server?').waitFor()
}

test('words that differ lead back, and nothing was sent', async () => {
  await chooseServer()
  expect(await desktop.page.getByLabel('Password', { exact: true }).count()).toBe(0)
  await button('The words differ').click()
  await heading('Do not go on').waitFor()
  await button('Keep the old one').click()
  await desktop.page.getByText(/The server 127.0.0.1:9 does not answer/).waitFor()
})

test('words that are the same lead to the log-in, and the computer has its name in the list of devices', async () => {
  await chooseServer()
  expect(await shownWords()).toEqual(await wordsOfServer())
  await desktop.page.getByLabel('Name of this computer').fill('Front desk 2')
  await button('The words are the same').click()
  await signIn(desktop, server, 'admin')
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: server.login('admin'), password: server.password })
  const login = await fetch(`${server.url}/api/v1/auth/login`, { method: 'POST', headers: json, body })
  const { token } = (await login.json()) as { token: string }
  const devices = await fetch(`${server.url}/api/v1/devices`, { headers: { authorization: `Bearer ${token}` } })
  expect(((await devices.json()) as { devices: { name: string }[] }).devices.map(({ name }) => name)).toContain(
    'Front desk 2',
  )
})

test('another server at that address is noticed before a password is typed', async () => {
  await desktop.app.close()
  await server.stop()
  rmSync(join(server.dataDir, 'secret.key'))
  await server.start()
  await launch()
  await desktop.page
    .getByRole('alert')
    .getByText(/is not the server this computer was connected to before/)
    .waitFor()
  expect(await desktop.page.getByLabel('Password', { exact: true }).count()).toBe(0)
  expect(await shownWords()).toEqual(await wordsOfServer())
})
