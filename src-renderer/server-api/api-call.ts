/** One call of the REST API and what may come of it. */
import type { TSchema } from 'typebox'
import type { Alternative } from '#domain/api/appointment-api.ts'

export type ApiFailure =
  /** Nobody answered: the device has no network, or the server cannot be reached or answers something else. */
  | { readonly ok: false; readonly kind: 'offline'; readonly reason: 'no-network' | 'server-unreachable' }
  /** The server answered no. `code` is for programs, `message` is one sentence for people. */
  | {
      readonly ok: false
      readonly kind: 'refused'
      readonly status: number
      readonly code: string
      readonly message: string
      readonly field?: string
      readonly retryAfterSeconds?: number
      readonly requestId?: string
      /** Free times instead of the one that could not be had. */
      readonly alternatives?: readonly Alternative[]
    }
export type ApiResult<Answer> = { readonly ok: true; readonly value: Answer } | ApiFailure

export type Call<Answer> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** The answer is a file: `pick` gets its bytes, and no schema is asked. */
  readonly isFile?: boolean
  readonly schema: TSchema
  readonly pick: (answer: unknown) => Answer
}

export type CallServer = <Answer>(call: Call<Answer>) => Promise<ApiResult<Answer>>
