// The real server of the pictures, in a folder of its own. Its clock stands at a Monday, twenty to twelve, so that the same code
// gives the same pictures on any day.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT, SetupError } from '../bootstrap.mjs'

export const NOW = '2026-11-23T11:40:00Z'
export const PASSWORD = 'a password for pictures'
/** Too many to keep in the repository; for looking at. */
export const ALL = join(ROOT, 'out/screens')

/** @typedef {{ process: import('node:child_process').ChildProcess, url: string, setUpUrl: string | undefined }} Server */

/**
 * @param {string} node
 * @param {string} dataDir
 * @param {'--demo' | '--empty'} clinic
 * @returns {Promise<Server>} once it listens
 */
export async function startServer(node, dataDir, clinic) {
  const preload = ['./build/end-with-parent.mjs', './tests/support/shift-clock-on-start.ts']
  const child = spawn(node, [...preload.flatMap((file) => ['--import', file]), 'sync-server/main.ts', clinic], {
    cwd: ROOT,
    detached: true,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      DEMO_PASSWORD: PASSWORD,
      LOG_LEVEL: 'warn',
      START_READY_FD: '3',
      CLOCK_SHIFT_MS: String(Date.parse(NOW) - Date.now()),
    },
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  })
  /** @type {string} */
  const line = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new SetupError(`The server of the pictures ended with ${code}.`)))
    const ready = /** @type {import('node:stream').Readable} */ (child.stdio[3])
    createInterface({ input: ready }).once('line', resolve)
  })
  const { url, setUpUrl } = JSON.parse(line)
  return { process: child, url, setUpUrl }
}
