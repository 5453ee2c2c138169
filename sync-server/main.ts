/**
 * The server's process: reads the settings, opens the database, makes the first clinic, listens, and ends in order.
 * `npm start` passes START_READY_FD and is told there when the server listens: one line of JSON, then the end of the stream.
 */
import { closeSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { buildServer, closeInOrder, type Server } from './build-server.ts'
import { buildService, type ServiceRole } from './build-service.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import type { Database } from './database/database.ts'
import { startDatabase } from './database/start-database.ts'
import type { EventBus } from './events/event-bus.ts'
import { type FirstRun, prepareFirstRun, StartRefused } from './first-run.ts'
import { createLog } from './http/create-log.ts'
import { keptErasuresIn, settleErasures } from './kept-erasures.ts'
import { mailIdentity } from './mail/mail-message.ts'
import { createMailboxMailer } from './mail/mailbox-mailer.ts'
import { createSmtpMailer } from './mail/smtp-mailer.ts'
import { createMetrics, type MetricsDeps } from './metrics/metrics.ts'
import { type OperationsEndpoint, openOperationsEndpoint } from './metrics/operations-endpoint.ts'
import type { Mailer } from './operations/mailer.ts'
import { newSecret } from './operations/secrets.ts'
import { systemState } from './operations/system-state.ts'
import { openRedisLink } from './redis/redis-link.ts'
import { hasClinics } from './repositories/clinic-rows.ts'
import { readSettings, type Settings } from './settings.ts'
import { createGatewaySender, gatewaySettings } from './sms/gateway-sender.ts'

const ROOT = join(import.meta.dirname, '..')
/** Longest wait for requests in hand before the process ends without them. */
const SHUTDOWN_MS = 8_000

async function main(): Promise<void> {
  const answer = readSettings(process.env, process.argv.slice(2))
  if (!answer.ok) throw new StartRefused(answer.problems.join('\n'))
  const { settings } = answer
  // What is made from here on, the database above all, is for this user alone.
  process.umask(0o077)
  const folder = openDataFolder(settings.dataDir)
  // Under `npm start` the terminal is for people, so the log goes to a file.
  const lines = pino.destination({ dest: settings.readyFd === null ? 1 : folder.logFile(), sync: false })
  const log = createLog(settings.logLevel, lines)
  endOnSurprise(log, lines)
  const database = await startDatabase({ url: settings.databaseUrl })
  const { role } = settings
  if (role !== 'all' && role !== 'api') return runService(role, { settings, folder, database, log })
  const erasures = keptErasuresIn(folder.path)
  const redis = settings.redisUrl === null ? undefined : openRedisLink(settings.redisUrl, log)
  const server = await buildServer({
    settings,
    secretKey: settings.secretKey ?? folder.secret('secret.key', newSecret),
    database,
    log,
    version: readVersion(),
    twinRoot: join(ROOT, 'out/renderer'),
    ...carriersOf(settings, folder, log),
    isApiOnly: role === 'api',
    ...(settings.amqpUrl !== null && { amqp: { url: settings.amqpUrl } }),
    ...(redis && { redis }),
    keepErasure: erasures.keep,
    webhooks: { allow: settings.webhookAllow },
    reports: { databaseUrl: settings.databaseUrl, folder: join(folder.path, 'reports') },
  })
  const endpoint = await openEndpoint(settings, log, {
    database,
    bus: server.events.bus,
    socketCount: server.socketCount,
    checkReady: server.checkReady,
    differedReplicas: server.differedReplicas,
  })
  endOnSignals([endpoint, server, ...(redis ? [redis] : [])], log, () => server.drain(settings.drainMs))
  const erasedAgain = await settleErasures({ database, writer: server.writer }, erasures)
  if (erasedAgain > 0) log.warn({ count: erasedAgain }, 'erased people were there again: a backup was restored')
  if (!settings.isLoopback && settings.publicUrl === null) {
    process.stderr.write(
      'Browsers on other machines need TLS: set PUBLIC_URL to the https address of the proxy in front.\n',
    )
  }
  const first = await prepareFirstRun({ server, database, settings, folder })
  await server.listen(settings.host, settings.port)
  // Behind an API alone it is the scheduler's.
  if (role === 'all') server.housekeeping.start()
  announce(settings, folder, server, first)
  log.info({ host: settings.host, engine: database.engine }, 'listening')
}

type Made = {
  readonly settings: Settings
  readonly folder: DataFolder
  readonly database: Database
  readonly log: pino.Logger
}

/** A service without an API: it reacts to events, or to the clock. */
async function runService(role: ServiceRole, { settings, folder, database, log }: Made): Promise<void> {
  const service = await buildService({
    role,
    database,
    log,
    // Both are there: the settings refuse a role without them.
    publicUrl: settings.publicUrl ?? '',
    secretKey: settings.secretKey ?? '',
    ...carriersOf(settings, folder, log),
    ...(settings.amqpUrl !== null && { amqp: { url: settings.amqpUrl } }),
    reports: { databaseUrl: settings.databaseUrl, folder: join(folder.path, 'reports') },
  })
  const checkReady = () => database.read(hasClinics).then(() => undefined)
  const endpoint = await openEndpoint(settings, log, { database, bus: service.bus, socketCount: () => 0, checkReady })
  endOnSignals([endpoint, service], log)
  log.info({ role, port: endpoint.port }, 'at work')
}

type EndpointParts = Pick<MetricsDeps, 'socketCount' | 'differedReplicas'> & {
  readonly database: Database
  readonly bus: EventBus
  readonly checkReady: () => Promise<void>
}

/** Metrics and health of this process, for this machine. */
async function openEndpoint(
  { role, metricsPort }: Settings,
  log: pino.Logger,
  { database, bus, checkReady, ...counts }: EndpointParts,
): Promise<OperationsEndpoint> {
  const now = Date.now
  const metrics = createMetrics({ role, now, ...counts, state: () => systemState({ database, now }, bus) })
  const endpoint = await openOperationsEndpoint(metricsPort, { metrics, checkReady })
  log.info({ port: endpoint.port }, 'metrics and health on this machine')
  return endpoint
}

/** What carries messages out of the house. */
function carriersOf(settings: Settings, folder: DataFolder, log: pino.Logger) {
  const { publicUrl, smtpUrl, smsUrl } = settings
  if (smsUrl === null) log.warn('SMS_URL is not set: texts are kept in their table and read in the app')
  const gateway = smsUrl === null ? null : gatewaySettings(smsUrl)
  return {
    mailer: chooseMailer(settings, folder, log),
    mailFrom: mailIdentity(publicUrl, smtpUrl).from,
    sms: gateway && { sender: createGatewaySender(gateway), token: gateway.token },
  }
}

/** SMTP where it is set; otherwise a folder, which is said once, because links that let people in lie there. */
function chooseMailer({ smtpUrl, publicUrl, readyFd }: Settings, { path }: DataFolder, log: pino.Logger): Mailer {
  const identity = mailIdentity(publicUrl, smtpUrl)
  if (smtpUrl !== null) return createSmtpMailer(smtpUrl, identity)
  const mailbox = join(path, 'mail')
  log.warn('SMTP_URL is not set: e-mails are kept as files in the folder mail of the data folder')
  // Under `npm start` the terminal belongs to it.
  if (readyFd === null) process.stderr.write(`SMTP_URL is not set: e-mails are kept as files in ${mailbox}.\n`)
  return createMailboxMailer(mailbox, identity)
}

const readVersion = (): string => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  return version
}

