/** `GET /api/v1/activity`: the audit log for those who may look into it. */
import { activityAnswerSchema, activityQuerySchema } from '#domain/api/activity-api.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging, Place } from '#server/http/paging.ts'
import { type ActivityDeps, listActivity } from '#server/operations/list-activity.ts'
import type { AuditPlace } from '#server/repositories/audit-log.ts'

export const ACTIVITY_PATH = '/api/v1/activity'

export function registerActivityRoutes(app: App, deps: ActivityDeps & { readonly paging: Paging }): void {
  const schema = {
    tags: ['activity'],
    summary: 'Who did, saw or was refused what: the audit log, newest first, without what the records say',
    querystring: activityQuerySchema,
    response: { 200: activityAnswerSchema },
  }
  app.get(ACTIVITY_PATH, { config: { permission: 'view-activity' }, schema }, async (request) => {
    const { limit: _, cursor: __, ...filters } = request.query
    const { limit, after, cursorOf } = deps.paging(request)
    const stretch = { limit, after: after && placeIn(after) }
    const answer = await listActivity(deps, await getSession(request).subject(), filters, stretch)
    if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
    const { entries, last } = answer
    return { entries, nextCursor: cursorOf(last && [last.at, last.chain, last.seq]) }
  })
}

const placeIn = ([at, chain, seq]: Place): AuditPlace => ({
  at: Number(at),
  chain: String(chain),
  seq: Number(seq),
})
