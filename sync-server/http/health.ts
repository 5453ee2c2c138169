import Type from 'typebox'
import { ApiError } from './api-error.ts'
import type { App } from './app.ts'

const answer = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false })

/** `/healthz`: the process answers. `/readyz`: it can also reach its database, so requests may be sent to it. */
export function registerHealth(app: App, checkReady: () => Promise<void>): void {
  const config = { permission: 'public', isQuiet: true } as const
  app.get(
    '/healthz',
    { config, schema: { tags: ['health'], summary: 'The process answers', response: { 200: answer } } },
    async () => ({
      status: 'ok' as const,
    }),
  )
  app.get(
    '/readyz',
    { config, schema: { tags: ['health'], summary: 'The server can do its work', response: { 200: answer } } },
    async () => {
      await checkReady().catch(() => {
        throw new ApiError('busy')
      })
      return { status: 'ok' as const }
    },
  )
}
