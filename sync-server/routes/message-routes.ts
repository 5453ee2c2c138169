/** What a clinic says and has said: messages, templates, reminder rules, answers, and what could not be acted on. */
import Type from 'typebox'
import {
  dryRunAnswerSchema,
  messageAnswerSchema,
  messageListAnswerSchema,
  messageListQuerySchema,
  parkedListAnswerSchema,
  parkedListQuerySchema,
  reminderRuleAnswerSchema,
  reminderRuleBodySchema,
  reminderRuleEditSchema,
  reminderRuleListAnswerSchema,
  replyListAnswerSchema,
  templateAnswerSchema,
  templateBodySchema,
  templateListAnswerSchema,
  templateParamsSchema,
  templatePreviewSchema,
} from '#domain/api/notification-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import { dropParked, type ParkedDeps, replayParked, showParked } from '#server/operations/events/parked-messages.ts'
import { listReplies, settleReply } from '#server/operations/notifications/answer-replies.ts'
import { listMessages, resendMessage } from '#server/operations/notifications/manage-messages.ts'
import {
  addReminderRule,
  editReminderRule,
  type RuleDeps,
  removeReminderRule,
  showReminderRules,
  tryReminderRule,
} from '#server/operations/notifications/manage-reminder-rules.ts'
import {
  previewTemplate,
  putTemplate,
  resetTemplate,
  showTemplates,
} from '#server/operations/notifications/manage-templates.ts'

const tags = ['messages']
const strict = { additionalProperties: false } as const
const watch = { permission: 'view-activity' } as const
const manage = { permission: 'manage-clinic' } as const
const desk = { permission: 'view-patients' } as const

type Deps = RuleDeps & ParkedDeps & { readonly paging: Paging }

export function registerMessageRoutes(app: App, deps: Deps): void {
  registerMessages(app, deps)
  registerTemplates(app, deps)
  registerRules(app, deps)
  registerReplies(app, deps)
  registerParked(app, deps)
}

function registerMessages(app: App, deps: Deps): void {
  const list = {
    tags,
    summary: 'Messages to people, newest first: sent, waiting, failed or left out, and why',
    querystring: messageListQuerySchema,
    response: { 200: messageListAnswerSchema },
  }
  app.get('/api/v1/messages', { config: watch, schema: list }, async (request) => {
    const { limit, after, cursorOf } = deps.paging(request)
    const { status, type, appointmentId } = request.query
    const filter = { status, type, appointmentId, before: after?.[0] as string | undefined, limit }
    const found = await listMessages(deps, await getSession(request).subject(), filter)
    if (!found) throw new ApiError('not-allowed')
    return { messages: found.messages, nextCursor: cursorOf(found.last === null ? null : [found.last]) }
  })
  const params = Type.Object({ id: idSchema<'Notification'>() }, strict)
  const resend = {
    tags,
    summary: 'Begin the tries of a message anew that was given up',
    params,
    response: { 200: messageAnswerSchema },
  }
  app.post('/api/v1/messages/:id/resend', { config: watch, schema: resend }, async (request) => {
    const message = await resendMessage(deps, await getSession(request).subject(), request.params.id)
    if (!message) throw new ApiError('not-found')
    return { message }
  })
}

function registerTemplates(app: App, deps: Deps): void {
  const path = '/api/v1/message-templates'
  const one = `${path}/:kind/:channel/:language`
  const list = { tags, summary: 'The words of every message', response: { 200: templateListAnswerSchema } }
  app.get(path, { config: manage, schema: list }, async (request) => ({
    templates: await showTemplates(deps, await getSession(request).subject()),
  }))
  const put = {
    tags,
    summary: 'Say it in the clinic’s own words',
    params: templateParamsSchema,
    body: templateBodySchema,
    response: { 200: templateAnswerSchema },
  }
  app.put(one, { config: manage, schema: put }, async (request) => {
    const answer = await putTemplate(deps, await getSession(request).subject(), request.params, request.body)
    if (answer.ok) return { template: answer.template }
    const about = answer.variable === '' ? '' : ` {{${answer.variable}}}`
    throw new ApiError('invalid-field', {
      field: answer.field,
      message: `"${answer.field}" breaks the rule ${answer.rule}${about}.`,
    })
  })
  const preview = {
    ...put,
    summary: 'See how words would look, and what is wrong with them',
    response: { 200: templatePreviewSchema },
  }
  app.post(`${one}/preview`, { config: manage, schema: preview }, async (request) =>
    previewTemplate(deps, await getSession(request).subject(), request.params, request.body),
  )
  const reset = {
    tags,
    summary: 'Go back to the product’s words',
    params: templateParamsSchema,
    response: { 204: Type.Null() },
  }
  app.delete(one, { config: manage, schema: reset }, async (request, reply) => {
    await resetTemplate(deps, await getSession(request).subject(), request.params)
    return reply.code(204).send(null)
  })
}

