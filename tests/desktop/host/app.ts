/** `app`: life cycle, paths and the single-instance lock. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { startChromium, stopChromium } from './chromium.ts'
import { cancellable } from './events.ts'
import { host, inUserData, switchValue } from './host-state.ts'
import { strictEmitter } from './strict.ts'

type Closable = { close: () => void; isDestroyed: () => boolean }

class App extends strictEmitter('app') {
  readonly isPackaged = false
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #badgeCount = 0
  #openWindows: () => Closable[] = () => []

  whenReady = () => this.#ready.promise
  isReady = () => this.#isReady
  getName = () => host.manifest.productName ?? host.manifest.name
  getVersion = () => host.manifest.version
  getAppPath = () => host.root
  getLocale = () => switchValue('lang') ?? 'en-US'
  /** Every window of the stand-in is sandboxed already; others are refused. */
  enableSandbox = () => undefined

  getBadgeCount = () => this.#badgeCount
  /** False where the system draws no figure; then nothing is kept. */
  setBadgeCount(count = 0): boolean {
    this.#badgeCount = count
    return true
  }

  /** Nothing is drawn; specs replace it to see that it was asked for. */
  showAboutPanel = (): void => undefined

  getPath(name: string): string {
    const paths: Record<string, string> = {
      userData: host.userData,
      appData: dirname(host.userData),
      documents: inUserData('Documents'),
      home: homedir(),
      temp: tmpdir(),
      exe: process.execPath,
    }
    const path = paths[name]
    if (!path) throw new Error(`Failed to get '${name}' path`)
    return path
  }

  /** False when another process with the same data folder runs; it is then told our arguments. */
  requestSingleInstanceLock(): boolean {
    if (host.isSecond) return false
    const socket = inUserData('SingleInstance')
    const message = JSON.stringify({ argv: process.argv, workingDirectory: process.cwd() })
    if (existsSync(socket) && tellFirstInstance(socket, message)) {
      host.isSecond = true
      return false
    }
    rmSync(socket, { force: true })
    const server = createServer({ allowHalfOpen: true }, (client) => {
      let text = ''
      client.on('data', (chunk) => {
        text += chunk
      })
      client.on('end', () => {
        client.end()
        const { argv, workingDirectory } = JSON.parse(text) as { argv: string[]; workingDirectory: string }
        this.emit('second-instance', cancellable(), argv, workingDirectory, undefined)
      })
    })
    server.listen(socket).unref()
    return true
  }

  quit(): void {
    if (host.isExiting) return
    if (this.#emitCancellable('before-quit')) return
    for (const window of this.#openWindows()) {
      window.close()
      // The app keeps a window open, so it is not quitting.
      if (!window.isDestroyed()) return
    }
    if (this.#emitCancellable('will-quit')) return
    this.emit('quit', cancellable(), 0)
    this.exit(0)
  }

  exit(code = 0): void {
    if (host.isExiting) return
    host.isExiting = true
    void stopChromium().finally(() => process.exit(code))
  }

  /** Called by the entry once the app's main module has run. */
  async start(openWindows: () => Closable[], ...chromiumSwitches: readonly string[]): Promise<void> {
    this.#openWindows = openWindows
    mkdirSync(this.getPath('documents'), { recursive: true })
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => this.exit(0))
    await startChromium(...chromiumSwitches)
    this.#isReady = true
    this.emit('ready', cancellable(), {})
    this.#ready.resolve()
  }

  #emitCancellable(name: string): boolean {
    const event = cancellable()
    this.emit(name, event)
    return event.defaultPrevented
  }
}

export const app = new App()

/** Electron answers at once whether the lock was got, so the first instance is asked by a process that is waited for. */
function tellFirstInstance(socket: string, message: string): boolean {
  const script = `const client = require('node:net').connect(${JSON.stringify(socket)}, () => client.end(${JSON.stringify(message)}))
client.on('error', () => process.exit(1)).resume()`
  return spawnSync(process.execPath, ['-e', script]).status === 0
}
