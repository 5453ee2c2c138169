/** Notes every refusal of a signed-in request before its answer leaves; where it cannot be noted, nobody is answered. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Session } from '#server/operations/session.ts'

/**
 * Statuses by which operations refuse: lacking rights, nothing there that may be seen, a lost race, a rule. What could not be
 * read (400, 413, 415), came too often (429) or came from nobody (401) reached no record, and is in the log.
 */
const REFUSALS: ReadonlySet<number> = new Set([403, 404, 409, 410, 412, 422])

export type NoteRefusal = (
  session: Session,
  refusal: { attempted: string; code: string; ids: readonly unknown[] },
) => Promise<void>

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the error this request is answered with. */
    refusalCode: string | null
  }
}

export function addRefusalAudit(app: FastifyInstance, note: NoteRefusal): void {
  app.decorateRequest('refusalCode', null)
  app.addHook('onSend', async (request, reply) => {
    if (request.session && REFUSALS.has(reply.statusCode)) await note(request.session, refusalOf(request))
  })
}

function refusalOf(request: FastifyRequest) {
  const { method, params, refusalCode, routeOptions } = request
  return {
    attempted: `${method} ${routeOptions.url ?? ''}`,
    code: refusalCode ?? '',
    ids: Object.values((params as object | null) ?? {}),
  }
}
