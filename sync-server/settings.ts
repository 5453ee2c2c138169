/**
 * Everything the environment and the command line may say, checked once at the start. Nothing deeper reads `process.env`.
 * An empty variable counts as absent. Every refusal is one sentence that names the variable and its rule; values are never
 * repeated in it, because some of them are secrets.
 */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { seconds } from '#domain/time/instant.ts'
import { isAddressOrSubnet } from './webhooks/address-rule.ts'

/** Text in the environment, with its rule in words: the second half of a sentence that starts with the name. */
const text = (rule: string, pattern: string) => Type.Optional(Type.String({ pattern, description: rule }))
const address = (schemes: string) =>
  text(`must be an address that starts with ${schemes.replaceAll('|', ' or ')}`, `^(${schemes})[^\\s]+$`)
const wholeNumber = (rule: string) => text(rule, '^[0-9]{1,5}$')

/** The environment as it arrives: text only. Variables that are not named here belong to other programs. */
const environmentSchema = Type.Object({
  PORT: wholeNumber('must be a port, 0 to 65535'),
  HOST: text('must be an IP address or localhost', '^[0-9A-Za-z.:]+$'),
  DATA_DIR: text('must be a folder', '\\S'),
  DATABASE_URL: address('mysql://|sqlite:'),
  AMQP_URL: address('amqp://|amqps://'),
  REDIS_URL: address('redis://|rediss://'),
  SMTP_URL: address('smtp://|smtps://'),
  SMS_URL: address('http://|https://'),
  PUBLIC_URL: address('http://|https://'),
  SECRET_KEY: text('must have at least 32 characters', '^.{32,}$'),
  METRICS_PORT: wholeNumber('must be a port, 0 to 65535'),
  DRAIN_SECONDS: wholeNumber('must be 0 to 600'),
  LOG_LEVEL: text('must be one of fatal, error, warn, info, debug, silent', '^(fatal|error|warn|info|debug|silent)$'),
  WEBHOOK_ALLOW: text('must be addresses or subnets, with commas between', '^[0-9A-Fa-f:./, ]+$'),
  DEMO_PASSWORD: text('must have at least 12 characters', '^.{12,}$'),
  START_READY_FD: wholeNumber('must be the number of an open file descriptor'),
})
type Environment = Static<typeof environmentSchema>
type Name = keyof Environment

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'

export type Settings = {
  readonly host: string
  /** True when only this machine can reach the server. */
  readonly isLoopback: boolean
  /** 0 lets the system choose. */
  readonly port: number
  readonly dataDir: string
  /** `mysql://…` or `sqlite:PATH`. */
  readonly databaseUrl: string
  /** The origin people type, where it is not this machine's own; without a slash at the end. */
  readonly publicUrl: string | null
  readonly secretKey: string | null
  /** Where e-mails are handed over; null keeps them as files in the data folder. */
  readonly smtpUrl: string | null
  /** RabbitMQ between instances and services; null keeps events in this process. */
  readonly amqpUrl: string | null
  /** Redis for limits that instances share; null counts in this process. */
  readonly redisUrl: string | null
  /** The carrier's gateway, with account, token and sender; null keeps texts in their table. */
  readonly smsUrl: string | null
  /** Of metrics and health, on this machine alone; 0 lets the system choose. */
  readonly metricsPort: number
  /** Over how many milliseconds replicas are sent to other instances before this one ends; 0 where there are none. */
  readonly drainMs: number
  readonly role: Role
  readonly logLevel: LogLevel
  /** Addresses and subnets that webhooks may call although they are not public. */
  readonly webhookAllow: readonly string[]
  readonly demoPassword: string | null
  /** Where `npm start` waits for the line that says the server is ready. */
  readonly readyFd: number | null
  /** Start without a demo clinic; a one-time link sets the first clinic up. */
  readonly isEmpty: boolean
  readonly isDemoAllowedOnNetwork: boolean
}

