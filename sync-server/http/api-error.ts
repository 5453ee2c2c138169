import type { Alternative } from '#domain/api/appointment-api.ts'
import type { ErrorAnswer, FieldFault } from '#domain/api/error-schema.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import { ERROR_TABLE, type ErrorCode } from './error-table.ts'

type Details = {
  /** What it is about, in dotted form. */
  readonly field?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  /** Replaces the code's own sentence where a better one is known. */
  readonly message?: string | undefined
  /** Every fault of a request of the wrong shape. */
  readonly errors?: readonly FieldFault[] | undefined
  /** Free times instead of the one that cannot be had. */
  readonly alternatives?: readonly Alternative[] | undefined
  /** What only some codes say beside the rest. */
  readonly more?: ErrorExtras | undefined
}
export type ErrorExtras = Partial<Pick<ErrorAnswer, 'clinics' | 'impact' | 'challenge' | 'isEnrolment' | 'revocation'>>

/** An answer that is no success, thrown by routes and hooks and turned into problem details by the error handler alone. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly errors: readonly FieldFault[] | undefined
  readonly alternatives: readonly Alternative[] | undefined
  readonly more: ErrorExtras | undefined

  constructor(code: ErrorCode, { field, retryAfterSeconds, message, errors, alternatives, more }: Details = {}) {
    super(message ?? ERROR_TABLE[code].message)
    this.name = 'ApiError'
    this.code = code
    this.status = ERROR_TABLE[code].status
    this.field = field
    this.retryAfterSeconds = retryAfterSeconds
    this.errors = errors
    this.alternatives = alternatives
    this.more = more
  }
}

/** The answer to a change that the rules refuse. Who holds a taken time is not part of it. */
export const toApiError = ({ reason, field }: Rejection, alternatives?: readonly Alternative[]): ApiError =>
  new ApiError(reason, { field, alternatives })
