/** `POST /api/v1/access-events`: what was opened on a device from its own data, told when the server can be reached. */
import Type from 'typebox'
import { accessEventsBodySchema } from '#domain/api/access-event-api.ts'
import { getSession } from '#server/http/access-rule.ts'
import type { App } from '#server/http/app.ts'
import type { NoteOnce } from '#server/operations/access-audit.ts'
import { recordOpened } from '#server/operations/record-opened.ts'

export function registerAccessEventRoutes(app: App, { noteOnce }: { readonly noteOnce: NoteOnce }): void {
  const schema = {
    tags: ['activity'],
    summary: 'Tell which patient records were opened on a device; an event sent twice is noted once',
    body: accessEventsBodySchema,
    response: { 204: Type.Null() },
  }
  app.post('/api/v1/access-events', { config: { permission: 'signed-in' }, schema }, async (request, reply) => {
    await recordOpened(noteOnce, await getSession(request).subject(), request.body.events)
    return reply.code(204).send(null)
  })
}
