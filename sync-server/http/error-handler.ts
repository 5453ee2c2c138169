/** The one place where failures become answers. What is unexpected is logged without its message and answered without detail. */
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { type ErrorAnswer, PROBLEM_TYPE, PROBLEMS_PATH } from '#domain/api/error-schema.ts'
import { DatabaseUnavailable } from '#server/database/errors.ts'
import { TooManyPasswordChecks } from '#server/operations/passwords.ts'
import { ApiError } from './api-error.ts'
import { ERROR_TABLE, type ErrorCode } from './error-table.ts'
import { toFieldFaults } from './field-faults.ts'

/** Fastify's `setErrorHandler` and `frameworkErrors`. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toKnownError(error)
  request.refusalCode = known.code
  if (known.status >= 500) request.log.error({ err: error }, 'request failed')
  if (known.retryAfterSeconds !== undefined) sayWhenToComeBack(reply, known, known.retryAfterSeconds)
  if (known.status === 401) reply.header('www-authenticate', 'Bearer')
  reply
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .status(known.status)
    .send(JSON.stringify({ ...toAnswer(known, request.id), ...forStockClients(known, request) }))
}

/** Fastify's `setNotFoundHandler`. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  answerError(new ApiError('not-found'), request, reply)
}

/** A limit that is no count of requests, such as tries to sign in, bears its code as the name of its policy. */
function sayWhenToComeBack(reply: FastifyReply, { status, code }: ApiError, seconds: number): void {
  reply.header('retry-after', String(seconds))
  if (status === 429 && code !== 'too-many-requests') reply.header('ratelimit', `"${code}";r=0;t=${seconds}`)
}

/** RxDB's stock client tries again only after an answer with this field; any other ends its replication without a word. */
const forStockClients = ({ code }: ApiError, { routeOptions }: FastifyRequest) =>
  routeOptions.url?.startsWith('/sync/') ? { error: code } : {}

function toAnswer(error: ApiError, requestId: string): ErrorAnswer {
  const { code, status, message, field, errors, retryAfterSeconds, alternatives, more } = error
  return {
    type: `${PROBLEMS_PATH}#${code}`,
    title: ERROR_TABLE[code].message,
    status,
    detail: message,
    code,
    ...(field !== undefined && { field }),
    ...(errors !== undefined && { errors: [...errors] }),
    requestId,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(alternatives !== undefined && { alternatives: [...alternatives] }),
    ...more,
  }
}

/** Whatever was thrown, as one of the codes clients know. */
export function toKnownError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof DatabaseUnavailable || error instanceof TooManyPasswordChecks) {
    return new ApiError('busy', { retryAfterSeconds: 2 })
  }
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation) return toShapeError(validation, validationContext ?? 'body')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError('body-too-large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('unsupported-media-type')
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return new ApiError('malformed-json')
  if (error instanceof SyntaxError && statusCode === 400) return new ApiError('malformed-json')
  if (statusCode === 404) return new ApiError('not-found')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new ApiError('malformed-request')
  return new ApiError('internal-error')
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  required: 'missing-field',
  additionalProperties: 'unknown-field',
}

/** The answer to a request of the wrong shape: code and sentence of the first fault, and the list of all. */
function toShapeError(faults: readonly FastifySchemaValidationError[], part: string): ApiError {
  const errors = toFieldFaults(faults, part)
  const [first] = errors
  if (!first) return new ApiError('malformed-request')
  return new ApiError(CODES[first.rule] ?? 'invalid-field', { field: first.field, message: first.detail, errors })
}
