// Builds main, preload and renderer into out/ when a source changed since the last build, and only then.
// Run alone (`npm run build:app`), by `npm start` and by `npm test`.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { childEnv, findNode, ROOT, run, SetupError } from './bootstrap.mjs'

export const APP_INPUTS = [
  'src-domain',
  'src-reports',
  'src-preload',
  'src-main',
  'src-renderer',
  'locales',
  'electron.vite.config.ts',
  'build/app-files-plugin.ts',
  'package-lock.json',
]
export const STAMP = 'out/.built-from'

/**
 * @param {string} node path of Node 24
 * @returns {Promise<boolean>} whether it had to build
 * @throws {SetupError} when the build fails
 */
export async function ensureApp(node) {
  const stamp = hashOf(ROOT, APP_INPUTS)
  const path = join(ROOT, STAMP)
  if (existsSync(path) && readFileSync(path, 'utf8') === stamp) return false
  console.log('Building the app ...')
  rmSync(path, { force: true }) // an interrupted build must not look finished
  const code = await run(node, ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'], {
    env: childEnv(),
  })
  if (code !== 0) throw new SetupError('The app did not build; the reason stands above.')
  writeFileSync(path, stamp)
  return true
}

/** One hash over the names and bytes of all files in `paths`. @param {string} root @param {string[]} paths */
export function hashOf(root, paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((start) => filesBelow(root, start))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** @param {string} root @param {string} path @returns {string[]} a folder's files in a fixed order, or the file itself */
function filesBelow(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  if (!found) return []
  if (found.isFile()) return [path]
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesBelow(root, `${path}/${name}`))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const node = findNode()
  if (!node) throw new SetupError('Run `npm start` or `npm test` once: they install Node 24.')
  console.log((await ensureApp(node)) ? 'Built.' : 'Nothing changed since the last build.')
}
