/** Where windows stand, and several of them on the same data. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { type DesktopApp, launchDesktop, newUserData } from './support/launch-desktop.ts'
import { clickMenu, listMenuItems } from './support/menu.ts'
import { signIn } from './support/sign-in.ts'

const userData = newUserData()
const kept = (): { places: { x: number; isMaximized: boolean }[] } =>
  JSON.parse(readFileSync(join(userData, 'windows.json'), 'utf8'))

let server: DemoServer
let desktop: DesktopApp

const launch = async (): Promise<void> => {
  desktop = await launchDesktop({ userData, env: { SYNC_SERVER_URL: server.url } })
}
const boundsOf = async () =>
  (await desktop.app.browserWindow(desktop.page)).evaluate((window) => window.getNormalBounds())

beforeAll(async () => {
  server = await startDemoServer()
  await launch()
})
afterAll(async () => {
  await desktop?.app.close()
  await server?.remove()
})

test('a window comes back where it stood, maximised if it was', async () => {
  const place = { x: 60, y: 80, width: 1100, height: 760 }
  const window = await desktop.app.browserWindow(desktop.page)
  await window.evaluate((one, area) => {
    one.setBounds(area)
    one.maximize()
  }, place)
  await desktop.app.close()
  expect(kept().places).toMatchObject([{ isMaximized: true }])
  await launch()
  expect(await boundsOf()).toEqual(place)
  const again = await desktop.app.browserWindow(desktop.page)
  await vi.waitFor(async () => expect(await again.evaluate((one) => one.isMaximized())).toBe(true))
})

test('a place on a screen that is gone is not taken up again', async () => {
  await desktop.app.close()
  const away = { x: 9000, y: 200, width: 1100, height: 760, isMaximized: false }
  writeFileSync(join(userData, 'windows.json'), JSON.stringify({ places: [away] }))
  await launch()
  const { x, width } = await boundsOf()
  expect(width).toBe(1100)
  expect(x).toBeLessThan(1920)
})

test('a screen that is unplugged gives its windows back', async () => {
  const window = await desktop.app.browserWindow(desktop.page)
  await window.evaluate((one) => one.setBounds({ x: 9000, y: 200, width: 1100, height: 760 }))
  await desktop.app.evaluate(({ screen }) => screen.emit('display-removed', {}, {}))
  expect((await boundsOf()).x).toBeLessThan(1920)
})

test('Window > New window opens the app once more, also before anybody has signed in', async () => {
  expect(await listMenuItems(desktop, 'Window')).toContainEqual({ label: 'New window', isEnabled: true })
  await signIn(desktop, server)
  const second = await openAnother()
  expect(desktop.app.windows()).toHaveLength(2)
  await second.getByLabel('Password', { exact: true }).fill(server.password)
  await second.getByRole('button', { name: /^(Open|Sign in)$/ }).click()
  await second.getByText('Up to date').waitFor({ timeout: 60_000 })
})

test('of two windows one replicates and both have the data; it changes hands when that one closes', async () => {
  const [first, second] = desktop.app.windows() as [Page, Page]
  const before = await locksOf(first)
  expect([before.held, before.pending]).toEqual([1, 1])
  for (const page of [first, second]) await page.locator('[data-item]').first().waitFor()
  await first.close()
  await vi.waitFor(async () => expect(await locksOf(second)).toEqual({ held: 1, pending: 0 }))
  await second.getByText('Up to date').waitFor()
})

test('the menu is that of the window in front', async () => {
  const isLockable = async (): Promise<boolean | undefined> =>
    (await listMenuItems(desktop, 'File')).find(({ label }) => label === 'Lock')?.isEnabled
  expect(await isLockable()).toBe(true)
  const third = await openAnother()
  await third.getByLabel('Password', { exact: true }).waitFor()
  await vi.waitFor(async () => expect(await isLockable()).toBe(false))
  await third.close()
  await vi.waitFor(async () => expect(await isLockable()).toBe(true))
})

test('closing the last window ends the app, except on macOS', async () => {
  const end = new Promise((resolve) => desktop.app.process().once('exit', resolve))
  const isKeptOpen = process.platform === 'darwin'
  for (const page of desktop.app.windows()) await page.close()
  if (isKeptOpen) return
  expect(await end).toBe(0)
})

async function openAnother(): Promise<Page> {
  const opened = desktop.app.waitForEvent('window')
  await clickMenu(desktop, 'Window > New window')
  return opened
}

/** Who replicates, and who waits to. */
async function locksOf(page: Page): Promise<{ held: number; pending: number }> {
  return page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    const count = (locks: LockInfo[]): number => locks.filter(({ name }) => name?.startsWith('sync:')).length
    return { held: count(held), pending: count(pending) }
  })
}
