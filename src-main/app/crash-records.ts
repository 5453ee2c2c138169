import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = 'crashes.log'
const KEPT_LINES = 200
const KEPT_MS = 90 * 86_400_000
/** Electron's own words, such as `oom` or `GPU`; whatever else comes is not written down. */
const WORD = /^[A-Za-z-]{1,40}$/

export type Crash = { readonly process: string; readonly reason: string; readonly exitCode: number }
export type CrashRecords = { readonly folder: string; readonly add: (crash: Crash) => void }

type Options = { readonly folder: string; readonly version: string; readonly now: () => number }

/**
 * When which process of the app ended by itself, and as which kind. Nothing leaves the computer, and no picture of the memory is
 * taken: that would hold the names of patients. Old records go at the start.
 */
export function createCrashRecords({ folder, version, now }: Options): CrashRecords {
  const path = join(folder, FILE)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (existsSync(path)) writeFileSync(path, youngLines(readFileSync(path, 'utf8'), now()), { mode: 0o600 })
  return {
    folder,
    add: ({ process, reason, exitCode }) => {
      const at = new Date(now()).toISOString()
      const record = { at, version, process: toWord(process), reason: toWord(reason), exitCode }
      appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 })
    },
  }
}

const toWord = (text: string): string => (WORD.test(text) ? text : 'unknown')

function youngLines(text: string, now: number): string {
  const young = text.split('\n').filter((line) => {
    const at = Date.parse(/^\{"at":"([^"]+)"/.exec(line)?.[1] ?? '')
    return at > now - KEPT_MS
  })
  return young
    .slice(-KEPT_LINES)
    .map((line) => `${line}\n`)
    .join('')
}
