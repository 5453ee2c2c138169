import { PROBLEMS_PATH, problemsAnswerSchema } from '#domain/api/error-schema.ts'
import type { App } from './app.ts'
import { ERROR_TABLE } from './error-table.ts'

/** `GET /api/v1/problems`: every way in which a request can fail. The `type` of a problem leads here. */
export function registerProblems(app: App): void {
  const problems = Object.entries(ERROR_TABLE).map(([code, { status, message }]) => ({ code, status, title: message }))
  const schema = { tags: ['health'], summary: 'What the codes of errors mean', response: { 200: problemsAnswerSchema } }
  app.get(PROBLEMS_PATH, { config: { permission: 'public', isQuiet: true }, schema }, async () => ({ problems }))
}
