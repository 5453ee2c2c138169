// `npm test [-- SUITE ...] [-- --quick]`: installs what is missing, checks, runs every suite and closes with one plain line,
// `N passed, N failed, N skipped`. Runs on Node 20; what it starts runs on Node 24.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { childEnv, ensurePackages, ensurePrograms, ROOT, run, SetupError } from './bootstrap.mjs'
import { ensureApp } from './build-app.mjs'
import { startServices } from './services.mjs'

/** @typedef {import('./counts-reporter.mjs').Counts} Counts */
/** @typedef {{ suites: string[], quick?: boolean, services?: boolean, documents?: boolean, browser?: boolean, app?: boolean }} Group */
/** @typedef {Counts & { unsteady: string[] }} Looked */

/** In this order; a group is one run of vitest. `quick` groups also run without any service. @type {Group[]} */
const GROUPS = [
  { suites: ['domain', 'repo'], quick: true },
  { suites: ['reports'], documents: true },
  { suites: ['server'], quick: true, services: true },
  { suites: ['sync'], services: true, browser: true },
  { suites: ['renderer'], quick: true, browser: true },
  { suites: ['e2e'], services: true, browser: true, app: true },
  { suites: ['desktop'], browser: true, app: true },
]
/** More broken files than that are no accident. */
const MOST_LOOKED_AT_AGAIN = 3
const NEEDS_SERVICE = ['**/*.mysql.test.ts', '**/*.e2e.ts']

/**
 * What the sum of the suites means.
 * @param {Counts[]} all
 * @returns {{ line: string, code: number }} the closing line and the exit code; no test at all is a failure
 */
export function closing(all) {
  const passed = all.reduce((sum, counts) => sum + counts.passed, 0)
  const failed = all.reduce((sum, counts) => sum + counts.failed.length, 0)
  const skipped = all.reduce((sum, counts) => sum + counts.skipped.length, 0)
  return { line: `${passed} passed, ${failed} failed, ${skipped} skipped`, code: failed > 0 || passed === 0 ? 1 : 0 }
}

/**
 * @param {string} node path of Node 24
 * @param {string[]} suites
 * @param {{ quick: boolean, env: Record<string, string>, files?: string[] }} options
 * @returns {Promise<Counts>}
 */
async function runSuites(node, suites, { quick, env, files = [] }) {
  const folder = mkdtempSync(join(tmpdir(), 'counts-'))
  const file = join(folder, 'counts.json')
  const marks = join(folder, 'marks.jsonl')
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...files,
    '--reporter=default',
    '--reporter=./build/counts-reporter.mjs',
    ...suites.flatMap((suite) => ['--project', suite]),
    ...(quick ? NEEDS_SERVICE.flatMap((pattern) => ['--exclude', pattern]) : []),
  ]
  const code = await run(node, args, { env: childEnv({ ...env, COUNTS_FILE: file, MARKS_FILE: marks }) })
  const counts = readCounts(file)
  const sentence = existsSync(marks) ? marksSentence(readFileSync(marks, 'utf8')) : undefined
  if (sentence) console.log(sentence)
  rmSync(folder, { recursive: true })
  if (!counts) return crashed(suites, `vitest ended with code ${code} before it could count`)
  if (code !== 0 && counts.failed.length === 0)
    return { ...counts, failed: [{ name: suites.join(' + '), message: `vitest ended with code ${code}` }] }
  return counts
}

/**
 * Files that drive the app in a browser and failed are run once more, alone: a machine that stood still for a moment is no fault of the
 * app (docs/decisions/0026). What fails again has failed; what passes then is named as unsteady.
 * @param {Counts} first
 * @param {(files: string[]) => Promise<Counts>} runAgain
 * @returns {Promise<Looked>}
 */
export async function lookAgain(first, runAgain) {
  const files = [...new Set(first.failed.map(({ file }) => file ?? ''))]
  if (files.length === 0 || files.length > MOST_LOOKED_AT_AGAIN || files.includes('')) return { ...first, unsteady: [] }
  console.log(`Once more, alone: ${files.join(', ')}`)
  const { failed } = await runAgain(files)
  const still = new Set(failed.map(({ name }) => name))
  return {
    passed: first.passed + first.failed.length - failed.length,
    failed,
    skipped: first.skipped,
    unsteady: first.failed.filter(({ name }) => !still.has(name)).map(({ name, message }) => `${name}\n${message}`),
  }
}

/**
 * What the servers of the tests left behind was looked through for what belongs to their patients; a find fails its file.
 * @param {string} text one line of JSON per server
 */
export function marksSentence(text) {
  /** @type {{ marks: number, lines: Record<string, number> }[]} */
  const scans = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const marks = scans.reduce((sum, scan) => sum + scan.marks, 0)
  const places = [...new Set(scans.flatMap(({ lines }) => Object.keys(lines)))]
  const looked = places.map(
    (place) => `${place} ${scans.reduce((sum, { lines }) => sum + (lines[place] ?? 0), 0)} lines`,
  )
  return `Patient data: ${marks} marks of ${scans.length} servers looked for in ${looked.join(', ')}`
}

