/** The faces of this server for programs of others: what a replica needs, FHIR, calendars and webhooks. */
import type { Logger } from 'pino'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from './database/database.ts'
import type { Consumer } from './events/event-bus.ts'
import type { App } from './http/app.ts'
import type { Paging } from './http/paging.ts'
import type { NoteAccess } from './operations/access-audit.ts'
import type { ClinicWriter } from './operations/clinic-writer.ts'
import type { SubjectLoader } from './operations/load-subject.ts'
import type { NewId } from './operations/new-id.ts'
import type { ReadMemory } from './operations/read-memory.ts'
import { createSeal } from './operations/seal.ts'
import { createServerIdentity } from './operations/server-identity.ts'
import { fanOutEvent } from './operations/webhooks/deliver-webhooks.ts'
import { registerCalendarFeedRoutes } from './routes/calendar-feed-routes.ts'
import { registerFhirRoutes } from './routes/fhir/fhir-routes.ts'
import { registerServerIdentityRoutes } from './routes/server-identity-routes.ts'
import { registerSyncSchemaRoutes } from './routes/sync-schema-routes.ts'
import { registerWebhookRoutes } from './routes/webhook-routes.ts'
import type { Settings } from './settings.ts'
import { createAddressRule } from './webhooks/address-rule.ts'
import { isCallable } from './webhooks/post-webhook.ts'
import { createWebhookRelay } from './webhooks/webhook-relay.ts'

export type WebhookSettings = {
  /** Addresses and subnets that may be called although they are not public. */
  readonly allow: readonly string[]
  /** False where another process sends. */
  readonly isSending?: boolean
}

export type OtherSystemsParts = {
  readonly database: Database
  readonly memory: ReadMemory
  readonly writer: ClinicWriter
  readonly audit: NoteAccess
  readonly now: () => Instant
  readonly newId: NewId
  readonly log: Logger
  readonly paging: Paging
  readonly loadSubject: SubjectLoader
  readonly secretKey: string
  readonly linkTo: (path: string) => string
  readonly options: {
    readonly settings: Pick<Settings, 'publicUrl'>
    readonly version: string
    readonly webhooks?: WebhookSettings
  }
}

/** The purpose under which secrets of webhooks are sealed. */
export const WEBHOOK_SEAL = 'webhook'

/** @returns what hears of events for webhooks */
export async function registerForOtherSystems(app: App, parts: OtherSystemsParts): Promise<Consumer> {
  const { settings, version } = parts.options
  registerSyncSchemaRoutes(app)
  registerServerIdentityRoutes(app, { identity: createServerIdentity(parts.secretKey), now: parts.now })
  const webhooks = registerWebhooks(app, parts)
  registerCalendarFeedRoutes(app, parts)
  await registerFhirRoutes(app, { ...parts, publicUrl: settings.publicUrl, version })
  return webhooks
}

/** Rows change by REST and become deliveries as events come; a server that sends looks after each of those. */
function registerWebhooks(app: App, parts: OtherSystemsParts): Consumer {
  const { options, secretKey } = parts
  const seal = createSeal(secretKey, WEBHOOK_SEAL)
  const { allow = [], isSending = options.webhooks !== undefined } = options.webhooks ?? {}
  const addressRule = createAddressRule(allow)
  const relay = isSending ? createWebhookRelay({ ...parts, seal, addressRule, random: Math.random }) : undefined
  const kick = () => relay?.kick()
  registerWebhookRoutes(app, { ...parts, seal, kick, isUrlAllowed: (url) => isCallable(url, addressRule) })
  if (relay) app.addHook('onClose', () => relay.close())
  return { name: 'webhooks', handle: (tx, event) => fanOutEvent(parts, tx, event), handled: kick }
}
