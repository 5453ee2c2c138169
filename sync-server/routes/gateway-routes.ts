/**
 * `/api/v1/gateway/sms`: where the SMS gateway reports and passes answers on. Public, because a gateway has no account here: what is
 * not signed by it is refused before anything is read.
 */
import Type from 'typebox'
import type { Instant } from '#domain/time/instant.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { type ReplyDeps, takeReply, takeReport } from '#server/operations/notifications/answer-replies.ts'
import { toE164 } from '#server/phone/to-e164.ts'
import type { NotificationId } from '#server/repositories/notifications.ts'
import { isFromGateway, readReportToken, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '#server/sms/callback-rule.ts'

export const GATEWAY_PATH = '/api/v1/gateway/sms'
const FORM = 'application/x-www-form-urlencoded'
const MOST_BYTES = 16 * 1024
const config = { permission: 'public' } as const
const tags = ['gateway']

export type GatewayDeps = ReplyDeps & {
  readonly now: () => Instant
  /** The account's token at the gateway; empty where there is no gateway. */
  readonly token: string
  /** Of the addresses that reports are sent to. */
  readonly secretKey: string
  /** The origin the gateway calls. */
  readonly linkTo: (path: string) => string
  /** A message was answered or reported on. */
  readonly onChanged: () => void
}

const formSchema = Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 4_000 }))
type Form = Readonly<Record<string, string>>

/** In a scope of its own: forms are taken here and nowhere else. */
export async function registerGatewayRoutes(app: App, deps: GatewayDeps): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: MOST_BYTES }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body as string))),
    )
    const own = scope as unknown as App
    registerReports(own, deps)
    registerReplies(own, deps)
  })
}

function registerReports(app: App, deps: GatewayDeps): void {
  const schema = {
    tags,
    summary: 'The gateway tells what became of a text',
    params: Type.Object({ token: Type.String({ minLength: 1, maxLength: 120 }) }, { additionalProperties: false }),
    body: formSchema,
    response: { 204: Type.Null() },
  }
  app.post(`${GATEWAY_PATH}/receipts/:token`, { config, schema }, async (request, reply) => {
    const fields = request.body as Form
    insist(deps, request, fields)
    const notificationId = readReportToken(deps.secretKey, request.params.token, deps.now())
    if (notificationId === null) throw new ApiError('not-found')
    const report = {
      notificationId: notificationId as NotificationId,
      gatewayId: (fields.MessageSid ?? fields.SmsSid ?? '').slice(0, 64),
      state: stateOf(fields.MessageStatus ?? fields.SmsStatus ?? ''),
    }
    if (!(await takeReport(deps, report))) throw new ApiError('not-found')
    deps.onChanged()
    return reply.code(204).send(null)
  })
}

function stateOf(status: string): 'delivered' | 'failed' | 'under-way' {
  if (status === 'delivered' || status === 'read') return 'delivered'
  return status === 'failed' || status === 'undelivered' ? 'failed' : 'under-way'
}

/** Says nothing back: an answer that goes wrong must cost nobody another text. */
const NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

function registerReplies(app: App, deps: GatewayDeps): void {
  const schema = {
    tags,
    summary: 'The gateway passes on what somebody has written back',
    body: formSchema,
    response: { 200: { content: { 'text/xml': { schema: Type.String() } } } },
  }
  app.post(`${GATEWAY_PATH}/replies`, { config, schema }, async (request, reply) => {
    const fields = request.body as Form
    insist(deps, request, fields)
    const from = toE164(fields.From ?? '', 'ZZ')
    const id = fields.MessageSid ?? fields.SmsSid ?? ''
    if (from === null) throw new ApiError('invalid-field', { field: 'From' })
    if (!/^[\x21-\x7e]{1,64}$/.test(id)) throw new ApiError('invalid-field', { field: 'MessageSid' })
    await takeReply(deps, { id, from, body: fields.Body ?? '' })
    deps.onChanged()
    return reply.type('text/xml').send(NO_ANSWER)
  })
}

type Asked = { readonly url: string; readonly headers: Readonly<Record<string, string | string[] | undefined>> }

function insist({ token, linkTo, now }: GatewayDeps, { url, headers }: Asked, fields: Form): void {
  const [signature, timestamp] = [headers[SIGNATURE_HEADER], headers[TIMESTAMP_HEADER]]
  const call = {
    url: linkTo(url),
    fields,
    signature: typeof signature === 'string' ? signature : '',
    timestamp: typeof timestamp === 'string' ? timestamp : undefined,
  }
  // What cannot be told from a stranger's call is told nothing.
  if (!isFromGateway(call, token, now())) throw new ApiError('not-found')
}
