/** Puts the parts together. `main.ts` passes what a process has; a test passes a database, a clock and limits of its own. */

import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import type { Instant } from '#domain/time/instant.ts'
import { type AccountParts, registerAccounts } from './account-parts.ts'
import { createCountTries } from './count-tries.ts'
import { createDailyWork } from './daily-work.ts'
import type { Database } from './database/database.ts'
import type { Broker, Events } from './event-parts.ts'
import { registerForOtherSystems, type WebhookSettings } from './for-other-systems.ts'
import type { DeclaredRoute } from './http/access-rule.ts'
import type { App } from './http/app.ts'
import { createApp } from './http/create-app.ts'
import { registerHealth } from './http/health.ts'
import { collectOpenApi, registerApiDocs, registerOpenApi } from './http/openapi.ts'
import { createOriginRule } from './http/origins.ts'
import { createPaging, type Paging } from './http/paging.ts'
import { registerProblems } from './http/problems.ts'
import type { RequestLimits } from './http/request-limits.ts'
import { createSessionCookie } from './http/session-cookie.ts'
import { registerStaticTwin } from './http/static-twin.ts'
import { keepHouse } from './keep-house.ts'
import {
  createPeopleServices,
  type PeopleServices,
  registerMessaging,
  type SmsGateway,
  servicesOf,
} from './notification-parts.ts'
import type { NoteAccess, NoteOnce } from './operations/access-audit.ts'
import { findRevocation } from './operations/accounts/hand-in.ts'
import { type AttemptLimits, LOG_IN_LIMITS } from './operations/attempt-limits.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import type { Erased } from './operations/erase-person.ts'
import { findSession } from './operations/find-session.ts'
import type { Housekeeping } from './operations/housekeeping.ts'

import { createMailRelay, type MailRelay } from './operations/mail-relay.ts'
import type { Mailer } from './operations/mailer.ts'
import type { NewId } from './operations/new-id.ts'
import { createPasswords, type Passwords } from './operations/passwords.ts'
import { ReadMemory } from './operations/read-memory.ts'
import { recordRefusal } from './operations/record-refusal.ts'
import { createSeal } from './operations/seal.ts'
import type { RedisLink } from './redis/redis-link.ts'
import { sharedRequestCounts } from './redis/shared-request-counts.ts'
import { registerImports } from './register-imports.ts'
import { registerReplication } from './register-replication.ts'
import { type ReportSettings, registerReports } from './register-reports.ts'
import { hasClinics } from './repositories/clinic-rows.ts'
import { registerAccessEventRoutes } from './routes/access-event-routes.ts'
import { registerActivityRoutes } from './routes/activity-routes.ts'
import { registerAllotmentRoutes } from './routes/allotment-routes.ts'
import { registerAppointmentRoutes } from './routes/appointment-routes.ts'
import { registerAvailabilityRoutes } from './routes/availability-routes.ts'
import { registerBookingRoutes } from './routes/booking-routes.ts'
import { registerClinicRoutes } from './routes/clinic-routes.ts'
import { registerDelayRoutes } from './routes/delay-routes.ts'
import { registerDoctorDayRoutes } from './routes/doctor-day-routes.ts'
import { answerUnroutable } from './routes/fhir/fhir-error.ts'
import { registerHoldRoutes } from './routes/hold-routes.ts'
import { registerPrivacyRoutes } from './routes/privacy-routes.ts'
import { registerResourceRoutes } from './routes/resource-routes.ts'
import { registerSeriesRoutes } from './routes/series-routes.ts'
import { registerSetUpRoutes } from './routes/setup-routes.ts'
import { registerSlotRoutes } from './routes/slot-routes.ts'
import { registerWaitlistRoutes } from './routes/waitlist-routes.ts'
import { type Core, createCore } from './server-core.ts'
import type { ReportService } from './services/reports/report-service.ts'
import type { Settings } from './settings.ts'

