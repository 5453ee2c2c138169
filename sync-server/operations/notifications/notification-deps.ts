/** What messages are made and sent with. */

import type { Channel } from '#domain/message/message-kinds.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import type { NotificationType } from '#server/database/notification-tables.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import type { Mailer } from '#server/operations/mailer.ts'
import type { NewId } from '#server/operations/new-id.ts'
import type { SmsSender } from '#server/sms/sms-sender.ts'

export type NotificationDeps = {
  readonly database: Database
  /** What comes into somebody's list is a document, and gets its place in the clinic's order of changes. */
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
  readonly mailer: Mailer
  /** The address mails come from: calendars take changes from it alone. */
  readonly mailFrom: string
  readonly sms: SmsSender
  /** An address of the app that people can open. */
  readonly linkTo: (path: string) => string
  /** Where the gateway reports what became of a text; undefined where nobody can reach this server. */
  readonly statusCallback?: ((notificationId: string) => string) | undefined
  /** Somebody's list in the app has something new. */
  readonly onShown: (userIds: readonly string[]) => void
  readonly random: () => number
}

/** The table speaks of transports, the rules of channels: what stands in the app travels by WebSocket. */
export const typeOfChannel = (channel: Channel): NotificationType => (channel === 'app' ? 'websocket' : channel)
export const channelOfType = (type: NotificationType): Channel => (type === 'websocket' ? 'app' : type)
