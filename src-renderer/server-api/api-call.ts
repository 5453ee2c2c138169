/** One call of the REST API and what may come of it. */
import type { TSchema } from 'typebox'
import type { Alternative } from '#domain/api/appointment-api.ts'
import type { Revocation } from '#domain/api/hand-in-api.ts'

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
      /** What the second step of a log-in answers, and whether the factor has to be set up first. */
      readonly challenge?: string
      readonly isEnrolment?: boolean
      /** What becomes of the unsent changes here, where the device's access was taken away. */
      readonly revocation?: Revocation
      /** The clinics to choose from, for a person of several. */
      readonly clinics?: readonly { readonly id: string; readonly name: string }[]
    }
export type ApiResult<Answer> = { readonly ok: true; readonly value: Answer } | ApiFailure

export type Call<Answer> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`. */
  readonly path: string
  readonly body?: unknown
  /** A file as the body, in the place of JSON. */
  readonly file?: { readonly type: string; readonly content: Blob }
  readonly headers?: Record<string, string>
  /** The answer is a file: `pick` gets its bytes, and no schema is asked. */
  readonly isFile?: boolean
  /** Statuses beside those of success whose body is an answer too. */
  readonly alsoAnswers?: readonly number[]
  readonly schema: TSchema
  readonly pick: (answer: unknown) => Answer
}

export type CallServer = <Answer>(call: Call<Answer>) => Promise<ApiResult<Answer>>
