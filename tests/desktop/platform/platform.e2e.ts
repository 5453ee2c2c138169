import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { answerSave, listSavesAsked } from '../support/answers.ts'
import { invoke } from '../support/bridge.ts'
import { type DesktopApp, launchDesktop } from '../support/launch-desktop.ts'
import { bundlePlatform, describePlatform, type TestWindow } from './platform-contract.ts'

let desktop: DesktopApp

describePlatform('the desktop platform', {
  open: async () => {
    desktop = await launchDesktop()
    return desktop.page
  },
  close: async () => desktop?.app.close(),
})

let browser: Browser
let server: Server

/** An empty page on a loopback address: a secure context, as the twin is. */
async function openBrowserPage() {
  server = createServer((_request, response) => response.end('<!doctype html><title>twin</title>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}

async function closeBrowser(): Promise<void> {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
}

describePlatform('the browser platform', {
  open: openBrowserPage,
  close: closeBrowser,
})

test('a browser keeps no key before its user called the device their own', async () => {
  const page = await openBrowserPage()
  try {
    await page.evaluate(await bundlePlatform())
    const answers = await page.evaluate(async () => {
      const { keys } = (window as unknown as TestWindow).underTest.platform
      const user = { userId: 'anna', login: 'anna@clinic.example' }
      return [await keys.isOwnDevice(), await keys.enrol(user, 'word'), await keys.list()]
    })
    expect(answers).toEqual([false, { ok: false, reason: 'not-own-device' }, []])
  } finally {
    await closeBrowser()
  }
})

test('a browser hands a file to its downloads', async () => {
  const page = await openBrowserPage()
  try {
    await page.evaluate(await bundlePlatform())
    const [download, answer] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(() => {
        const { platform } = (window as unknown as TestWindow).underTest
        return platform.saveFile({ name: 'day list.csv', kind: 'csv', content: '\uFEFFa,b\r\n' })
      }),
    ])
    expect(answer).toEqual({ outcome: 'saved', name: 'day list.csv' })
    expect(download.suggestedFilename()).toBe('day list.csv')
    expect(readFileSync(await download.path(), 'utf8')).toBe('\uFEFFa,b\r\n')
  } finally {
    await closeBrowser()
  }
})

test('the desktop asks where a file goes, proposes its name, and writes it', async () => {
  const app = await launchDesktop()
  try {
    const path = join(temporaryFolder('save'), 'chosen.csv')
    await answerSave(app, path)
    const answer = await invoke(app, 'file:save', { suggestedName: 'day list', kind: 'csv', content: 'a,b\r\n' })
    expect(answer).toEqual({ outcome: 'saved', name: 'chosen.csv' })
    expect(readFileSync(path, 'utf8')).toBe('a,b\r\n')
    expect(await listSavesAsked(app)).toEqual([expect.stringMatching(/[\\/]day list\.csv$/)])

    await answerSave(app, join(tmpdir(), 'absent-folder', 'x.csv'))
    expect(await invoke(app, 'file:save', { suggestedName: 'x', kind: 'csv', content: 'x' })).toEqual({
      outcome: 'error',
      reason: 'not-written',
    })
    await answerSave(app, 'cancel')
    expect(await invoke(app, 'file:save', { suggestedName: 'x', kind: 'csv', content: 'x' })).toEqual({
      outcome: 'cancelled',
    })
  } finally {
    await app.app.close()
  }
})
