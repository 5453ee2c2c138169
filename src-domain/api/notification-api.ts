/** What the REST API takes and gives about messages to people. */
import Type from 'typebox'
import { MESSAGE_LANGUAGES } from '#domain/clinic/policies.ts'
import { idSchema } from '#domain/ids.ts'
import { DELIVERY_STATUSES } from '#domain/message/delivery.ts'
import { CHANNELS, MESSAGE_KINDS } from '#domain/message/message-kinds.ts'
import { reminderRuleSchema } from '#domain/message/reminder-rules.ts'
import { instantSchema, nullable, oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const

/** One entry of somebody's own list; the same over REST and over the stream. */
export const notificationSchema = Type.Object(
  {
    id: idSchema<'Notification'>(),
    kind: oneOf(MESSAGE_KINDS),
    subject: Type.String(),
    message: Type.String(),
    /** The visit it is about, where it is about one. */
    appointmentId: nullable(idSchema<'Appointment'>()),
    createdAt: instantSchema(),
    readAt: nullable(instantSchema()),
  },
  strict,
)
export type NotificationView = Type.Static<typeof notificationSchema>
export const notificationListQuerySchema = listQueryOf({ unread: Type.Optional(Type.Boolean()) })
export const notificationListAnswerSchema = Type.Object(
  {
    notifications: Type.Array(notificationSchema),
    /** Of the whole list, not of this page. */
    unreadCount: Type.Integer(),
    nextCursor: nullable(Type.String()),
  },
  strict,
)
/** `POST /api/v1/notifications/read`: some of the own ones, or without `ids` all of them. */
export const readNotificationsBodySchema = Type.Object(
  { ids: Type.Optional(Type.Array(idSchema<'Notification'>(), { minItems: 1, maxItems: 200 })) },
  strict,
)
export const readNotificationsAnswerSchema = Type.Object({ unreadCount: Type.Integer() }, strict)

/** Which channels somebody wants, and in which language; an empty language is the clinic's. */
export const preferenceSchema = Type.Object(
  {
    email: Type.Boolean(),
    sms: Type.Boolean(),
    app: Type.Boolean(),
    reminders: Type.Boolean(),
    language: oneOf(['', ...MESSAGE_LANGUAGES]),
  },
  strict,
)
export type Preference = Type.Static<typeof preferenceSchema>
export const preferenceAnswerSchema = Type.Object({ preferences: preferenceSchema }, strict)

/** A message as the clinic sees it: where it went and what became of it. */
export const messageSchema = Type.Object(
  {
    id: idSchema<'Notification'>(),
    type: oneOf(['email', 'sms', 'websocket']),
    kind: oneOf(MESSAGE_KINDS),
    patientId: nullable(idSchema<'Patient'>()),
    userId: nullable(idSchema<'User'>()),
    appointmentId: nullable(idSchema<'Appointment'>()),
    recipient: Type.String(),
    subject: Type.String(),
    message: Type.String(),
    status: oneOf(DELIVERY_STATUSES),
    /** Why it was left out or failed, in one word; empty otherwise. */
    reason: Type.String(),
    /** The message that told this one's news too. */
    mergedInto: nullable(idSchema<'Notification'>()),
    attempts: Type.Integer(),
    nextAttemptAt: nullable(instantSchema()),
    createdAt: instantSchema(),
    sentAt: nullable(instantSchema()),
    deliveredAt: nullable(instantSchema()),
  },
  strict,
)
export type MessageView = Type.Static<typeof messageSchema>
export const messageListQuerySchema = listQueryOf({
  status: Type.Optional(oneOf(DELIVERY_STATUSES)),
  type: Type.Optional(oneOf(['email', 'sms', 'websocket'])),
  appointmentId: Type.Optional(idSchema<'Appointment'>()),
})
export const messageListAnswerSchema = pageOf('messages', messageSchema)
export const messageAnswerSchema = Type.Object({ message: messageSchema }, strict)

const wordsParts = { subject: textSchema(150), body: Type.String({ minLength: 1, maxLength: 5000 }) }
export const templateParamsSchema = Type.Object(
  { kind: oneOf(MESSAGE_KINDS), channel: oneOf(CHANNELS), language: oneOf(MESSAGE_LANGUAGES) },
  strict,
)
export type TemplateParams = Type.Static<typeof templateParamsSchema>
export const templateBodySchema = Type.Object(wordsParts, strict)
export const templateViewSchema = Type.Object(
  {
    ...templateParamsSchema.properties,
    subject: Type.String(),
    body: Type.String(),
    /** False while the product's own words stand. */
    isOwn: Type.Boolean(),
    revision: revisionSchema(),
    /** What may stand in double braces. */
    variables: Type.Array(Type.String()),
  },
  strict,
)
export type TemplateView = Type.Static<typeof templateViewSchema>
export const templateListAnswerSchema = Type.Object({ templates: Type.Array(templateViewSchema) }, strict)
export const templateAnswerSchema = Type.Object({ template: templateViewSchema }, strict)
export const templatePreviewSchema = Type.Object(
  {
    subject: Type.String(),
    body: Type.String(),
    /** Of an e-mail; empty on other channels. */
    html: Type.String(),
    /** How many texts an SMS costs; 0 on other channels. */
    segments: Type.Integer(),
    problems: Type.Array(
      Type.Object({ field: oneOf(['subject', 'body']), rule: Type.String(), variable: Type.String() }, strict),
    ),
  },
  strict,
)
export type TemplatePreview = Type.Static<typeof templatePreviewSchema>

const { id: _, kind: __, ...ruleParts } = reminderRuleSchema.properties
const nameSchema = Type.String({ minLength: 1, maxLength: 120 })
export const reminderRuleBodySchema = Type.Object({ name: nameSchema, ...ruleParts }, strict)
export type ReminderRuleBody = Type.Static<typeof reminderRuleBodySchema>
export const reminderRuleEditSchema = Type.Partial(Type.Object({ name: nameSchema, ...ruleParts }), strict)
export type ReminderRuleEdit = Type.Static<typeof reminderRuleEditSchema>
export const reminderRuleViewSchema = Type.Object(
  { id: idSchema<'ReminderRule'>(), name: nameSchema, ...ruleParts, revision: revisionSchema() },
  strict,
)
export type ReminderRuleView = Type.Static<typeof reminderRuleViewSchema>
export const reminderRuleAnswerSchema = Type.Object({ rule: reminderRuleViewSchema }, strict)
export const reminderRuleListAnswerSchema = Type.Object({ rules: Type.Array(reminderRuleViewSchema) }, strict)
/** `POST /api/v1/reminder-rules/dry-run`: what a rule would send for the visits ahead, without sending it. */
export const dryRunAnswerSchema = Type.Object(
  {
    /** Visits ahead that were looked at, of whatever type; imported ones and demo data are left out. */
    visitCount: Type.Integer(),
    reminderCount: Type.Integer(),
    /** Of those, reminders that reach nobody: no address on this channel, or switched off. */
    unreachableCount: Type.Integer(),
    /** The first of them, earliest first. */
    reminders: Type.Array(
      Type.Object(
        {
          appointmentId: idSchema<'Appointment'>(),
          start: instantSchema(),
          dueAt: instantSchema(),
          isReachable: Type.Boolean(),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type DryRun = Type.Static<typeof dryRunAnswerSchema>

/** An answer by SMS that a person is to look at. */
export const replySchema = Type.Object(
  {
    id: Type.String(),
    number: Type.String(),
    body: Type.String(),
    result: Type.String(),
    notificationId: nullable(idSchema<'Notification'>()),
    receivedAt: instantSchema(),
  },
  strict,
)
export type ReplyView = Type.Static<typeof replySchema>
export const replyListAnswerSchema = Type.Object({ replies: Type.Array(replySchema) }, strict)

/** A message between services that none could act on. */
export const parkedMessageSchema = Type.Object(
  {
    id: idSchema<'ParkedMessage'>(),
    consumer: Type.String(),
    eventId: nullable(Type.String()),
    type: nullable(Type.String()),
    reason: Type.String(),
    attempts: Type.Integer(),
    status: oneOf(['waiting', 'parked']),
    nextAt: nullable(instantSchema()),
    createdAt: instantSchema(),
  },
  strict,
)
export type ParkedMessageView = Type.Static<typeof parkedMessageSchema>
export const parkedListQuerySchema = listQueryOf({})
export const parkedListAnswerSchema = pageOf('messages', parkedMessageSchema)
