/** What the REST API takes and gives under `/api/v1/webhooks`. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import { instantSchema, nullable, oneOf, revisionSchema, textSchema } from '#domain/schema-parts.ts'
import { WEBHOOK_EVENTS } from '#domain/webhook/webhook-events.ts'
import { listQueryOf, pageOf } from './page-api.ts'

const strict = { additionalProperties: false } as const

const urlSchema = () => Type.String({ minLength: 10, maxLength: 2000, pattern: '^https?://' })
const eventTypesSchema = () =>
  Type.Array(oneOf(WEBHOOK_EVENTS), { minItems: 1, maxItems: WEBHOOK_EVENTS.length, uniqueItems: true })

/** `POST /api/v1/webhooks`. */
export const createWebhookBodySchema = Type.Object(
  { url: urlSchema(), eventTypes: eventTypesSchema(), description: Type.Optional(textSchema(200)) },
  strict,
)
export type CreateWebhookBody = Type.Static<typeof createWebhookBodySchema>

/** `PATCH /api/v1/webhooks/{id}`: what is absent stays. Switched on again, it goes on where it stopped. */
export const editWebhookBodySchema = Type.Object(
  {
    url: Type.Optional(urlSchema()),
    eventTypes: Type.Optional(eventTypesSchema()),
    description: Type.Optional(textSchema(200)),
    isActive: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type EditWebhookBody = Type.Static<typeof editWebhookBodySchema>

export const webhookSchema = Type.Object(
  {
    id: idSchema<'Webhook'>(),
    url: Type.String(),
    description: Type.String(),
    eventTypes: Type.Array(Type.String()),
    isActive: Type.Boolean(),
    /** `gone` when the receiver answered 410 and was switched off for it, else empty. */
    disabledReason: Type.String(),
    createdAt: instantSchema(),
    updatedAt: instantSchema(),
    revision: revisionSchema(),
  },
  strict,
)
export type Webhook = Type.Static<typeof webhookSchema>

export const webhookAnswerSchema = Type.Object({ webhook: webhookSchema }, strict)
/** The secret is answered once, here; afterwards it can be replaced, never read. */
export const webhookSecretAnswerSchema = Type.Object({ webhook: webhookSchema, secret: Type.String() }, strict)
export const webhookListAnswerSchema = Type.Object({ webhooks: Type.Array(webhookSchema) }, strict)

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed'] as const
export const deliverySchema = Type.Object(
  {
    id: idSchema<'WebhookDelivery'>(),
    /** The header `webhook-id`: the same for every try and every resend. */
    eventId: Type.String(),
    eventType: Type.String(),
    status: oneOf(DELIVERY_STATUSES),
    attempts: Type.Integer(),
    nextAttemptAt: nullable(instantSchema()),
    /** The receiver's last HTTP status; null when there was no answer. */
    lastStatus: nullable(Type.Integer()),
    /** Why the last try failed, in one word; empty when it did not. */
    lastError: Type.String(),
    createdAt: instantSchema(),
    deliveredAt: nullable(instantSchema()),
  },
  strict,
)
export type WebhookDelivery = Type.Static<typeof deliverySchema>
export const deliveryListQuerySchema = listQueryOf({ status: Type.Optional(oneOf(DELIVERY_STATUSES)) })
export const deliveryListAnswerSchema = pageOf('deliveries', deliverySchema)
export const deliveryAnswerSchema = Type.Object({ delivery: deliverySchema }, strict)