export type SettingsAnswer =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] }

/** What a process does: everything, the API with its sockets, or one of the services behind it. */
export const ROLES = ['all', 'api', 'notifications', 'reports', 'scheduler'] as const
export type Role = (typeof ROLES)[number]

/** What holds where nothing is said. */
const DEFAULTS = {
  PORT: '4180',
  HOST: '127.0.0.1',
  DATA_DIR: '.data',
  METRICS_PORT: '0',
  DRAIN_SECONDS: '0',
  LOG_LEVEL: 'info',
} as const satisfies Environment
/** Never shown. Addresses are, without the password in them. */
const SECRETS: ReadonlySet<Name> = new Set(['SECRET_KEY', 'DEMO_PASSWORD'])

export type SettingShown = {
  readonly name: string
  /** Null where it is not set and has no default. */
  readonly value: string | null
  readonly isDefault: boolean
}

/** Every variable with its value as it holds, for whoever sets the server up; nothing secret in it. */
export function showSettings(variables: Readonly<Record<string, string | undefined>>): readonly SettingShown[] {
  return (Object.keys(environmentSchema.properties) as Name[]).map((name) => {
    const given = variables[name] || undefined
    const value = given ?? (DEFAULTS as Environment)[name] ?? null
    return { name, value: value === null ? null : withoutSecret(name, value), isDefault: given === undefined }
  })
}

const MASK = '********'

function withoutSecret(name: Name, value: string): string {
  if (SECRETS.has(name)) return MASK
  if (!name.endsWith('_URL')) return value
  // What is no address is shown by nobody: a password may stand anywhere in it.
  const url = URL.parse(value)
  if (!url) return value.includes('@') ? MASK : value
  if (url.password) url.password = MASK
  return url.password ? url.href : value
}

/**
 * @param variables usually `process.env`
 * @param args the command line after the program's name
 * @returns the settings, or every problem at once, one sentence each
 */
export function readSettings(
  variables: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): SettingsAnswer {
  const names = Object.keys(environmentSchema.properties) as Name[]
  const present = names.filter((name) => variables[name] !== undefined && variables[name] !== '')
  const environment = Object.fromEntries(present.map((name) => [name, variables[name]]))
  const flags = readFlags(args)
  const problems = [...flags.problems, ...shapeProblems(environment, present)]
  if (!Value.Check(environmentSchema, environment)) return { ok: false, problems }
  problems.push(...ruleProblems(environment), ...roleProblems(environment, flags.values.role))
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, settings: { ...toSettings(environment), ...flags.values } }
}

function readFlags(args: readonly string[]) {
  const none = { isEmpty: false, isDemoAllowedOnNetwork: false, role: 'all' as Role }
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        demo: { type: 'boolean' },
        empty: { type: 'boolean' },
        'allow-demo-on-network': { type: 'boolean' },
        role: { type: 'string' },
      },
    })
    if (values.demo && values.empty) return { values: none, problems: ['--demo and --empty exclude each other.'] }
    const isDemoAllowedOnNetwork = values['allow-demo-on-network'] === true
    const role = ROLES.find((each) => each === (values.role ?? 'all'))
    if (!role) return { values: none, problems: [`--role must be one of ${ROLES.join(', ')}.`] }
    return { values: { isEmpty: values.empty === true, isDemoAllowedOnNetwork, role }, problems: [] }
  } catch {
    return {
      values: none,
      problems: [
        'The server takes the flags --demo (the default), --empty, --allow-demo-on-network and --role=NAME only.',
      ],
    }
  }
}

function shapeProblems(environment: object, present: readonly Name[]): string[] {
  const wrong = new Set(Value.Errors(environmentSchema, environment).map((error) => error.instancePath.slice(1)))
  return present.filter((name) => wrong.has(name)).map((name) => sentence(name))
}

