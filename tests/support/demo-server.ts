/** The real server with the demo clinic, as `npm start` runs it, on SQLite in a throw-away folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { scanDataFolder } from './mark-watch.ts'

const ROOT = join(import.meta.dirname, '../..')
const PASSWORD = 'a demo password for tests'

export type DemoServer = {
  readonly url: string
  readonly dataDir: string
  /** What pages asked for; looked through for what belongs to a patient when the server is removed. */
  readonly addresses: string[]
  /** The password of every demo login. */
  readonly password: string
  /** E-mail of a demo login. */
  readonly login: (role: 'admin' | 'reception' | 'doctor' | 'patient') => string
  /** Ends the process; the data stays, and `start` brings it back on the same port. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** @param laterMs so much later by its clock than it would be, as if it had been away for that long */
  readonly start: (laterMs?: number) => Promise<void>
  /**
   * Ends the process and removes the data.
   * @throws Error when something of a patient stands in its log, its events or an address
   */
  readonly remove: () => Promise<void>
}

export type DemoServerOptions = {
  readonly env?: Readonly<Record<string, string>>
  /** Data of a stopped demo server to begin with, instead of a clinic made anew. */
  readonly seededFrom?: string
  /** Folder for the data; a throw-away one by default. */
  readonly keptIn?: string
  /** How far the server's clock is ahead of this machine's. */
  readonly clockShiftMs?: number
}

export async function startDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const { seededFrom, clockShiftMs = 0, keptIn } = options
  const dataDir = keptIn ?? mkdtempSync(join(tmpdir(), 'demo-server-'))
  if (seededFrom !== undefined) cpSync(seededFrom, dataDir, { recursive: true })
  const env = { ...options.env, CLOCK_SHIFT_MS: String(clockShiftMs) }
  // One port for all starts: the address people know, and part of the session cookie's name.
  const port = await freePort()
  let running = await run(dataDir, port, env)
  const { url } = running
  const addresses: string[] = []
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => end(running.child, signal)
  return {
    url,
    dataDir,
    addresses,
    password: PASSWORD,
    login: (role) => `${role}@demo.test`,
    stop,
    start: async (laterMs = 0) => {
      running = await run(dataDir, port, { ...env, CLOCK_SHIFT_MS: String(clockShiftMs + laterMs) })
    },
    remove: async () => {
      await stop()
      try {
        await scanDataFolder(dataDir, addresses)
      } finally {
        rmSync(dataDir, { recursive: true, force: true })
      }
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

async function run(
  dataDir: string,
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; url: string }> {
  const imports = ['./build/end-with-parent.mjs', './tests/support/shift-clock-on-start.ts']
  const args = imports.flatMap((path) => ['--import', path])
  const child = spawn(process.execPath, [...args, 'sync-server/main.ts', '--demo'], {
    cwd: ROOT,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      DEMO_PASSWORD: PASSWORD,
      START_READY_FD: '3',
      LOG_LEVEL: 'debug',
      // Counts of one spec are not those of another.
      REDIS_URL: '',
      ...env,
    },
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  })
  const ready = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)))
    createInterface({ input: child.stdio[3] as Readable }).once('line', resolve)
  })
  return { child, url: (JSON.parse(ready) as { url: string }).url }
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
