/**
 * Makes the demo clinic once for all specs; each starts its own server on a copy. It is always the same busy Tuesday
 * morning there, whatever the time is here.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startDemoServer } from '#tests/support/demo-server.ts'

/** A quarter past ten and a bit, London, on a day without a clock change. */
export const CLINIC_NOW = Date.parse('2026-11-24T10:37:00Z')

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of a stopped server with the demo clinic in it. */
    readonly seededClinic: string
    /** How far the clinic's clock is ahead of this machine's. */
    readonly clockShiftMs: number
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'seeded-clinic-'))
  const clockShiftMs = CLINIC_NOW - Date.now()
  const server = await startDemoServer({ clockShiftMs, keptIn: folder })
  await server.stop()
  project.provide('seededClinic', folder)
  project.provide('clockShiftMs', clockShiftMs)
  return () => rmSync(folder, { recursive: true, force: true })
}
