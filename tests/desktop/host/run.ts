/** Entry of the stand-in: `electron-stand-in [switches] <app folder> [switches of the app]`. */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AppManifest, host, switchValue } from './host-state.ts'

const STAND_IN = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href

const given = process.argv.slice(2)
host.root = resolve(given.find((argument) => !argument.startsWith('-')) ?? '.')
host.switches = given.filter((argument) => argument.startsWith('-'))
const appFolder = given.findIndex((argument) => !argument.startsWith('-'))
host.args = given.filter((_argument, at) => at !== appFolder)
host.manifest = JSON.parse(readFileSync(join(host.root, 'package.json'), 'utf8')) as AppManifest
host.userData = switchValue('user-data-dir') || mkdtempSync(join(tmpdir(), 'stand-in-'))
mkdirSync(host.userData, { recursive: true })

pretendToBeElectron()
// One hook serves `import`, `require` in bundled code, and the inspector through which playwright reaches the main process.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: STAND_IN, shortCircuit: true }
      : next(specifier, context),
})

const { app } = await import('./app.ts')
const { BrowserWindow } = await import('./browser-window.ts')
const { startLoopbackRelay } = await import('./loopback-relay.ts')
const { session } = await import('./session.ts')
await import(pathToFileURL(join(host.root, host.manifest.main)).href)
if (host.isSecond) process.exit(0)
await app.start(BrowserWindow.getAllWindows, await startLoopbackRelay())
BrowserWindow.watchClosedPages()
await session.defaultSession.refuseDownloads()

function pretendToBeElectron(): void {
  const globals = globalThis as unknown as Record<string, unknown>
  // Playwright tells its own loader to go on; the stand-in has none and does not wait.
  globals.__playwright_run = () => undefined
  const manifest = new URL(import.meta.resolve('electron/package.json'))
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  Object.defineProperty(process.versions, 'electron', { value: version, enumerable: true })
  Object.assign(process, { type: 'browser', resourcesPath: join(host.root, 'resources') })
  process.argv = [process.execPath, join(host.root, host.manifest.main), ...host.args]
}