export type ServerOptions = {
  readonly settings: Pick<Settings, 'publicUrl' | 'port' | 'isLoopback'>
  readonly secretKey: string
  /** Open and migrated; closed with the server. */
  readonly database: Database
  readonly log: Logger
  /** Of the product, for the API's description. */
  readonly version: string
  /** Folder of the built renderer. */
  readonly twinRoot: string
  /** Keeps the ids of an erased patient where a restore of the database does not reach. */
  readonly keepErasure?: (erased: Erased) => void
  readonly now?: () => Instant
  readonly limits?: RequestLimits
  readonly logInLimits?: AttemptLimits
  readonly accountLimits?: NonNullable<AccountParts['limits']>
  /** Carries e-mails; without one they wait in their table. */
  readonly mailer?: Mailer
  /** The address mails come from. */
  readonly mailFrom?: string
  /** Carries texts; without one they are kept in their table and read in the app. */
  readonly sms?: SmsGateway | null
  /** True where other processes run the services. */
  readonly isApiOnly?: boolean
  /** The broker between instances and services; without it events stay in this process. */
  readonly amqp?: Broker
  /** Counts that all instances share; without it each counts for itself. */
  readonly redis?: RedisLink
  /** Sends what webhooks ask for; without it they wait in their table. */
  readonly webhooks?: WebhookSettings
  /** Makes reports; without it they wait in their table. */
  readonly reports?: ReportSettings
}

export type Server = {
  readonly app: App
  readonly routes: readonly DeclaredRoute[]
  readonly writer: ClinicWriter
  readonly passwords: Passwords
  readonly newId: NewId
  readonly mails: MailRelay
  readonly events: Events
  readonly housekeeping: Housekeeping
  /** What tells people things, where it runs in this process. */
  readonly people: PeopleServices | undefined
  /** Open lines of replicas: sockets, and streams of HTTP. */
  readonly socketCount: () => number
  /** Looks now whether other processes have committed what this one has not heard of. */
  readonly compareHeads: () => Promise<void>
  /** Rejects while requests had better go elsewhere: without a database, and once it ends. */
  readonly checkReady: () => Promise<void>
  /** Sends the replicas to other instances, spread over so many milliseconds; it is not ready any more from the first. */
  readonly drain: (withinMs: number) => Promise<void>
  /** How many devices said, by collection, that they held something else than they should; since the start. */
  readonly differedReplicas: ReadonlyMap<string, number>
  /** Undefined where another process makes reports. */
  readonly reports: ReportService | undefined
  /** Listens and answers the address. */
  listen(host: string, port: number): Promise<string>
  /** Takes no more requests, finishes those in hand and their transactions, closes the database. */
  close(): Promise<void>
}

type BookingParts = {
  readonly database: Database
  readonly memory: ReadMemory
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
  readonly paging: Paging
  readonly log: Logger
}

export async function buildServer(options: ServerOptions): Promise<Server> {
  const { database, settings, log, secretKey } = options
  const core = createCore(options)
  const { now, newId, listeners, events, writer, audit, loadSubject, noteOnce } = core
  const passwords = await createPasswords()
  const { app, routes, originRule, cookie } = await createHttp(options, core)
  await collectOpenApi(app, options.version)
  const { mailSeal, mailer, mails } = createMailParts(options, now)
  const parts = { database, writer, noteAccess: audit, loadSubject, originRule, now, log, listeners }
  const { replicas, hub, compareHeads } = await registerReplication(app, parts)
  const { endSession: onSessionEnded, count, isClosing } = hub
  const checkReady = readinessOf(database, isClosing)
  registerHealth(app, checkReady)
  keepHouse(app, parts)
  const linkTo = (path: string) => `${settings.publicUrl ?? ownAddress(app)}${path}`
  const made = { database, writer, now, newId, passwords, audit, mailSeal, mails, linkTo, secretKey, loadSubject }
  const countTries = createCountTries(options)
  const limited = { ...made, countTries, endSockets: onSessionEnded, ...limitsOf(options) }
  const throttle = countTries('log-in', options.logInLimits ?? LOG_IN_LIMITS)
  registerAccounts(app, limited, { throttle, originRule, cookie, onSessionEnded })
  registerSetUpRoutes(app, { database, now, newId, passwords, audit })
  const read = { database, now, memory: new ReadMemory(), paging: createPaging(secretKey) }
  registerBookings(app, { ...read, writer, newId, audit, log })
  const imports = await registerImports(app, { ...made, log })
  registerPrivacy(app, { ...read, noteOnce, writer, newId, audit, keepErasure: options.keepErasure ?? noFile })
  const isMaking = !options.isApiOnly
  const reports = registerReports(app, { ...read, ...made, log, settings: options.reports, isMaking })
  registerProblems(app)
  const webhooks = await registerForOtherSystems(app, { ...parts, ...made, ...read, options })
  const told = { ...made, log, bus: events.bus, sms: options.sms ?? null }
  const people = options.isApiOnly ? undefined : createPeopleServices({ ...told, mailer, ...postalParts(options) })
  const hearing = await registerMessaging(app, {
    ...told,
    ...read,
    sockets: replicas,
    socketCount: count,
    services: people,
  })
  registerOpenApi(app)
  if (settings.isLoopback) await registerApiDocs(app)
  await registerStaticTwin(app, options.twinRoot)
  await events.start([webhooks, ...hearing, ...(reports ? [reports.consumer] : [])])
  const housekeeping = createDailyWork({ database, writer, now, newId, log, secretKey })
  return {
    app,
    routes,
    writer,
    passwords,
    newId,
    mails,
    events,
    people,
    housekeeping,
    socketCount: count,
    compareHeads,
    checkReady,
    drain: hub.drain,
    differedReplicas: replicas.differed,
    reports,
    listen: (host, port) => app.listen({ host, port }),
    close: () =>
      closeInOrder([imports, app, housekeeping, writer, core, events, ...servicesOf(people), mails, database]),
  }
}

