import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { catchOpenedUrls, listOpenedUrls } from './support/answers.ts'
import { invoke, listen, listPushes, refusalOf } from './support/bridge.ts'
import { appOrigin, type DesktopApp, launchDesktop } from './support/launch-desktop.ts'
import { clickMenu, listMenuItems, listMenus } from './support/menu.ts'

let server: Server
let serverOrigin = ''
let desktop: DesktopApp

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', 'app://clinic')
    response.setHeader('access-control-allow-headers', 'authorization')
    response.end(`reached from ${request.headers.origin}`)
  })
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    socket.send(`reached from ${request.headers.origin}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  serverOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  desktop = await launchDesktop({ env: { SYNC_SERVER_URL: serverOrigin } })
})

afterAll(async () => {
  await desktop?.app.close()
  server?.closeAllConnections()
  server?.close()
})

test('the page has the bridge and nothing else of the host', async () => {
  const found = await desktop.page.evaluate(() => {
    const globals = window as unknown as Record<string, object | undefined>
    return {
      bridge: Object.keys(globals.desktop ?? {}).sort(),
      isFrozen: Object.isFrozen(globals.desktop),
      hosts: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => globals[name] !== undefined),
    }
  })
  expect(found).toEqual({ bridge: ['invoke', 'on'], isFrozen: true, hosts: [] })
})

test('a page cannot replace the bridge', async () => {
  const before = await invoke(desktop, 'server:get', {})
  await desktop.page.evaluate(() => {
    const globals = window as unknown as Record<string, { invoke: unknown }>
    for (const change of [
      () => Object.assign(globals.desktop ?? {}, { invoke: () => 'mine' }),
      () => Object.assign(globals, { desktop: {} }),
      () => Reflect.deleteProperty(globals, 'desktop'),
    ]) {
      try {
        change()
      } catch {
        // Refused, as it should be.
      }
    }
  })
  expect(await invoke(desktop, 'server:get', {})).toEqual(before)
})

test('what is no channel or does not fit its schema is refused', async () => {
  expect(await refusalOf(desktop, 'shell:run', { command: 'ls' })).toContain('no such channel')
  expect(await refusalOf(desktop, 'server:set', { url: 3 })).toContain('refused: malformed payload')
  expect(await refusalOf(desktop, 'server:set', undefined)).toContain('refused: malformed payload')
})

test('the server is the configured one, and an unsafe one is not taken', async () => {
  expect(await invoke(desktop, 'server:get', {})).toEqual({ origin: serverOrigin })
  expect(await invoke(desktop, 'server:set', { url: 'http://clinic.example' })).toEqual({
    ok: false,
    reason: 'not-encrypted',
  })
  expect(await invoke(desktop, 'server:get', {})).toEqual({ origin: serverOrigin })
})

test('an inline script does not run', async () => {
  const ran = await desktop.page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.ran = true'
    document.head.append(script)
    return 'ran' in window
  })
  expect(ran).toBe(false)
})

/** What becomes of a request of the page, and which directive of the policy it broke. */
const reach = (url: string): Promise<{ answer: string; broke: string }> =>
  desktop.page.evaluate(async (target) => {
    let broke = ''
    const note = (event: SecurityPolicyViolationEvent): void => {
      broke = event.effectiveDirective
    }
    document.addEventListener('securitypolicyviolation', note)
    // The header asks for a preflight, as every request with a session does.
    const answer = await fetch(target, { headers: { authorization: 'Bearer x' } }).then(
      (response) => response.text(),
      () => 'blocked',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    document.removeEventListener('securitypolicyviolation', note)
    return { answer, broke }
  }, url)

test('the page reaches its server by its own origin, and by the policy no other', async () => {
  expect(await reach(`${serverOrigin}/`)).toEqual({ answer: 'reached from app://clinic', broke: '' })
  expect(await reach(`${serverOrigin.replace('127.0.0.1', 'localhost')}/`)).toEqual({
    answer: 'blocked',
    broke: 'connect-src',
  })
})

test('the page reaches its server by WebSocket, and no other', async () => {
  const hear = (url: string): Promise<string> =>
    desktop.page.evaluate(
      (target) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(target)
          socket.onmessage = (event) => resolve(String(event.data))
          socket.onerror = () => resolve('blocked')
        }),
      url.replace('http', 'ws'),
    )
  expect(await hear(serverOrigin)).toBe('reached from app://clinic')
  expect(await hear(serverOrigin.replace('127.0.0.1', 'localhost'))).toBe('blocked')
})

test('the page has exactly the permissions it needs', async () => {
  const names = ['notifications', 'clipboard-write', 'local-network', 'loopback-network']
  const others = ['clipboard-read', 'geolocation', 'camera', 'microphone', 'midi', 'persistent-storage', 'local-fonts']
  const states = await desktop.page.evaluate(
    (asked) =>
      Promise.all(asked.map((name) => navigator.permissions.query({ name: name as PermissionName }))).then((all) =>
        all.map((status) => status.state),
      ),
    [...names, ...others],
  )
  const granted = [...names, ...others].filter((_name, index) => states[index] === 'granted')
  expect(granted).toEqual(names)
})

test('the window stays on its page', async () => {
  const before = desktop.page.url()
  for (const target of ['https://evil.example/', `${serverOrigin}/`, 'data:text/html,x']) {
    await desktop.page.evaluate((url) => {
      const link = document.createElement('a')
      link.href = url
      document.body.append(link)
      link.click()
      link.remove()
    }, target)
    await desktop.page.waitForTimeout(150)
    expect(desktop.page.url()).toBe(before)
  }
  expect(await invoke(desktop, 'server:get', {})).toEqual({ origin: serverOrigin })
})

test('links open outside when they are https or mail, and no second window opens', async () => {
  await catchOpenedUrls(desktop)
  await desktop.page.evaluate(() => {
    for (const url of ['https://example.org/help', 'file:///etc/passwd', 'smb://server/share']) window.open(url)
    const link = document.createElement('a')
    link.href = 'mailto:desk@clinic.example'
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.remove()
  })
  await vi.waitFor(async () => expect(await listOpenedUrls(desktop)).toHaveLength(2))
  expect(await listOpenedUrls(desktop)).toEqual(['https://example.org/help', 'mailto:desk@clinic.example'])
  expect(desktop.app.windows()).toHaveLength(1)
})

test('menu items follow what the page can do, and choosing one reaches the page', async () => {
  expect(await listMenus(desktop)).toEqual(['File', 'Edit', 'View', 'Appointment', 'Go', 'Window', 'Help'])
  await listen(desktop, ['command'])
  await invoke(desktop, 'commands:state', { enabled: ['go.inbox'], language: 'en' })
  expect(await listMenuItems(desktop, 'Go')).toEqual([
    { label: 'Day board', isEnabled: false },
    { label: 'My day', isEnabled: false },
    { label: 'Availability', isEnabled: false },
    { label: 'Waitlist', isEnabled: false },
    { label: 'Patients', isEnabled: false },
    { label: 'Sync inbox', isEnabled: true },
    { label: 'Reports', isEnabled: false },
    { label: 'Messages to you', isEnabled: false },
    { label: 'Activity monitor', isEnabled: false },
    { label: 'Reminders and words', isEnabled: false },
    { label: 'Settings', isEnabled: false },
  ])
  await expect(clickMenu(desktop, 'Go > Day board')).rejects.toThrow('disabled')
  await clickMenu(desktop, 'Go > Sync inbox')
  await vi.waitFor(async () =>
    expect(await listPushes(desktop)).toEqual([{ name: 'command', message: { id: 'go.inbox' } }]),
  )
})

test('a locked screen and a sleeping machine are told to the page', async () => {
  await listen(desktop, ['lock'])
  await desktop.app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('lock-screen')
    powerMonitor.emit('suspend')
  })
  await vi.waitFor(async () =>
    expect(await listPushes(desktop)).toEqual([
      { name: 'lock', message: { reason: 'screen-locked' } },
      { name: 'lock', message: { reason: 'suspended' } },
    ]),
  )
})

test('the page and its files are the built ones, under the address of the app', async () => {
  expect(new URL(desktop.page.url()).origin === appOrigin(desktop) || desktop.host === 'electron').toBe(true)
  const served = await desktop.page.evaluate(() => fetch('/index.html').then((response) => response.text()))
  expect(served).toBe(readFileSync(join(import.meta.dirname, '../../out/renderer/index.html'), 'utf8'))
})
