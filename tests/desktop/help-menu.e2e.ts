/** What the Help menu offers by the host's own hand, before anybody has signed in too. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { invoke } from './support/bridge.ts'
import { type DesktopApp, launchDesktop } from './support/launch-desktop.ts'
import { clickMenu, listMenuItems } from './support/menu.ts'

type SpecGlobals = { asked: string[] }

let desktop: DesktopApp

beforeAll(async () => {
  desktop = await launchDesktop()
  await desktop.app.evaluate(({ app, shell }) => {
    const globals = globalThis as unknown as SpecGlobals
    globals.asked = []
    app.showAboutPanel = () => {
      globals.asked.push('about')
    }
    shell.openPath = async (path: string) => {
      globals.asked.push(path)
      return ''
    }
  })
})
afterAll(async () => {
  await desktop?.app.close()
})

const listAsked = () => desktop.app.evaluate(() => (globalThis as unknown as SpecGlobals).asked)

test('Help > About this app asks the system for its panel', async () => {
  await clickMenu(desktop, 'Help > About this app')
  await vi.waitFor(async () => expect(await listAsked()).toEqual(['about']))
})

test('a page that breaks down leaves a line, in the folder that Help opens', async () => {
  await desktop.app.evaluate(({ app, webContents }) => {
    const [contents] = webContents.getAllWebContents()
    app.emit('render-process-gone', {}, contents, { reason: 'crashed', exitCode: 5 })
  })
  await clickMenu(desktop, 'Help > Open crash reports folder')
  const folder = join(desktop.userData, 'crash-reports')
  await vi.waitFor(async () => expect(await listAsked()).toContain(folder))
  const lines = readFileSync(join(folder, 'crashes.log'), 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { process: 'renderer', reason: 'crashed', exitCode: 5, version: expect.stringMatching(/^\d/) },
  ])
})

test.each([
  ['de', 'Hilfe', ['Ordner der Absturzberichte öffnen', 'Über diese App']],
  ['es', 'Ayuda', ['Abrir la carpeta de informes de fallos', 'Acerca de esta aplicación']],
  ['ar', 'مساعدة', ['فتح مجلد تقارير الأعطال', 'حول هذا التطبيق']],
])('in %s they are called so, and can be chosen', async (language, menu, labels) => {
  await invoke(desktop, 'commands:state', { enabled: [], language })
  const items = await listMenuItems(desktop, menu)
  expect(items.slice(1)).toEqual(labels.map((label) => ({ label, isEnabled: true })))
})