/** @param {string} file @returns {Counts | undefined} */
function readCounts(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** @param {string[]} suites @param {string} why @returns {Looked} */
function crashed(suites, why) {
  const name = suites.join(' + ')
  console.error(`✗ ${name}: ${why}`)
  return { passed: 0, failed: [{ name, message: why }], skipped: [], unsteady: [] }
}

/** @param {string} suite @param {boolean} quick */
function hasTests(suite, quick) {
  const folder = join(ROOT, 'tests', suite)
  if (!existsSync(folder)) return false
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.some(
    (path) => /\.test\.tsx?$|\.e2e\.ts$/.test(path) && !(quick && /\.mysql\.test\.ts$|\.e2e\.ts$/.test(path)),
  )
}

/** @param {number} started */
const minutesSince = (started) => `${((Date.now() - started) / 60_000).toFixed(1)} min`

/**
 * @param {string[]} argv
 * @param {Looked[]} all receives the counts as they come, so that they survive an error
 */
async function test(argv, all) {
  const quick = argv.includes('--quick')
  const asked = argv.filter((word) => !word.startsWith('-'))
  const known = GROUPS.flatMap(({ suites }) => suites)
  const unknown = asked.find((word) => !known.includes(word))
  if (unknown) throw new SetupError(`There is no suite ${unknown}; there are: ${known.join(', ')}.`)
  const node = await ensurePackages()

  const groups = GROUPS.filter((group) => !quick || group.quick)
    .map((group) => ({ ...group, suites: group.suites.filter((suite) => asked.length === 0 || asked.includes(suite)) }))
    .map((group) => ({ ...group, suites: group.suites.filter((suite) => hasTests(suite, quick)) }))
  const times = [await timed('check', () => check(node, all))]
  const needs = (/** @type {'services' | 'documents' | 'browser' | 'app'} */ what) =>
    !quick && groups.some((group) => group[what] && group.suites.length > 0)
  if (needs('browser')) await ensurePrograms([{ program: 'chromium', debian: 'chromium' }])
  // The walk-through of the API is run as it is printed.
  if (needs('services')) await ensurePrograms([{ program: 'curl', debian: 'curl' }])
  // PDFs are read back by a program that we did not write.
  if (needs('documents')) await ensurePrograms([{ program: 'pdftotext', debian: 'poppler-utils' }])
  const services = needs('services') ? await startServices() : { env: {}, stop: async () => {} }
  try {
    if (needs('app')) await ensureApp(node)
    for (const { suites, app } of groups) {
      if (suites.length === 0) continue
      const runThem = (/** @type {string[]} */ files) => runSuites(node, suites, { quick, env: services.env, files })
      times.push(
        await timed(suites.join(' + '), async () => {
          const first = await runThem([])
          all.push(app ? await lookAgain(first, runThem) : { ...first, unsteady: [] })
        }),
      )
    }
  } finally {
    await services.stop()
  }
  const empty = known.filter((suite) => !groups.some(({ suites }) => suites.includes(suite)))
  if (empty.length > 0) console.log(`Left out (not asked for, or no test files): ${empty.join(', ')}`)
  console.log(`\nTime: ${times.join(' · ')}`)
}

/** @param {string} name @param {() => Promise<void>} work @returns {Promise<string>} */
async function timed(name, work) {
  const started = Date.now()
  await work()
  return `${name} ${minutesSince(started)}`
}

/** @param {string} node @param {Looked[]} all */
async function check(node, all) {
  const code = await run(node, ['build/check.mjs'], { env: childEnv() })
  if (code !== 0) all.push(crashed(['check'], 'see above'))
}

/** @param {string[]} argv @returns {Promise<number>} exit code */
async function main(argv) {
  const started = Date.now()
  /** @type {Looked[]} */
  const all = []
  try {
    await test(argv, all)
  } catch (error) {
    all.push(crashed(['npm test'], error instanceof SetupError ? error.message : String(error)))
  }
  for (const { name, reason } of all.flatMap(({ skipped }) => skipped))
    console.log(`Skipped: ${name}${reason ? `, because: ${reason}` : ''}`)
  for (const one of all.flatMap(({ unsteady }) => unsteady)) console.log(`Unsteady, passed alone: ${one}`)
  // Said again at the end: a log of eight thousand tests is often seen by its end alone.
  for (const { name, message } of all.flatMap(({ failed }) => failed)) console.log(`Failed: ${name}\n${message}`)
  const { line, code } = closing(all)
  console.log(`Total ${minutesSince(started)}\n${line}`)
  return code
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => process.exit(130))
  process.exitCode = await main(process.argv.slice(2))
}
