/** What the parts of the stand-in share. One process is one app, as with Electron. */
import { join } from 'node:path'

export type AppManifest = {
  readonly name: string
  readonly productName?: string
  readonly version: string
  readonly main: string
}

export const host = {
  root: '',
  manifest: { name: 'app', version: '0.0.0', main: '' } as AppManifest,
  userData: '',
  /** Switches as given to the app, `--lang=de` and the like. */
  switches: [] as string[],
  /** Everything after the app's folder, links and files too. */
  args: [] as string[],
  /** Set when another process holds the single-instance lock: this one ends before it shows anything. */
  isSecond: false,
  isExiting: false,
}

/** The value of `--name=value`, '' for a bare `--name`, `undefined` when it was not given. */
export function switchValue(name: string): string | undefined {
  const found = host.switches.find((given) => given === `--${name}` || given.startsWith(`--${name}=`))
  return found?.slice(name.length + 3)
}

export function inUserData(name: string): string {
  return join(host.userData, name)
}

/** What Electron would write to its own log: failures that reach no caller. */
export function report(what: string, error: unknown): void {
  if (!host.isExiting) console.error(`stand-in: ${what}:`, error)
}