function registerRules(app: App, deps: Deps): void {
  const path = '/api/v1/reminder-rules'
  const params = Type.Object({ id: idSchema<'ReminderRule'>() }, strict)
  const list = { tags, summary: 'Which reminders are sent', response: { 200: reminderRuleListAnswerSchema } }
  app.get(path, { config: manage, schema: list }, async (request) => ({
    rules: await showReminderRules(deps, await getSession(request).subject()),
  }))
  const add = {
    tags,
    summary: 'Send another reminder',
    body: reminderRuleBodySchema,
    response: { 201: reminderRuleAnswerSchema },
  }
  app.post(path, { config: manage, schema: add }, async (request, reply) => {
    const rule = await addReminderRule(deps, await getSession(request).subject(), request.body)
    return reply.code(201).send(tag(reply, rule.revision, { rule }))
  })
  const dryRun = {
    tags,
    summary: 'What a rule would send for the visits ahead; nothing is sent',
    body: reminderRuleBodySchema,
    response: { 200: dryRunAnswerSchema },
  }
  app.post(`${path}/dry-run`, { config: manage, schema: dryRun }, async (request) =>
    tryReminderRule(deps, await getSession(request).subject(), request.body),
  )
  const edit = {
    tags,
    summary: 'Change a rule; what it has planned is planned anew. Needs If-Match',
    params,
    body: reminderRuleEditSchema,
    response: { 200: reminderRuleAnswerSchema },
  }
  app.patch(`${path}/:id`, { config: manage, schema: edit }, async (request, reply) => {
    const { params: own, body } = request
    const seen = seenRevision(request)
    const answer = await editReminderRule(deps, await getSession(request).subject(), own.id, body, seen)
    if (!answer.ok) throw new ApiError(answer.reason)
    return tag(reply, answer.rule.revision, { rule: answer.rule })
  })
  const remove = { tags, summary: 'Send this reminder no more', params, response: { 204: Type.Null() } }
  app.delete(`${path}/:id`, { config: manage, schema: remove }, async (request, reply) => {
    const wasThere = await removeReminderRule(deps, await getSession(request).subject(), request.params.id)
    if (!wasThere) throw new ApiError('not-found')
    return reply.code(204).send(null)
  })
}

function registerReplies(app: App, deps: Deps): void {
  const path = '/api/v1/message-replies'
  const list = { tags, summary: 'Answers by SMS that somebody must look at', response: { 200: replyListAnswerSchema } }
  app.get(path, { config: desk, schema: list }, async (request) => {
    const replies = await listReplies(deps, await getSession(request).subject())
    if (!replies) throw new ApiError('not-allowed')
    return { replies }
  })
  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, strict)
  const settle = { tags, summary: 'An answer has been looked at', params, response: { 204: Type.Null() } }
  app.post(`${path}/:id/settle`, { config: desk, schema: settle }, async (request, reply) => {
    const isSettled = await settleReply(deps, await getSession(request).subject(), request.params.id)
    if (!isSettled) throw new ApiError('not-found')
    return reply.code(204).send(null)
  })
}

function registerParked(app: App, deps: Deps): void {
  const path = '/api/v1/parked-messages'
  const list = {
    tags,
    summary: 'What a service could not act on, newest first',
    querystring: parkedListQuerySchema,
    response: { 200: parkedListAnswerSchema },
  }
  app.get(path, { config: watch, schema: list }, async (request) => {
    const { limit, after, cursorOf } = deps.paging(request)
    const page = { before: after?.[0] as string | undefined, limit }
    const found = await showParked(deps, await getSession(request).subject(), page)
    if (!found) throw new ApiError('not-allowed')
    return { messages: found.messages, nextCursor: cursorOf(found.last === null ? null : [found.last]) }
  })
  const params = Type.Object({ id: idSchema<'ParkedMessage'>() }, strict)
  const deeds = [
    ['POST', `${path}/:id/replay`, 'Hand it to its service once more', replayParked],
    ['DELETE', `${path}/:id`, 'Give it up', dropParked],
  ] as const
  for (const [method, url, summary, deed] of deeds) {
    app.route({
      method,
      url,
      config: watch,
      schema: { tags, summary, params, response: { 204: Type.Null() } },
      handler: async (request, reply) => {
        const { id } = request.params
        if (!(await deed(deps, await getSession(request).subject(), id))) throw new ApiError('not-found')
        return reply.code(204).send(null)
      },
    })
  }
}
