/** `/api/v1/gateway/mail/bounces`: where the clinic's mail server passes on what came back. Public by signature alone. */
import Type from 'typebox'
import { parseBounce } from '#domain/message/bounce.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import { isFromMailServer } from '#server/mail/bounce-rule.ts'
import { type ReplyDeps, takeReport } from '#server/operations/notifications/answer-replies.ts'
import type { NotificationId } from '#server/repositories/notifications.ts'

export const BOUNCE_PATH = '/api/v1/gateway/mail/bounces'
export const BOUNCE_TYPE = 'message/rfc822'
/** A bounce may carry the whole mail it is about, calendar included. */
const MOST_BYTES = 256 * 1024

export type BounceDeps = Pick<ReplyDeps, 'database' | 'now'> & {
  readonly secretKey: string
  /** A message was reported on. */
  readonly onChanged: () => void
}

/** In a scope of its own: mails are taken here and nowhere else. */
export async function registerBounceRoutes(app: App, deps: BounceDeps): Promise<void> {
  const schema = {
    tags: ['gateway'],
    summary: 'The mail server passes on a delivery status notification (RFC 3464)',
    consumes: [BOUNCE_TYPE],
    body: Type.String(),
    response: { 204: Type.Null() },
  }
  await app.register(async (scope) => {
    scope.addContentTypeParser(BOUNCE_TYPE, { parseAs: 'string', bodyLimit: MOST_BYTES }, (_, body, done) =>
      done(null, body),
    )
    const own = scope as unknown as App
    own.post(BOUNCE_PATH, { config: { permission: 'public' }, schema }, async ({ headers, body }, reply) => {
      const text = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '')
      const bounce = {
        id: text('webhook-id'),
        timestamp: text('webhook-timestamp'),
        signature: text('webhook-signature'),
        body,
      }
      // What cannot be told from a stranger's call is told nothing.
      if (!isFromMailServer(bounce, deps.secretKey, deps.now())) throw new ApiError('not-found')
      await note(deps, body)
      return reply.code(204).send(null)
    })
  })
}

/** Whatever else a mailbox gets, people's answers too, is not ours to read. */
async function note(deps: BounceDeps, body: string): Promise<void> {
  const report = parseBounce(body)
  for (const id of report?.messageIds ?? []) {
    const isKnown = await takeReport(deps, {
      notificationId: id as NotificationId,
      gatewayId: null,
      state: report?.state ?? 'under-way',
    })
    if (isKnown) deps.onChanged()
  }
}
