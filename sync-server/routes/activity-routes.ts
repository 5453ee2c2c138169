/** `GET /api/v1/activity`: the audit log for those who may look into it. */
import Type from 'typebox'
import {
  activityAnswerSchema,
  activityNewsAnswerSchema,
  activityNewsQuerySchema,
  activityQuerySchema,
  visitChangeAnswerSchema,
} from '#domain/api/activity-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging, Place } from '#server/http/paging.ts'
import { type ActivityDeps, countNews, listActivity } from '#server/operations/list-activity.ts'
import { showVisitChange } from '#server/operations/show-visit-change.ts'
import type { AuditPlace } from '#server/repositories/audit-log.ts'
import { APPOINTMENTS_PATH } from './appointment-routes.ts'

export const ACTIVITY_PATH = '/api/v1/activity'
const config = { permission: 'view-activity' } as const

export function registerActivityRoutes(app: App, deps: ActivityDeps & { readonly paging: Paging }): void {
  const schema = {
    tags: ['activity'],
    summary: 'Who did, saw or was refused what: the audit log, newest first, without what the records say',
    querystring: activityQuerySchema,
    response: { 200: activityAnswerSchema },
  }
  app.get(ACTIVITY_PATH, { config, schema }, async (request) => {
    const { limit: _, cursor: __, ...filters } = request.query
    const { limit, after, cursorOf } = deps.paging(request)
    const stretch = { limit, after: after && placeIn(after) }
    const answer = await listActivity(deps, await getSession(request).subject(), filters, stretch)
    if (!answer.ok) throw new ApiError(answer.reason, { field: answer.field })
    const { entries, last } = answer
    return { entries, nextCursor: cursorOf(last && [last.at, last.chain, last.seq]) }
  })
  registerNews(app, deps)
}

function registerNews(app: App, deps: ActivityDeps): void {
  const news = {
    tags: ['activity'],
    summary: 'How much was noted since an instant; nothing of what it says',
    querystring: activityNewsQuerySchema,
    response: { 200: activityNewsAnswerSchema },
  }
  app.get(`${ACTIVITY_PATH}/news`, { config, schema: news }, async (request) => {
    const answer = await countNews(deps, await getSession(request).subject(), request.query.since)
    if (!answer.ok) throw new ApiError(answer.reason)
    return { count: answer.count }
  })
  const change = {
    tags: ['activity'],
    summary: 'What one change of a visit did: the fields before and after',
    params: Type.Object(
      { id: idSchema<'Appointment'>(), revision: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) },
      { additionalProperties: false },
    ),
    response: { 200: visitChangeAnswerSchema },
  }
  app.get(`${APPOINTMENTS_PATH}/:id/revisions/:revision`, { config, schema: change }, async (request) => {
    const { id, revision } = request.params
    const answer = await showVisitChange(deps, await getSession(request).subject(), id, Number(revision))
    if (!answer.ok) throw new ApiError(answer.reason)
    return answer.change
  })
}

const placeIn = ([at, chain, seq]: Place): AuditPlace => ({
  at: Number(at),
  chain: String(chain),
  seq: Number(seq),
})
