/** The one place where failures become answers. What is unexpected is logged without its message and answered without detail. */
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import type { ErrorAnswer } from '#domain/api/error-schema.ts'
import { DatabaseUnavailable } from '#server/database/errors.ts'
import { TooManyPasswordChecks } from '#server/operations/passwords.ts'
import { ApiError } from './api-error.ts'

/** Fastify's `setErrorHandler` and `frameworkErrors`. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toKnownError(error)
  if (known.status >= 500) request.log.error({ err: error }, 'request failed')
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  if (known.status === 401) reply.header('www-authenticate', 'Bearer')
  reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .status(known.status)
    .send(JSON.stringify(toAnswer(known, request.id)))
}

/** Fastify's `setNotFoundHandler`. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  answerError(new ApiError('not-found'), request, reply)
}

function toAnswer({ code, message, field, retryAfterSeconds }: ApiError, requestId: string): ErrorAnswer {
  return {
    error: {
      code,
      message,
      ...(field !== undefined && { field }),
      requestId,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  }
}

function toKnownError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof DatabaseUnavailable || error instanceof TooManyPasswordChecks) {
    return new ApiError('busy', { retryAfterSeconds: 2 })
  }
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation) return toFieldError(validation, validationContext ?? 'body')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError('body-too-large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('unsupported-media-type')
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return new ApiError('malformed-json')
  if (error instanceof SyntaxError && statusCode === 400) return new ApiError('malformed-json')
  if (statusCode === 404) return new ApiError('not-found')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new ApiError('malformed-request')
  return new ApiError('internal-error')
}

/** The first fault of a request, with the dotted name of the field. The value itself is never repeated. */
function toFieldError(faults: readonly FastifySchemaValidationError[], part: string): ApiError {
  const fault = faults.find(({ keyword }) => keyword === 'additionalProperties') ?? faults[0]
  if (!fault) return new ApiError('malformed-request')
  const path = fault.instancePath.split('/').filter(Boolean)
  const inside = (name: unknown) => [...path, ...(typeof name === 'string' ? [name] : [])].join('.')
  const { requiredProperties, additionalProperties, missingProperty, additionalProperty } = fault.params as Names
  if (fault.keyword === 'required') {
    const field = inside(requiredProperties?.[0] ?? missingProperty)
    return new ApiError('missing-field', { field, message: `"${field}" is missing.` })
  }
  if (fault.keyword === 'additionalProperties') {
    const field = inside(additionalProperties?.[0] ?? additionalProperty).slice(0, 80)
    return new ApiError('unknown-field', { field, message: 'This field is not known here.' })
  }
  const field = path.join('.') || part
  return new ApiError('invalid-field', { field, message: `"${field}" ${fault.message ?? 'is not valid'}.` })
}

type Names = {
  readonly requiredProperties?: readonly string[]
  readonly additionalProperties?: readonly string[]
  readonly missingProperty?: string
  readonly additionalProperty?: string
}
