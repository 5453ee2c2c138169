/** What the desktop specs prove is worth nothing unless they run what is shipped. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '#tests/support/temporary-folder.ts'
import { launchDesktop, ROOT } from './support/launch-desktop.ts'

const OUT = join(ROOT, 'out')
const PARTS = ['main', 'preload', 'renderer'] as const

/** Hash of every file below a folder, by its path. */
function hashes(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = paths.filter((path) => statSync(join(folder, path)).isFile())
  const hash = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex')
  return Object.fromEntries(files.map((path) => [path, hash(path)]))
}

test('main, preload and renderer in out/ are what the sources build today', () => {
  const fresh = temporaryFolder('fresh-build')
  const vite = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
  execFileSync(process.execPath, [vite, 'build', '--outDir', fresh, '--logLevel', 'error'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  for (const part of PARTS) expect(hashes(join(OUT, part)), part).toEqual(hashes(join(fresh, part)))
})

test('the app that runs is the folder that is packed, and the page gets those very files', async () => {
  const desktop = await launchDesktop()
  try {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { main: string }
    expect(manifest.main).toBe('out/main/index.js')
    expect(await desktop.app.evaluate(({ app }) => app.getAppPath())).toBe(ROOT)
    const served = await desktop.page.evaluate(
      async (paths) => {
        const digest = async (path: string): Promise<[string, string]> => {
          const bytes = await fetch(`/${path}`).then((response) => response.arrayBuffer())
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
          return [path, [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')]
        }
        return Object.fromEntries(await Promise.all(paths.map(digest)))
      },
      Object.keys(hashes(join(OUT, 'renderer'))),
    )
    expect(served).toEqual(hashes(join(OUT, 'renderer')))
  } finally {
    await desktop.app.close()
  }
})

test('nothing in the bundle knows the stand-in or the tests', () => {
  for (const part of PARTS) {
    for (const path of Object.keys(hashes(join(OUT, part)))) {
      if (!/\.(c?js|html)$/.test(path)) continue
      expect(readFileSync(join(OUT, part, path), 'utf8'), path).not.toMatch(/stand-in|STAND_IN|app\.localhost|vitest/)
    }
  }
})
