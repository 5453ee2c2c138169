import { ApiError } from '#server/http/api-error.ts'
import type { ErrorCode } from '#server/http/error-table.ts'

type Refusal = {
  readonly ok: false
  readonly reason: ErrorCode
  readonly field?: string
  readonly retryAfterSeconds?: number
}

/** The success an operation answers with. @throws ApiError for a refusal */
export function accepted<Answer extends { readonly ok: true } | Refusal>(
  answer: Answer,
): Extract<Answer, { readonly ok: true }> {
  if (answer.ok) return answer as Extract<Answer, { readonly ok: true }>
  const { reason, field, retryAfterSeconds } = answer
  throw new ApiError(reason, { field, retryAfterSeconds })
}

/** Sends no body where the description has none: a `null` would be written as one. 204 drops it by itself. */
export const NO_BODY = undefined as unknown as null