/** Errors nobody expected end the process: what it would do next is not known. Written without their message. */
function endOnSurprise(log: pino.Logger, lines: { flushSync(): void }): void {
  process.on('exit', () => lines.flushSync())
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'ends after an unexpected error')
      process.exit(1)
    })
  }
}

/** @param before what is done first, while everything still works; a second signal does not wait for it */
function endOnSignals(
  parts: readonly { close(): PromiseLike<unknown> }[],
  log: pino.Logger,
  before: () => Promise<void> = async () => undefined,
): void {
  let isAsked = false
  let isEnding = false
  const end = () => {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref()
    closeInOrder(parts).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not end in order')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'ending')
      if (isAsked) return end()
      isAsked = true
      before()
        .catch((error: unknown) => log.error({ err: error }, 'could not send the replicas on'))
        .finally(end)
    })
  }
}

/** Says where the product is, and how to log in. The password and the set-up link are for the terminal, never for the log. */
function announce(settings: Settings, folder: DataFolder, server: Server, first: FirstRun): void {
  const url = addressOf(settings, server)
  const { setUpSecret, ...rest } = first
  const ready = {
    url,
    ...rest,
    ...(setUpSecret !== null && { setUpUrl: `${url}/set-up#${setUpSecret}` }),
    dataDir: folder.path,
  }
  if (settings.readyFd !== null) {
    writeSync(settings.readyFd, `${JSON.stringify(ready)}\n`)
    closeSync(settings.readyFd)
    return
  }
  const lines = [
    `The server is ready: ${url}`,
    ...(ready.setUpUrl ? [`Set up the first clinic (the link works once, for a day): ${ready.setUpUrl}`] : []),
    ...first.logins.map(({ role, email }) => `  ${role.padEnd(14)}${email}`),
    ...(first.password ? [`  password      ${first.password}`] : []),
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function addressOf({ publicUrl, host, isLoopback }: Settings, { app }: Server): string {
  if (publicUrl) return publicUrl
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const name = isLoopback ? host : '127.0.0.1'
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

try {
  await main()
} catch (error) {
  // Messages of a failed start are for whoever started it; no request has been served.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
