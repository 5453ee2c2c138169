// `npm run check`: compiler, linter, import graph and texts side by side, one line each.
// Output of a tool is shown only when it fails; the exit code is the number of tools that failed.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '..')
const AREAS = ['src-domain', 'src-reports', 'src-preload', 'src-main', 'src-renderer', 'sync-server', 'tests', 'build']

// dependency-cruiser looks for an older compiler and says so each time; it parses with swc here.
const COMPILER_NOTICE = /‼ missing-tsc-transpiler[\s\S]*$/

/**
 * The checks of a source tree: what runs, and what it proves.
 * @param {string} root folder that holds the areas and the configuration files
 * @returns {{ name: string, proves: string, args: string[] }[]}
 */
export function checksFor(root) {
  const areas = AREAS.filter((area) => existsSync(join(root, area)))
  const configs = readdirSync(root).filter((file) => file.endsWith('.config.ts'))
  return [
    {
      name: 'TypeScript',
      proves: 'types and project references',
      args: ['typescript/bin/tsc', '--build', '--stopBuildOnErrors', '--pretty', 'false'],
    },
    {
      name: 'Biome',
      proves: 'format, lint and imports per area',
      args: ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--no-errors-on-unmatched', '--colors=off'],
    },
    {
      name: 'dependency-cruiser',
      proves: 'layers, cycles and packages of the whole graph',
      args: [
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        '.dependency-cruiser.mjs',
        '--output-type',
        'err-long',
        ...areas,
        ...configs,
      ],
    },
    {
      name: 'Texts',
      proves: 'every language complete, no text missing, unused or outside the catalogues',
      args: ['../build/check-texts.mjs'],
    },
  ]
}

/**
 * @param {string} root
 * @param {{ args: string[] }} check its first argument is a program, seen from node_modules
 * @returns {Promise<{ failed: boolean, seconds: number, output: string }>}
 */
export function runCheck(root, { args: [program = '', ...rest] }) {
  const started = Date.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...rest], { cwd: root })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => (output += error.message))
    child.on('close', (code) => resolve({ failed: code !== 0, seconds: (Date.now() - started) / 1000, output }))
  })
}

/** @param {string} root @returns {Promise<number>} how many tools failed */
async function main(root) {
  const failures = await Promise.all(
    checksFor(root).map(async (check) => {
      const { failed, seconds, output } = await runCheck(root, check)
      console.log(`${failed ? '✗' : '✓'} ${check.name.padEnd(19)} ${seconds.toFixed(1).padStart(5)} s  ${check.proves}`)
      if (failed) console.log(output.replace(COMPILER_NOTICE, ''))
      return failed
    }),
  )
  return failures.filter(Boolean).length
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main(ROOT)
