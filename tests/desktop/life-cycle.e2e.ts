import { spawn } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { invoke } from './support/bridge.ts'
import { type DesktopApp, launchDesktop, newUserData, startCommand } from './support/launch-desktop.ts'
import { clickMenu } from './support/menu.ts'

const anna = { userId: 'anna', login: 'anna@clinic.example', password: 'correct horse' }
const session = { userId: 'anna', token: 'token-of-thirty-two-characters-xx' }

/** Starts the app a second time for the same data, and waits for that process to end. */
function startAgain({ userData }: DesktopApp): Promise<number | null> {
  const { program, args } = startCommand(userData)
  const child = spawn(program, args, { stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}

const ended = (desktop: DesktopApp): Promise<number | null> =>
  new Promise((resolve) => desktop.app.process().once('exit', resolve))

test('a server address that others could read along stops the start with its reason', async () => {
  const { program, args } = startCommand(newUserData())
  const env = { ...process.env, SYNC_SERVER_URL: 'http://clinic.example' }
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  let printed = ''
  child.stderr.on('data', (text) => {
    printed += text
  })
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1)
  expect(printed).toContain('SYNC_SERVER_URL is refused: not-encrypted')
})

test('a second start brings the first window to the front and ends by itself', async () => {
  const desktop = await launchDesktop()
  try {
    const window = await desktop.app.browserWindow(desktop.page)
    await window.evaluate((one) => one.minimize())
    expect(await startAgain(desktop)).toBe(0)
    await vi.waitFor(async () => expect(await window.evaluate((one) => one.isMinimized())).toBe(false))
    expect(desktop.app.windows()).toHaveLength(1)
  } finally {
    await desktop.app.close()
  }
})

test('a restart keeps the local data, the key, the session and the server', async () => {
  const userData = newUserData()
  const first = await launchDesktop({ userData })
  await first.page.evaluate(async () => {
    const request = indexedDB.open('kept', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('rows')
    const database = await new Promise<IDBDatabase>((resolve) => {
      request.onsuccess = () => resolve(request.result)
    })
    const transaction = database.transaction('rows', 'readwrite')
    transaction.objectStore('rows').put('written before the restart', 1)
    await new Promise((resolve) => {
      transaction.oncomplete = resolve
    })
  })
  await invoke(first, 'server:set', { url: 'https://clinic.example' })
  await invoke(first, 'session:set', session)
  const key = await invoke(first, 'secrets:enrol', anna)
  await first.app.close()

  const second = await launchDesktop({ userData })
  try {
    const row = await second.page.evaluate(async () => {
      const request = indexedDB.open('kept', 1)
      const database = await new Promise<IDBDatabase>((resolve) => {
        request.onsuccess = () => resolve(request.result)
      })
      const read = database.transaction('rows').objectStore('rows').get(1)
      return new Promise((resolve) => {
        read.onsuccess = () => resolve(read.result)
      })
    })
    expect(row).toBe('written before the restart')
    expect(await invoke(second, 'server:get', {})).toEqual({ origin: 'https://clinic.example' })
    expect(await invoke(second, 'session:get', {})).toEqual(session)
    expect(await invoke(second, 'secrets:unlock', { userId: anna.userId, password: anna.password })).toEqual({
      ...key,
      isNew: false,
    })
  } finally {
    await second.app.close()
  }
})

test('without a keyring the app runs and keeps no secret beyond its end', async () => {
  const userData = newUserData()
  const switches = ['--password-store=basic']
  const first = await launchDesktop({ userData, switches })
  expect(await invoke(first, 'secrets:enrol', anna)).toEqual({ ok: false, reason: 'no-keyring' })
  expect(await invoke(first, 'session:set', session)).toEqual({ kept: 'until-quit' })
  await first.app.close()
  const second = await launchDesktop({ userData, switches })
  try {
    expect(await invoke(second, 'session:get', {})).toBeNull()
    expect(await invoke(second, 'secrets:list', {})).toEqual([])
  } finally {
    await second.app.close()
  }
})

test('a reload greys the menu until the page speaks again, and keeps the bridge', async () => {
  const desktop = await launchDesktop()
  try {
    await invoke(desktop, 'commands:state', { enabled: ['help.shortcuts'], language: 'en' })
    await desktop.page.route('**/*.js', (route) => route.abort())
    await desktop.page.reload()
    await expect(clickMenu(desktop, 'Help > Keyboard shortcuts')).rejects.toThrow('disabled')
    expect(await invoke(desktop, 'app:info', {})).toMatchObject({ name: 'Healthcare Appointments' })
  } finally {
    await desktop.app.close()
  }
})

test('File > Quit ends the process cleanly', async () => {
  const desktop = await launchDesktop()
  const end = ended(desktop)
  await clickMenu(desktop, 'File > Quit').catch(() => undefined)
  expect(await end).toBe(0)
})

test('closing the last window ends the process cleanly', async () => {
  const desktop = await launchDesktop()
  const end = ended(desktop)
  await desktop.page.close()
  expect(await end).toBe(0)
})