/** The app without routes, and the rules of who may call it from where. */
async function createHttp(
  { database, settings, log, secretKey, limits, redis }: ServerOptions,
  { now, newId, audit, loadSubject }: Core,
) {
  const originRule = createOriginRule(settings.publicUrl)
  const isBehindTls = settings.publicUrl?.startsWith('https:') === true
  const cookie = createSessionCookie(isBehindTls, settings.port, secretKey)
  const made = await createApp({
    log: log as FastifyBaseLogger,
    newRequestId: newId,
    answerUnroutable,
    findSession: (token) => findSession({ database, now, loadSubject }, token),
    findRevocation: (token, transport) => findRevocation({ database, now }, token, transport),
    originRule,
    cookie,
    isBehindTls,
    noteRefusal: (session, refusal) => recordRefusal(audit, session, refusal),
    ...(limits && { limits }),
    ...(redis && { countStore: (windowMs: number) => sharedRequestCounts(redis, windowMs) }),
  })
  return { ...made, originRule, cookie }
}

function createMailParts({ database, log, secretKey, mailer = noMailer }: ServerOptions, now: () => Instant) {
  const mailSeal = createSeal(secretKey, 'mail')
  return { mailSeal, mailer, mails: createMailRelay({ database, mailer, mailSeal, now, log }) }
}

/** Not ready is who cannot reach the database, and who ends: the next request had better go elsewhere. */
const readinessOf = (database: Database, isClosing: () => boolean) => async () => {
  if (isClosing()) throw new Error('This instance ends')
  await database.read(hasClinics)
}

const limitsOf = ({ accountLimits }: ServerOptions) => (accountLimits ? { limits: accountLimits } : {})

const postalParts = ({ mailFrom = 'no-reply@localhost', settings }: ServerOptions) => ({
  mailFrom,
  isPublic: settings.publicUrl !== null,
})

/** Everything that shows, makes or changes a booking, the times that can be had, and what both are made of. */
function registerBookings(app: App, parts: BookingParts): void {
  registerBookingRoutes(app, parts)
  registerHoldRoutes(app, parts)
  registerAllotmentRoutes(app, parts)
  registerSeriesRoutes(app, parts)
  registerDoctorDayRoutes(app, parts)
  registerDelayRoutes(app, parts)
  registerAppointmentRoutes(app, parts)
  registerResourceRoutes(app, parts)
  registerClinicRoutes(app, parts)
  registerSlotRoutes(app, parts)
  registerAvailabilityRoutes(app, parts)
  registerWaitlistRoutes(app, parts)
}

/** Of a server that people reach on this machine only. */
function ownAddress({ server }: App): string {
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

/** What is known about whom, and a patient's rights to it. */
type PrivacyParts = Parameters<typeof registerPrivacyRoutes>[1] & {
  readonly paging: Paging
  readonly noteOnce: NoteOnce
}

function registerPrivacy(app: App, parts: PrivacyParts): void {
  registerAccessEventRoutes(app, parts)
  registerActivityRoutes(app, parts)
  registerPrivacyRoutes(app, parts)
}

const noFile = (): void => undefined

export async function closeInOrder(parts: readonly { close(): PromiseLike<unknown> }[]): Promise<void> {
  for (const part of parts) await part.close()
}

const noMailer: Mailer = {
  send: async () => {
    throw new Error('This server was built without a mailer')
  },
  close: async () => undefined,
}
