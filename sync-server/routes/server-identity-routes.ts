/** `/api/v1/server-identity`: asked before anybody signs in, to compare six words and two clocks. */
import { identityAnswerSchema, identityQuerySchema } from '#domain/api/server-identity-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { App } from '#server/http/app.ts'
import type { ServerIdentity } from '#server/operations/server-identity.ts'

type IdentityDeps = { readonly identity: ServerIdentity; readonly now: () => Instant }

/** Public: the key is no secret, and the time is everybody's. */
export function registerServerIdentityRoutes(app: App, { identity, now }: IdentityDeps): void {
  const schema = {
    tags: ['setup'],
    summary: 'Prove which server this is, and tell its time',
    querystring: identityQuerySchema,
    response: { 200: identityAnswerSchema },
  }
  app.get('/api/v1/server-identity', { config: { permission: 'public' }, schema }, async ({ query }) =>
    identity.prove(query.challenge, now()),
  )
}
