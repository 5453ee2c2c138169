/** The calls about messages to people: one's own wishes, and what the clinic says and has said. */
import Type, { type Static, type TSchema } from 'typebox'
import {
  activityAnswerSchema,
  type activityFilters,
  activityNewsAnswerSchema,
  visitChangeAnswerSchema,
} from '#domain/api/activity-api.ts'
import { monitorAnswerSchema } from '#domain/api/monitor-api.ts'
import {
  dryRunAnswerSchema,
  messageAnswerSchema,
  messageListAnswerSchema,
  type Preference,
  parkedListAnswerSchema,
  preferenceAnswerSchema,
  type ReminderRuleBody,
  type ReminderRuleEdit,
  type ReminderRuleView,
  reminderRuleAnswerSchema,
  reminderRuleListAnswerSchema,
  replyListAnswerSchema,
  type TemplateParams,
  templateAnswerSchema,
  templateListAnswerSchema,
  templatePreviewSchema,
} from '#domain/api/notification-api.ts'
import type { Template } from '#domain/message/template.ts'
import type { ApiResult, Call } from './api-call.ts'
import type { ServerApi } from './server-api.ts'

type Page = { readonly limit?: string; readonly cursor?: string }
export type ActivityQuery = Page & { readonly [Name in keyof typeof activityFilters]?: string }
export type MessageQuery = Page & { readonly status?: string; readonly type?: string }

/** The calls about the own wishes, and those of the clinic's administration; the server judges who may make them. */
export type MessageApi = ReturnType<typeof createMessageApi>

export function createMessageApi({ call }: Pick<ServerApi, 'call'>) {
  const ask = <Schema extends TSchema>(
    request: Pick<Call<unknown>, 'method' | 'path' | 'body' | 'headers'> & { readonly schema: Schema },
  ): Promise<ApiResult<Static<Schema>>> => call({ ...request, pick: (answer) => answer as Static<Schema> })
  const get = <Schema extends TSchema>(path: string, schema: Schema) => ask({ method: 'GET', path, schema })
  const act = (method: 'POST' | 'DELETE', path: string) =>
    ask({ method, path, schema: nothingSchema, ...(method === 'POST' && { body: {} }) })
  const preferences = '/me/notification-preferences'
  return {
    preferences: () => get(preferences, preferenceAnswerSchema),
    setPreferences: (body: Preference) =>
      ask({ method: 'PUT', path: preferences, body, schema: preferenceAnswerSchema }),
    /** How the system is now. */
    monitor: () => get('/monitor', monitorAnswerSchema),
    listActivity: (filters: ActivityQuery) => get(`/activity${query(filters)}`, activityAnswerSchema),
    /** How much was noted since; nothing of what it says. */
    activityNews: (since: number) => get(`/activity/news?since=${since}`, activityNewsAnswerSchema),
    /** What one change of a visit did. */
    visitChange: (id: string, revision: number) =>
      get(`/appointments/${id}/revisions/${revision}`, visitChangeAnswerSchema),
    listMessages: (filters: MessageQuery) => get(`/messages${query(filters)}`, messageListAnswerSchema),
    resendMessage: (id: string) => ask({ method: 'POST', path: `/messages/${id}/resend`, schema: messageAnswerSchema }),
    listParked: (page: Page) => get(`/parked-messages${query(page)}`, parkedListAnswerSchema),
    replayParked: (id: string) => act('POST', `/parked-messages/${id}/replay`),
    dropParked: (id: string) => act('DELETE', `/parked-messages/${id}`),
    listReplies: () => get('/message-replies', replyListAnswerSchema),
    settleReply: (id: string) => act('POST', `/message-replies/${encodeURIComponent(id)}/settle`),
    ...ruleCalls(ask),
    ...templateCalls(ask),
  }
}

type Ask = <Schema extends TSchema>(
  request: Pick<Call<unknown>, 'method' | 'path' | 'body' | 'headers'> & { readonly schema: Schema },
) => Promise<ApiResult<Static<Schema>>>

const nothingSchema = Type.Unknown()

function ruleCalls(ask: Ask) {
  const path = '/reminder-rules'
  return {
    listRules: () => ask({ method: 'GET', path, schema: reminderRuleListAnswerSchema }),
    addRule: (body: ReminderRuleBody) => ask({ method: 'POST', path, body, schema: reminderRuleAnswerSchema }),
    /** @param seen as it was read: whoever changed it meanwhile is not overwritten */
    editRule: ({ id, revision }: Pick<ReminderRuleView, 'id' | 'revision'>, body: ReminderRuleEdit) =>
      ask({
        method: 'PATCH',
        path: `${path}/${id}`,
        body,
        headers: { 'if-match': `"${revision}"` },
        schema: reminderRuleAnswerSchema,
      }),
    removeRule: (id: string) => ask({ method: 'DELETE', path: `${path}/${id}`, schema: nothingSchema }),
    /** What a rule would send; nothing is sent or kept. */
    tryRule: (body: ReminderRuleBody) =>
      ask({ method: 'POST', path: `${path}/dry-run`, body, schema: dryRunAnswerSchema }),
  }
}

function templateCalls(ask: Ask) {
  const path = '/message-templates'
  const pathOf = ({ kind, channel, language }: TemplateParams) => `${path}/${kind}/${channel}/${language}`
  return {
    listTemplates: () => ask({ method: 'GET', path, schema: templateListAnswerSchema }),
    putTemplate: (which: TemplateParams, body: Template) =>
      ask({ method: 'PUT', path: pathOf(which), body, schema: templateAnswerSchema }),
    previewTemplate: (which: TemplateParams, body: Template) =>
      ask({ method: 'POST', path: `${pathOf(which)}/preview`, body, schema: templatePreviewSchema }),
    resetTemplate: (which: TemplateParams) => ask({ method: 'DELETE', path: pathOf(which), schema: nothingSchema }),
  }
}

const query = (values: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
