// The database, broker and cache that tests use. What the environment names is used as it is; what answers at the usual place
// is used too; else a private instance is started on a free port, with its data in a temporary folder, and ended afterwards.
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endGroup, ensurePrograms, findProgram, ROOT, SetupError, signalGroup } from './bootstrap.mjs'

/**
 * @typedef {object} Service
 * @property {string} variable environment variable with its address
 * @property {string} usual address tried when the variable is not set
 * @property {string} program
 * @property {string} debian package that holds the program
 * @property {(url: string) => Promise<boolean>} answers
 * @property {(folder: string, port: number) => Promise<{ url: string, command: string, args: string[], env?: Record<string, string> }>} prepare
 */

/** @type {Service[]} */
const SERVICES = [
  {
    variable: 'MYSQL_URL',
    usual: 'mysql://root@127.0.0.1:3306',
    program: 'mariadbd',
    debian: 'mariadb-server',
    answers: mysqlAnswers,
    prepare: prepareMariadb,
  },
  {
    variable: 'AMQP_URL',
    usual: 'amqp://guest:guest@127.0.0.1:5672',
    program: 'rabbitmqctl',
    debian: 'rabbitmq-server',
    answers: (url) => says(url, 'AMQP\0\0\x09\x01', '\x01\0\0'),
    prepare: prepareRabbitmq,
  },
  {
    variable: 'REDIS_URL',
    usual: 'redis://127.0.0.1:6379',
    program: 'redis-server',
    debian: 'redis-server',
    answers: (url) => says(url, 'PING\r\n', '+PONG'),
    prepare: async (_folder, port) => ({
      url: `redis://127.0.0.1:${port}`,
      command: 'redis-server',
      args: ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    }),
  },
]

/** The services whose variable some test names; the others need not exist. */
function neededServices() {
  const sources = readdirSync(join(ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('repo'))
    .map((path) => readFileSync(join(ROOT, 'tests', path), 'utf8'))
  return SERVICES.filter(({ variable }) => sources.some((source) => source.includes(variable)))
}

/**
 * Finds or starts every service the tests name.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>} addresses by variable
 * @throws {SetupError} when one can neither be reached nor started
 */
export async function startServices() {
  /** @type {Record<string, string>} */
  const env = {}
  /** @type {Awaited<ReturnType<typeof startPrivate>>[]} */
  const started = []
  const stop = async () => {
    await Promise.all(started.map((instance) => instance.stop()))
  }
  try {
    for (const service of neededServices()) {
      const given = process.env[service.variable]
      const url = given ?? service.usual
      if (await service.answers(url)) env[service.variable] = url
      else if (given) throw new SetupError(`${service.variable} is set, but nobody answers there.`)
      else {
        const instance = await startPrivate(service)
        started.push(instance)
        env[service.variable] = instance.url
      }
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { env, stop }
}

/**
 * A service of one's own that can be killed and comes back with its data.
 * @param {string} variable the one its address is usually found by
 */
export async function startPrivateService(variable) {
  const service = SERVICES.find((each) => each.variable === variable)
  if (!service) throw new SetupError(`There is no service behind ${variable}.`)
  return startPrivate(service)
}

/** @param {Service} service */
async function startPrivate(service) {
  await ensurePrograms([service])
  const folder = mkdtempSync(join(tmpdir(), `${service.program}-`))
  const { url, command, args, env } = await service.prepare(folder, await freePort())
  console.log(`Starting a private ${service.program} for the tests ...`)
  const program = findProgram(command) ?? command
  const words = join(folder, 'words')
  const start = () => {
    const out = openSync(words, 'w')
    const stdio = /** @type {const} */ (['ignore', out, out])
    const begun = spawn(program, args, {
      cwd: folder,
      detached: true,
      env: { ...process.env, ...env },
      stdio: [...stdio],
    })
    closeSync(out)
    return begun
  }
  let child = start()
  const killNow = () => {
    if (child.pid && signalGroup(child.pid, 'SIGKILL')) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.on('exit', killNow)
  const stop = async () => {
    await endGroup(child)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const untilItAnswers = async () => {
    const deadline = Date.now() + 60_000
    while (!(await service.answers(url))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        const last = readFileSync(words, 'utf8').trim().split('\n').slice(-5).join('\n')
        await stop()
        throw new SetupError(
          `${service.program} did not start; set ${service.variable} to one that runs. It said:\n${last}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  /** Kills it as a power cut would, and starts it again on its data. @param {number} awayMs how long it stays away */
  const restart = async (awayMs = 0) => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.pid) signalGroup(child.pid, 'SIGKILL')
    await ended
    await new Promise((resolve) => setTimeout(resolve, awayMs))
    child = start()
    await untilItAnswers()
  }
  await untilItAnswers()
  return { url, stop, restart }
}

/** @param {string} folder @param {number} port */
async function prepareMariadb(folder, port) {
  const data = join(folder, 'data')
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const made = spawnSync(
    findProgram('mariadb-install-db') ?? 'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user],
    { encoding: 'utf8' },
  )
  if (made.status !== 0) throw new SetupError(`mariadb-install-db failed: ${made.stderr || made.error?.message}`)
  const init = join(folder, 'init.sql')
  writeFileSync(
    init,
    "CREATE USER IF NOT EXISTS root@'127.0.0.1';\nGRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n",
  )
  return {
    url: `mysql://root@127.0.0.1:${port}`,
    command: 'mariadbd',
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      `--init-file=${init}`,
      ...user,
    ],
  }
}

/** Debian's wrapper would switch to the system's user and folders, so the program below it is called. @param {string} folder @param {number} port */
async function prepareRabbitmq(folder, port) {
  const [distribution, names] = [await freePort(), await freePort()]
  const plugins = join(folder, 'plugins')
  writeFileSync(plugins, '[].\n')
  mkdirSync(join(folder, 'log'))
  // epmd, Erlang's name service, would stay behind as a daemon; here it is a child of the group and ends with it.
  const script = `epmd -port ${names} -address 127.0.0.1 & exec /usr/lib/rabbitmq/bin/rabbitmq-server`
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    command: '/bin/sh',
    args: ['-c', script],
    env: {
      HOME: folder,
      ERL_EPMD_PORT: `${names}`,
      RABBITMQ_NODENAME: `tests-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: `${port}`,
      RABBITMQ_DIST_PORT: `${distribution}`,
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    },
  }
}

/** @param {string} url @returns {Promise<boolean>} whether this address lets us in and lets us make databases */
async function mysqlAnswers(url) {
  const { createConnection } = await import('mysql2/promise')
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 2_000 })
    const [grants] = await connection.query('SHOW GRANTS')
    await connection.end()
    return JSON.stringify(grants).includes('ALL PRIVILEGES ON *.*')
  } catch {
    return false
  }
}

/** Sends `question` and tells whether what comes back starts with `answer`. @param {string} url @param {string} question @param {string} answer @returns {Promise<boolean>} */
function says(url, question, answer) {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(question, 'latin1'))
    const end = (/** @type {boolean} */ result) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(2_000, () => end(false))
    socket.on('error', () => end(false))
    socket.on('close', () => end(false))
    socket.on('data', (chunk) => end(chunk.toString('latin1').startsWith(answer)))
  })
}

/** @returns {Promise<number>} a port nobody listens on at this moment */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
