/** The Chromium that stands in for the one inside Electron. It ends with this process, however that ends: its pipe breaks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { Cdp } from './cdp.ts'
import { host, inUserData } from './host-state.ts'

const PROGRAM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

const SWITCHES = [
  '--remote-debugging-port=0',
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--password-store=basic',
  // Pages of the app come as http here; Chromium must not try https first.
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding',
]

let running: { child: ChildProcess; cdp: Cdp; hasEnded: Promise<void> } | undefined

/**
 * Starts Chromium and prints the line that playwright waits for.
 * @param more switches that are known only now
 */
export async function startChromium(...more: readonly string[]): Promise<void> {
  const profile = inUserData('chromium')
  mkdirSync(profile, { recursive: true })
  rmSync(join(profile, 'DevToolsActivePort'), { force: true })
  const headless = process.env.STAND_IN_HEADED ? [] : ['--headless=new']
  // Chromium refuses its sandbox to root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(PROGRAM, [...headless, ...sandbox, `--user-data-dir=${profile}`, ...SWITCHES, ...more], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const hasEnded = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await debuggerAddress(child)
  const cdp = new Cdp(child.stdio[3] as Writable, child.stdio[4] as Readable, () => {
    if (!host.isExiting) process.exit(1)
  })
  running = { child, cdp, hasEnded }
  process.once('exit', killChromium)
  await cdp.send('Target.setDiscoverTargets', { discover: true })
  console.error(`DevTools listening on ${address}`)
}

export function chromium(): Cdp {
  if (!running) throw new Error('stand-in: Chromium is not running yet')
  return running.cdp
}

/** Closes Chromium so that it writes its profile, and waits for that up to five seconds. */
export async function stopChromium(): Promise<void> {
  if (!running) return
  const { cdp, hasEnded } = running
  cdp.send('Browser.close', {}).catch(() => undefined)
  await Promise.race([hasEnded, new Promise((resolve) => setTimeout(resolve, 5000))])
}

function killChromium(): void {
  const pid = running?.child.pid
  if (pid === undefined || running?.child.exitCode !== null) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself in between.
  }
}

function debuggerAddress(child: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}\n${printed}`)))
    child.stderr?.on('data', (chunk) => {
      printed += chunk
      const address = /DevTools listening on (ws:\S+)/.exec(printed)?.[1]
      if (address) resolve(address)
    })
  })
}
