/** The icon beside the clock: what it counts is what this device has not sent, and what it offers is what can be done. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { refusalOf } from './support/bridge.ts'
import { type DesktopApp, launchDesktop } from './support/launch-desktop.ts'
import { clickMenu } from './support/menu.ts'
import { signIn } from './support/sign-in.ts'

type Item = { readonly label: string; readonly isEnabled: boolean }
type Menuish = { items: { label: string; enabled: boolean; type: string; click: () => void }[] }
type SpecGlobals = { trayMenu?: Menuish; trayToolTip?: string }

let server: DemoServer
let desktop: DesktopApp

beforeAll(async () => {
  server = await startDemoServer()
  desktop = await launchDesktop({ env: { SYNC_SERVER_URL: server.url } })
  // What was set on a tray cannot be read back, so it is noted on its way.
  await desktop.app.evaluate(({ Tray }) => {
    const globals = globalThis as unknown as SpecGlobals
    const { setContextMenu, setToolTip } = Tray.prototype
    Tray.prototype.setContextMenu = function note(menu) {
      globals.trayMenu = menu as unknown as Menuish
      setContextMenu.call(this, menu)
    }
    Tray.prototype.setToolTip = function note(text) {
      globals.trayToolTip = text
      setToolTip.call(this, text)
    }
  })
})
afterAll(async () => {
  await desktop?.app.close()
  await server?.remove()
})

const listItems = (): Promise<Item[]> =>
  desktop.app.evaluate(() =>
    ((globalThis as unknown as SpecGlobals).trayMenu?.items ?? [])
      .filter(({ type }) => type !== 'separator')
      .map(({ label, enabled }) => ({ label, isEnabled: enabled })),
  )
const choose = (label: string): Promise<void> =>
  desktop.app.evaluate((_electron, wanted) => {
    const item = (globalThis as unknown as SpecGlobals).trayMenu?.items.find((one) => one.label === wanted)
    if (!item?.enabled) throw new Error(`the icon does not offer ${wanted}`)
    item.click()
  }, label)
const toolTip = () => desktop.app.evaluate(() => (globalThis as unknown as SpecGlobals).trayToolTip)
const badge = () => desktop.app.evaluate(({ app }) => app.getBadgeCount())

test('with everything sent the icon offers the window, a booking, the lock and the end', async () => {
  await signIn(desktop, server)
  await vi.waitFor(async () =>
    expect(await listItems()).toEqual([
      { label: 'Show window', isEnabled: true },
      { label: 'New booking…', isEnabled: true },
      { label: 'Lock', isEnabled: true },
      { label: 'Quit', isEnabled: true },
    ]),
  )
  expect(await badge()).toBe(0)
  expect(await toolTip()).toBe('Healthcare Appointments')
})

test('New booking… brings the window to the front and opens a booking', async () => {
  const window = await desktop.app.browserWindow(desktop.page)
  await window.evaluate((one) => one.minimize())
  await choose('New booking…')
  await desktop.page.getByRole('combobox', { name: 'Patient' }).waitFor()
  expect(await window.evaluate((one) => one.isMinimized())).toBe(false)
})

test('what is done without the server is counted on the icon, and named nowhere on it', async () => {
  await server.stop()
  await clickMenu(desktop, 'File > Add day note…')
  const note = desktop.page.getByRole('form', { name: 'Day note' }).getByRole('textbox', { name: 'Note' })
  await note.fill('The lift is out of order')
  await desktop.page.keyboard.press('Control+Enter')
  await vi.waitFor(async () => expect((await listItems())[0]?.label).toBe('1 change not sent yet'))
  expect(await badge()).toBe(1)
  expect(await toolTip()).toBe('Healthcare Appointments: 1 change not sent yet')
})

test('Lock locks, and behind the lock the figure stays and the booking is greyed', async () => {
  await choose('Lock')
  await desktop.page.getByRole('button', { name: 'Unlock' }).waitFor()
  await vi.waitFor(async () =>
    expect(await listItems()).toEqual([
      { label: '1 change not sent yet', isEnabled: false },
      { label: 'Show window', isEnabled: true },
      { label: 'New booking…', isEnabled: false },
      { label: 'Lock', isEnabled: false },
      { label: 'Quit', isEnabled: true },
    ]),
  )
})

test('when it has reached the server the figure goes', async () => {
  await server.start()
  await desktop.page.getByLabel('Password', { exact: true }).fill(server.password)
  await desktop.page.getByRole('button', { name: 'Unlock' }).click()
  await desktop.page.getByText('Up to date').waitFor({ timeout: 60_000 })
  await vi.waitFor(async () => expect(await badge()).toBe(0))
  expect((await listItems())[0]?.label).toBe('Show window')
})

test.each([[{ count: -1 }], [{ count: 1.5 }], [{ count: '1' }], [{ count: 1, of: 'Anna' }]])(
  'the count %j is refused',
  async (payload) => {
    expect(await refusalOf(desktop, 'unsent:report', payload)).toContain('refused: malformed payload')
  },
)
