import type { DemoServer } from '#tests/support/demo-server.ts'
import type { DesktopApp } from './launch-desktop.ts'

/** Signs in as a person does, and waits until this device holds all there is. */
export async function signIn(
  { page }: DesktopApp,
  server: DemoServer,
  role: 'reception' | 'admin' = 'reception',
): Promise<void> {
  await page.getByLabel('E-mail').fill(server.login(role))
  await page.getByLabel('Password', { exact: true }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Up to date').waitFor({ timeout: 110_000 })
}

/** Opens the data kept here with the password alone. */
export async function openOffline({ page }: DesktopApp, server: DemoServer): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(server.password)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByText('Offline since').waitFor()
}