/** What a pattern cannot say. */
function ruleProblems(environment: Environment): string[] {
  const problems: string[] = []
  for (const name of ['PORT', 'METRICS_PORT'] as const) {
    if (Number(environment[name] ?? 0) > 65_535) problems.push(sentence(name))
  }
  const host = environment.HOST ?? 'localhost'
  if (host !== 'localhost' && isIP(host) === 0) problems.push(sentence('HOST'))
  if (!listOf(environment.WEBHOOK_ALLOW).every(isAddressOrSubnet)) problems.push(sentence('WEBHOOK_ALLOW'))
  if (Number(environment.DRAIN_SECONDS ?? 0) > 600) problems.push(sentence('DRAIN_SECONDS'))
  if (environment.PUBLIC_URL && !parsePublicUrl(environment.PUBLIC_URL)) {
    problems.push('PUBLIC_URL must be an origin such as https://clinic.example, with http:// for this machine only.')
  }
  if (environment.SMS_URL && !isSafeGateway(environment.SMS_URL)) {
    problems.push('SMS_URL must be an https address beyond this machine: it carries numbers and texts.')
  }
  if (environment.SMTP_URL && !URL.parse(environment.SMTP_URL)?.hostname) {
    problems.push('SMTP_URL must be an address such as smtps://user:password@mail.example:465.')
  }
  return problems
}

const isSafeGateway = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || isLoopbackHost(url.hostname))
}

/** Parts of one server must reach the same database, broker, secret and address. */
function roleProblems(environment: Environment, role: Role): string[] {
  if (role === 'all') return []
  const missing = (['AMQP_URL', 'SECRET_KEY', 'PUBLIC_URL'] as const).filter((name) => environment[name] === undefined)
  return [
    ...(environment.DATABASE_URL?.startsWith('mysql://') ? [] : ['--role needs DATABASE_URL with mysql://.']),
    ...missing.map((name) => `--role needs ${name}, the same for every part of the server.`),
  ]
}

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)

const sentence = (name: Name): string => {
  const { description } = environmentSchema.properties[name] as { description?: string }
  return `${name} ${description}.`
}

function toSettings(environment: Environment): Omit<Settings, 'isEmpty' | 'isDemoAllowedOnNetwork' | 'role'> {
  const host = environment.HOST ?? DEFAULTS.HOST
  const dataDir = resolve(environment.DATA_DIR ?? DEFAULTS.DATA_DIR)
  return {
    host,
    isLoopback: isLoopbackHost(host),
    port: Number(environment.PORT ?? DEFAULTS.PORT),
    dataDir,
    databaseUrl: environment.DATABASE_URL ?? `sqlite:${resolve(dataDir, 'clinic.sqlite')}`,
    publicUrl: parsePublicUrl(environment.PUBLIC_URL ?? ''),
    secretKey: environment.SECRET_KEY ?? null,
    smtpUrl: environment.SMTP_URL ?? null,
    amqpUrl: environment.AMQP_URL ?? null,
    smsUrl: environment.SMS_URL ?? null,
    redisUrl: environment.REDIS_URL ?? null,
    metricsPort: Number(environment.METRICS_PORT ?? DEFAULTS.METRICS_PORT),
    drainMs: seconds(Number(environment.DRAIN_SECONDS ?? DEFAULTS.DRAIN_SECONDS)),
    logLevel: (environment.LOG_LEVEL ?? DEFAULTS.LOG_LEVEL) as LogLevel,
    webhookAllow: listOf(environment.WEBHOOK_ALLOW),
    demoPassword: environment.DEMO_PASSWORD ?? null,
    readyFd: environment.START_READY_FD ? Number(environment.START_READY_FD) : null,
  }
}

/** True for `localhost` and the addresses that never leave the machine (RFC 1122, section 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** The origin, or null for anything that is more or less than one. Plain http is for this machine only. */
function parsePublicUrl(value: string): string | null {
  const url = URL.parse(value)
  if (!url || url.username || url.password || url.search || url.hash || url.pathname !== '/') return null
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return null
  return url.origin
}
