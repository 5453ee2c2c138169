/** One clinic for a spec file: the real server on a copy of the seeded data, and Chromium in front of it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'
import { type DemoServer, startDemoServer } from '#tests/support/demo-server.ts'
import { type Client, type ClientOptions, openClient } from './client.ts'
import { openTables, type ServerTables } from './server-tables.ts'

const SWITCHES = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export type Clinic = {
  readonly server: DemoServer
  readonly tables: ServerTables
  /** Somebody's computer: a profile of its own, with one tab open. */
  readonly newClient: (options?: ClientOptions) => Promise<Client>
  /** @throws Error when a page complained of anything that no spec had asked for */
  readonly close: () => Promise<void>
}

/** @param env what the server is told beside the demo's own, such as where it sends mail */
export async function openClinic(env: Readonly<Record<string, string>> = {}): Promise<Clinic> {
  if (!existsSync(join(import.meta.dirname, '../../../out/renderer/index.html'))) {
    throw new Error('The app is not built: npm run build:app')
  }
  const clockShiftMs = inject('clockShiftMs')
  const [server, browser] = await Promise.all([
    startDemoServer({ seededFrom: inject('seededClinic'), clockShiftMs, env }),
    launchChromium(),
  ])
  const clients: Client[] = []
  return {
    server,
    tables: openTables(server.dataDir),
    newClient: async (options = {}) => {
      const client = await openClient(browser, server, { clockShiftMs, ...options })
      clients.push(client)
      return client
    },
    close: async () => {
      const complaints = clients.flatMap(({ complaints }) => complaints)
      await browser.close()
      await server.remove()
      if (complaints.length > 0) throw new Error(`The pages complained:\n${complaints.join('\n')}`)
    },
  }
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: SWITCHES,
    // Chromium refuses its sandbox to root.
    chromiumSandbox: process.getuid?.() !== 0,
  })
}
