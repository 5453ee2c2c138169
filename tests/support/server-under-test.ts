/** The real server in this process, on a database of its own, with the fixture clinic in it. */
import { hash } from '@node-rs/argon2'
import type { ShippedRole } from '#domain/access/roles.ts'
import { buildServer, type Server, type ServerOptions } from '#server/build-server.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import type { Engine } from '#server/database/dialect.ts'
import { createLog } from '#server/http/create-log.ts'
import { createAccount } from '#server/operations/create-clinic.ts'
import type { Mail, Mailer } from '#server/operations/mailer.ts'
import {
  FIXTURE_CLINIC_ID,
  FIXTURE_EMAILS,
  FIXTURE_NOW,
  type FixtureClinic,
  seedFixtureClinic,
} from './fixture-clinic.ts'
import { addressesIn, watchForMarks } from './mark-watch.ts'
import { aDatabase } from './throw-away-database.ts'

/** The password of every fixture account. */
export const FIXTURE_PASSWORD = 'four words in a row'
export const SECRET_KEY = 'a secret of the tests, 32 characters long'

export type Answer = {
  readonly status: number
  readonly headers: Headers
  /** The parsed body, or null when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads fields of answers it has just described
  readonly body: any
}

export type RequestOptions = {
  /** A bearer token, or the role whose token is used; a session is opened once per role. */
  readonly as?: ShippedRole | { readonly token: string }
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type ServerUnderTest = {
  readonly engine: Engine
  readonly url: string
  /** Of the database, for a second connection. */
  readonly databaseUrl: string
  readonly server: Server
  /** The server's own handle. */
  readonly database: Database
  readonly clinic: FixtureClinic
  /** The server's clock; it stands until it is set. */
  readonly clock: { now: number }
  /** Every line of the log so far. */
  readonly logLines: readonly string[]
  /** The e-mails that were sent to an address, the oldest first; whatever waits is sent before. */
  mailsTo(address: string): Promise<readonly Mail[]>
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** Opens a session and answers its token. */
  logIn(role: ShippedRole): Promise<string>
  /** Adds an account and answers its e-mail address. */
  addAccount(role: ShippedRole, email: string, clinicId?: FixtureClinic['clinicId']): Promise<string>
  stop(): Promise<void>
}

type Passed =
  | 'webhooks'
  | 'limits'
  | 'reports'
  | 'logInLimits'
  | 'accountLimits'
  | 'twinRoot'
  | 'mailer'
  | 'mailFrom'
  | 'sms'
  | 'amqp'
  | 'redis'
  | 'isApiOnly'
export type ServerSettings = Partial<Pick<ServerOptions, Passed>> & {
  readonly publicUrl?: string
  /** Another MariaDB than the one all tests share, for a test that ends it. */
  readonly mysqlUrl?: string
  /** False leaves the database without a clinic. */
  readonly isSeeded?: boolean
}

export async function aServer(engine: Engine, settings: ServerSettings = {}): Promise<ServerUnderTest> {
  const { publicUrl = null, isSeeded = true, mysqlUrl, ...options } = settings
  const throwAway = await aDatabase(engine, mysqlUrl)
  const database = openDatabase({ url: throwAway.url })
  const clock = { now: FIXTURE_NOW }
  const now = () => clock.now
  const logLines: string[] = []
  const log = createLog('debug', { write: (line) => logLines.push(line) })
  const sent: Mail[] = []
  const mailer: Mailer = { send: async (mail) => void sent.push(mail), close: async () => undefined }
  const server = await buildServer({
    mailer,
    settings: { publicUrl, port: 0, isLoopback: true },
    secretKey: SECRET_KEY,
    database,
    log,
    version: '0.0.0',
    twinRoot: 'no-such-folder',
    now,
    ...options,
  })
  const { newId } = server
  const passwordHash = await quickHash()
  const clinic = isSeeded ? await seedFixtureClinic(database, server.writer, { now, newId, passwordHash }) : noClinic
  const url = await server.listen('127.0.0.1', 0)
  const scan = await watchForMarks({ server, database, databaseUrl: throwAway.url, logLines, now, amqp: options.amqp })
  const request = createRequest(url)
  const sessions = new Map<ShippedRole, Promise<string>>()
  const logIn = async (role: ShippedRole) => {
    const body = { email: FIXTURE_EMAILS[role], password: FIXTURE_PASSWORD }
    const answer = await request('POST', '/api/v1/auth/login', { body })
    if (answer.status !== 200) throw new Error(`${role} could not log in: ${JSON.stringify(answer.body)}`)
    return answer.body.token as string
  }
  const tokenOf = (role: ShippedRole) => {
    const known = sessions.get(role) ?? logIn(role)
    sessions.set(role, known)
    return known
  }
  return {
    engine,
    url,
    databaseUrl: throwAway.url,
    server,
    database,
    clinic,
    clock,
    logLines,
    mailsTo: async (address) => {
      await server.mails.drain()
      return sent.filter(({ to }) => to.address === address)
    },
    logIn,
    request: async (method, path, { as, ...rest } = {}) => {
      const token = typeof as === 'string' ? await tokenOf(as) : as?.token
      return request(method, path, { ...rest, ...(token !== undefined && { as: { token } }) })
    },
    addAccount: async (role, email, clinicId = FIXTURE_CLINIC_ID) => {
      const account = { name: email, email, passwordHash, clinicId, role }
      await database.write((tx) => createAccount({ now, newId }, tx, account))
      return email
    },
    stop: async () => {
      const finish = await scan.beforeClose()
      await server.close()
      try {
        await finish({ addresses: addressesIn(sent) })
      } finally {
        await throwAway.drop()
      }
    },
  }
}

const noClinic = { clinicId: FIXTURE_CLINIC_ID } as FixtureClinic

/** Hashed once per test file, at the cost the server itself uses. */
let hashed: Promise<string> | undefined
function quickHash(): Promise<string> {
  hashed ??= hash(FIXTURE_PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  return hashed
}

function createRequest(url: string) {
  return async (method: string, path: string, options: RequestOptions): Promise<Answer> => {
    const { as, body, headers = {} } = options
    const token = typeof as === 'object' ? as.token : undefined
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text || null }
  }
}
