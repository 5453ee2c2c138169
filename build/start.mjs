// `npm start`: installs what is missing, builds when a source changed, starts the sync server and shows the product.
// Runs on Node 20 right after `git clone`; the server runs on Node 24.
//
// The server gets START_READY_FD: once it listens it writes one line of JSON there,
// { url, logins: [{ role, email }], password?, setUpUrl?, dataDir, firstRun }, and closes it.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { childEnv, endGroup, ensurePackages, ROOT, run, SetupError, signalGroup } from './bootstrap.mjs'
import { ensureApp } from './build-app.mjs'
import { greeting, plan } from './start-plan.mjs'

const DEFAULT_PORT = 4180
const USAGE = 'npm start [-- --web] [--port N] [--data DIR] [--empty] [--allow-demo-on-network]'
const DOWNLOAD_LIMIT_MS = 180_000

/** Everything started, last first; each leads its own process group. @type {import('node:child_process').ChildProcess[]} */
const started = []

/** @param {string[]} argv @throws {SetupError} with the usage, for a word it does not know */
function parseOptions(argv) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        web: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        empty: { type: 'boolean' },
        'allow-demo-on-network': { type: 'boolean' },
      },
    })
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
      throw new Error('--port takes 1 to 65535.')
    return { ...values, port }
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}\nUsage: ${USAGE}`)
  }
}

/**
 * @param {string} host
 * @param {number | undefined} asked a port named on the command line is taken or refused, never replaced
 * @returns {Promise<number>}
 */
async function choosePort(host, asked) {
  const first = asked ?? DEFAULT_PORT
  const candidates = asked ? [asked] : Array.from({ length: 50 }, (_, index) => first + index)
  for (const port of candidates) if (await isFree(host, port)) return port
  throw new SetupError(`Port ${first} is taken by another program; name a free one with --port N.`)
}

/** @param {string} host @param {number} port @returns {Promise<boolean>} */
function isFree(host, port) {
  return new Promise((settle) => {
    const probe = createServer()
    probe.on('error', () => settle(false))
    probe.listen(port, host, () => probe.close(() => settle(true)))
  })
}

/**
 * @param {string} node
 * @param {string[]} flags
 * @param {Record<string, string>} env
 * @returns {Promise<Parameters<typeof greeting>[0] & { setUpUrl?: string }>} what the server says once it listens
 */
function startServer(node, flags, env) {
  const child = spawn(node, ['--import', './build/end-with-parent.mjs', 'sync-server/main.ts', ...flags], {
    cwd: ROOT,
    detached: true, // so that Ctrl+C reaches us alone, and we end it in order
    env: childEnv({ ...env, START_READY_FD: '3' }),
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  })
  started.unshift(child)
  return new Promise((settle, refuse) => {
    let isListening = false
    child.on('error', refuse)
    child.on('exit', (code) => {
      if (isListening) void stopAll(code ?? 1)
      else refuse(new SetupError(`The server ended with code ${code} before it listened; the reason stands above.`))
    })
    const ready = /** @type {import('node:stream').Readable} */ (child.stdio[3])
    createInterface({ input: ready }).once('line', (line) => {
      isListening = true
      settle(JSON.parse(line))
    })
  })
}

/** Electron's program without loading the package, which would try to download it. @returns {string | undefined} */
function findElectron() {
  const folder = join(ROOT, 'node_modules/electron')
  const name = join(folder, 'path.txt')
  if (!existsSync(name)) return undefined
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist')
  const program = join(dist, readFileSync(name, 'utf8').trim())
  return existsSync(program) ? program : undefined
}

/** @param {string} node @param {{ web?: boolean | undefined }} options */
async function decide(node, options) {
  const host = () => ({ program: findElectron(), isRoot: process.getuid?.() === 0, triedDownload: false })
  const planned = plan(process.env, process.platform, options, host())
  if (planned.open !== 'after-download') return planned
  console.log('Downloading Electron (once) ...')
  await run(node, ['node_modules/electron/install.js'], { env: childEnv(), timeout: DOWNLOAD_LIMIT_MS })
  return plan(process.env, process.platform, options, { ...host(), triedDownload: true })
}

/** @param {string} program @param {string} url */
function openDesktop(program, url) {
  const child = spawn(program, [ROOT], {
    cwd: ROOT,
    detached: true,
    env: childEnv({ SYNC_SERVER_URL: url }),
    stdio: 'inherit',
  })
  started.unshift(child)
  child.on('error', (error) =>
    console.error(`Electron did not start: ${error.message}. The browser shows the same at ${url}`),
  )
  child.on('exit', (code) => void stopAll(code ?? 0))
}

let isStopping = false
/** Ends everything that was started, then this process. @param {number} code */
async function stopAll(code) {
  if (isStopping) return
  isStopping = true
  for (const child of started) await endGroup(child)
  process.exit(code)
}

/** @param {string[]} argv */
async function start(argv) {
  const options = parseOptions(argv)
  const host = process.env.HOST ?? '127.0.0.1'
  const given = options.port ?? (process.env.PORT ? Number(process.env.PORT) : undefined)
  const node = await ensurePackages()
  await ensureApp(node)
  const planned = await decide(node, options)
  const port = await choosePort(host, given)
  const dataDir = resolve(options.data ?? process.env.DATA_DIR ?? join(ROOT, '.data'))
  const flags = [
    options.empty ? '--empty' : '--demo',
    ...(options['allow-demo-on-network'] ? ['--allow-demo-on-network'] : []),
  ]
  const ready = await startServer(node, flags, { HOST: host, PORT: `${port}`, DATA_DIR: dataDir })
  const near = relative(ROOT, ready.dataDir)
  console.log(greeting({ ...ready, dataDir: near.startsWith('..') ? ready.dataDir : near }, planned, ready.setUpUrl))
  if (planned.open === 'desktop') openDesktop(planned.program, ready.url)
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void stopAll(0))
process.on('exit', () => {
  for (const child of started) if (child.pid) signalGroup(child.pid, 'SIGKILL')
})

try {
  await start(process.argv.slice(2))
} catch (error) {
  if (!isStopping) {
    console.error(error instanceof SetupError ? error.message : error)
    await stopAll(1)
  }
}
