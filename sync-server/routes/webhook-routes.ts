/** `/api/v1/webhooks`: where a clinic's events go, and what became of them. */
import Type from 'typebox'
import {
  createWebhookBodySchema,
  deliveryAnswerSchema,
  deliveryListAnswerSchema,
  deliveryListQuerySchema,
  editWebhookBodySchema,
  webhookAnswerSchema,
  webhookListAnswerSchema,
  webhookSecretAnswerSchema,
} from '#domain/api/webhook-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import { wasSeen } from '#server/operations/seen-revision.ts'
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  findWebhook,
  listWebhooks,
  rotateWebhookSecret,
  type WebhookAnswer,
} from '#server/operations/webhooks/manage-webhooks.ts'
import type { WebhookDeps } from '#server/operations/webhooks/webhook-deps.ts'
import { listDeliveries, resendDelivery } from '#server/operations/webhooks/webhook-history.ts'

const PATH = '/api/v1/webhooks'
const tags = ['webhooks']
const config = { permission: 'manage-webhooks' } as const
const params = Type.Object({ id: idSchema<'Webhook'>() }, { additionalProperties: false })

type Deps = WebhookDeps & { readonly paging: Paging }

export function registerWebhookRoutes(app: App, deps: Deps): void {
  registerList(app, deps)
  registerOne(app, deps)
  registerDeliveries(app, deps)
}

function accepted<Value>(answer: WebhookAnswer<Value>): Value {
  if (answer.ok) return answer.value
  throw new ApiError(answer.reason, answer.reason === 'address-not-allowed' ? { field: 'url' } : {})
}

function registerList(app: App, deps: Deps): void {
  app.get(
    PATH,
    { config, schema: { tags, summary: "The clinic's webhooks", response: { 200: webhookListAnswerSchema } } },
    async (request) => ({ webhooks: await listWebhooks(deps, await getSession(request).subject()) }),
  )
  const create = {
    tags,
    summary: 'Have events sent to an address; the secret that signs them is shown once',
    body: createWebhookBodySchema,
    response: { 201: webhookSecretAnswerSchema },
  }
  app.post(PATH, { config, schema: create }, async (request, reply) => {
    const made = accepted(await createWebhook(deps, await getSession(request).subject(), request.body))
    return reply.code(201).send(tag(reply, made.webhook.revision, made))
  })
}

function registerOne(app: App, deps: Deps): void {
  const one = { tags, summary: 'One webhook', params, response: { 200: webhookAnswerSchema } }
  app.get(`${PATH}/:id`, { config, schema: one }, async (request, reply) => {
    const webhook = await findWebhook(deps, await getSession(request).subject(), request.params.id)
    if (!webhook) throw new ApiError('not-found')
    return tag(reply, webhook.revision, { webhook })
  })
  const edit = {
    tags,
    summary: 'Change address, events or description, or switch it off and on; needs If-Match',
    params,
    body: editWebhookBodySchema,
    response: { 200: webhookAnswerSchema },
  }
  app.patch(`${PATH}/:id`, { config, schema: edit }, async (request, reply) => {
    const { params, body } = request
    const seen = seenRevision(request)
    const subject = await getSession(request).subject()
    const webhook = accepted(await editWebhook(deps, subject, params.id, (now) => wasSeen(seen, now), body))
    return tag(reply, webhook.revision, { webhook })
  })
  const remove = { tags, summary: 'Remove it, and what waits for it', params, response: { 204: Type.Null() } }
  app.delete(`${PATH}/:id`, { config, schema: remove }, async (request, reply) => {
    const isDeleted = await deleteWebhook(deps, await getSession(request).subject(), request.params.id)
    if (!isDeleted) throw new ApiError('not-found')
    return reply.code(204).send(null)
  })
  const rotate = {
    tags,
    summary: 'A new secret, shown once; for a day the old one signs too',
    params,
    response: { 200: webhookSecretAnswerSchema },
  }
  app.post(`${PATH}/:id/rotate-secret`, { config, schema: rotate }, async (request) =>
    accepted(await rotateWebhookSecret(deps, await getSession(request).subject(), request.params.id)),
  )
}

function registerDeliveries(app: App, deps: Deps): void {
  const list = {
    tags,
    summary: 'What was sent, waits or failed, newest first',
    params,
    querystring: deliveryListQuerySchema,
    response: { 200: deliveryListAnswerSchema },
  }
  app.get(`${PATH}/:id/deliveries`, { config, schema: list }, async (request) => {
    const page = deps.paging(request)
    const query = { limit: page.limit, status: request.query.status, before: page.after?.[0] as string | undefined }
    const found = await listDeliveries(deps, await getSession(request).subject(), request.params.id, query)
    if (!found) throw new ApiError('not-found')
    const last = found.hasMore ? found.deliveries.at(-1) : undefined
    return { deliveries: found.deliveries, nextCursor: page.cursorOf(last ? [last.id] : null) }
  })
  const both = Type.Object(
    { id: idSchema<'Webhook'>(), deliveryId: idSchema<'WebhookDelivery'>() },
    { additionalProperties: false },
  )
  const resend = {
    tags,
    summary: 'Send a delivery again, as the same message',
    params: both,
    response: { 200: deliveryAnswerSchema },
  }
  app.post(`${PATH}/:id/deliveries/:deliveryId/resend`, { config, schema: resend }, async (request) => {
    const { id: webhookId, deliveryId: id } = request.params
    const delivery = await resendDelivery(deps, await getSession(request).subject(), { webhookId, id })
    if (!delivery) throw new ApiError('not-found')
    return { delivery }
  })
}
