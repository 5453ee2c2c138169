import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'

export type DesktopApp = {
  readonly app: ElectronApplication
  readonly page: Page
  /** `stand-in`: no Electron binary on this machine, so Node and Debian's Chromium play its part. */
  readonly host: 'electron' | 'stand-in'
  readonly userData: string
}

export type LaunchOptions = {
  readonly userData?: string
  /** Switches, or a link with which the system starts the app. */
  readonly switches?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export const ROOT = join(import.meta.dirname, '../../..')
const STAND_IN = join(ROOT, 'tests/desktop/host/electron-stand-in')

/** Starts the built app, on Electron where its binary is installed, else on the stand-in. The specs are the same. */
export async function launchDesktop(options: LaunchOptions = {}): Promise<DesktopApp> {
  const real = findElectron()
  const userData = options.userData ?? newUserData()
  const app = await _electron.launch({
    // Without a path playwright finds Electron itself and adds its loader.
    ...(real ? {} : { executablePath: STAND_IN }),
    args: [ROOT, `--user-data-dir=${userData}`, ...(options.switches ?? [])],
    cwd: ROOT,
    env: environment(options.env),
    timeout: 60_000,
  })
  const page = await app.firstWindow()
  await page.waitForURL(/^(app:\/\/clinic|http:\/\/clinic\.app\.localhost)\//)
  return { app, page, host: real ? 'electron' : 'stand-in', userData }
}

/** Program and arguments with which a user would start the app a second time. */
export function startCommand(userData: string): { program: string; args: string[] } {
  return { program: findElectron() ?? STAND_IN, args: [ROOT, `--user-data-dir=${userData}`] }
}

export function newUserData(): string {
  return temporaryFolder('desktop-spec')
}

/** The page's origin as servers and permissions see it; the stand-in shows `app://clinic` under a loopback name. */
export function appOrigin({ host }: DesktopApp): string {
  return host === 'electron' ? 'app://clinic' : 'http://clinic.app.localhost'
}

/** Looks only: requiring the package `electron` would try to download the binary. */
function findElectron(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const program = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(program) ? program : undefined
}

function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  // The test runner's own switches would reach the app's Node.
  return { ...Object.fromEntries(inherited.filter(([name]) => name !== 'NODE_OPTIONS')), ...extra }
}
