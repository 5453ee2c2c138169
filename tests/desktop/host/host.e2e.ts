import { readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { launchDesktop } from '../support/launch-desktop.ts'

/** Processes whose command line names a folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}

test.each(['SIGTERM', 'SIGKILL'] as const)('after %s no process of the app is left', async (signal) => {
  const desktop = await launchDesktop()
  expect(processesOf(desktop.userData).length).toBeGreaterThan(1)
  desktop.app.process().kill(signal)
  await vi.waitFor(() => expect(processesOf(desktop.userData)).toEqual([]), { timeout: 20_000, interval: 200 })
})
