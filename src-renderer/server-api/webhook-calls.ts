/** The calls about web hooks: who is told of what happens, with which secret, and what came of it. */
import {
  type CreateWebhookBody,
  deliveryAnswerSchema,
  deliveryListAnswerSchema,
  type EditWebhookBody,
  type Webhook,
  type WebhookDelivery,
  webhookAnswerSchema,
  webhookListAnswerSchema,
  webhookSecretAnswerSchema,
} from '#domain/api/webhook-api.ts'
import { askWith, nothingSchema, sawRevision } from './asking.ts'
import type { ServerApi } from './server-api.ts'

export type WebhookCalls = ReturnType<typeof createWebhookCalls>

type Hook = Pick<Webhook, 'id' | 'revision'>

export function createWebhookCalls(api: Pick<ServerApi, 'call'>) {
  const ask = askWith(api)
  const at = ({ id }: Pick<Webhook, 'id'>, more = ''): string => `/webhooks/${id}${more}`
  return {
    list: () => ask({ method: 'GET', path: '/webhooks', schema: webhookListAnswerSchema }),
    /** Answers the secret, this once. */
    create: (body: CreateWebhookBody) =>
      ask({ method: 'POST', path: '/webhooks', body, schema: webhookSecretAnswerSchema }),
    edit: (hook: Hook, body: EditWebhookBody) =>
      ask({ method: 'PATCH', path: at(hook), body, headers: sawRevision(hook.revision), schema: webhookAnswerSchema }),
    remove: (hook: Hook) =>
      ask({ method: 'DELETE', path: at(hook), headers: sawRevision(hook.revision), schema: nothingSchema }),
    /** The old secret signs beside the new one for a day. */
    rotate: (hook: Hook) =>
      ask({
        method: 'POST',
        path: at(hook, '/rotate-secret'),
        headers: sawRevision(hook.revision),
        schema: webhookSecretAnswerSchema,
      }),
    deliveries: (hook: Pick<Webhook, 'id'>) =>
      ask({ method: 'GET', path: at(hook, '/deliveries?limit=20'), schema: deliveryListAnswerSchema }),
    resend: (hook: Pick<Webhook, 'id'>, { id }: Pick<WebhookDelivery, 'id'>) =>
      ask({ method: 'POST', path: at(hook, `/deliveries/${id}/resend`), schema: deliveryAnswerSchema }),
  }
}
