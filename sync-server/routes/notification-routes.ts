/** `/api/v1/notifications`: the own list of messages, and which of them somebody wants. */
import Type from 'typebox'
import {
  notificationListAnswerSchema,
  notificationListQuerySchema,
  preferenceAnswerSchema,
  preferenceSchema,
  readNotificationsAnswerSchema,
  readNotificationsBodySchema,
} from '#domain/api/notification-api.ts'
import { idSchema } from '#domain/ids.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError } from '#server/http/api-error.ts'
import type { App } from '#server/http/app.ts'
import type { Paging } from '#server/http/paging.ts'
import {
  listOwnNotifications,
  readNotifications,
  setOwnPreferences,
  setPatientPreferences,
  showOwnPreferences,
  showPatientPreferences,
} from '#server/operations/notifications/own-notifications.ts'

export const NOTIFICATIONS_PATH = '/api/v1/notifications'
const tags = ['notifications']
const config = { permission: 'own-account' } as const

type Deps = Parameters<typeof setOwnPreferences>[0] &
  Parameters<typeof readNotifications>[0] & { readonly paging: Paging }

export function registerNotificationRoutes(app: App, deps: Deps): void {
  const list = {
    tags,
    summary: 'What one was told in the app, newest first',
    querystring: notificationListQuerySchema,
    response: { 200: notificationListAnswerSchema },
  }
  app.get(NOTIFICATIONS_PATH, { config, schema: list }, async (request) => {
    const page = deps.paging(request)
    const query = { unread: request.query.unread, before: page.after?.[0] as string | undefined, limit: page.limit }
    const { last, ...answer } = await listOwnNotifications(deps, await getSession(request).subject(), query)
    return { ...answer, nextCursor: page.cursorOf(last === null ? null : [last]) }
  })
  const read = {
    tags,
    summary: 'Mark own messages as read: those named, or all',
    body: readNotificationsBodySchema,
    response: { 200: readNotificationsAnswerSchema },
  }
  app.post(`${NOTIFICATIONS_PATH}/read`, { config, schema: read }, async (request) => ({
    unreadCount: await readNotifications(deps, await getSession(request).subject(), request.body.ids),
  }))
  registerPreferences(app, deps)
}

function registerPreferences(app: App, deps: Deps): void {
  const own = '/api/v1/me/notification-preferences'
  const answer = { 200: preferenceAnswerSchema }
  app.get(own, { config, schema: { tags, summary: 'The channels one wants', response: answer } }, async (request) => ({
    preferences: await showOwnPreferences(deps, await getSession(request).subject()),
  }))
  const set = { tags, summary: 'Choose channels and language', body: preferenceSchema, response: answer }
  app.put(own, { config, schema: set }, async (request) => ({
    preferences: await setOwnPreferences(deps, await getSession(request).subject(), request.body),
  }))
  const params = Type.Object({ id: idSchema<'Patient'>() }, { additionalProperties: false })
  const path = '/api/v1/patients/:id/notification-preferences'
  const ofPatient = { permission: 'view-patients' } as const
  const show = { tags, summary: 'The channels a patient wants', params, response: answer }
  app.get(path, { config: ofPatient, schema: show }, async (request) =>
    found(await showPatientPreferences(deps, await getSession(request).subject(), request.params.id)),
  )
  const change = {
    tags,
    summary: 'Choose channels and language for a patient',
    params,
    body: preferenceSchema,
    response: answer,
  }
  app.put(path, { config: ofPatient, schema: change }, async (request) => {
    const subject = await getSession(request).subject()
    return found(await setPatientPreferences(deps, subject, request.params.id, request.body))
  })
}

function found<Preferences>(preferences: Preferences | undefined): { readonly preferences: Preferences } {
  if (preferences === undefined) throw new ApiError('not-found')
  return { preferences }
}
