/** What the doorways to bookings share: what the author saw, the key of a repeat, and the answer with its tag or other times. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AppointmentView } from '#domain/api/appointment-api.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { getSession } from '#server/http/access-rule.ts'
import { ApiError, toApiError } from '#server/http/api-error.ts'
import { seenRevision, tag } from '#server/http/preconditions.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import { viewAppointment } from '#server/operations/find-appointments.ts'
import { IdempotencyKeyReused, type KeyedRequest } from '#server/operations/idempotency.ts'
import { proposeInstead } from '#server/operations/propose-instead.ts'

type Deps = { readonly database: Database; readonly now: () => Instant }

/** The body with what its author saw, wherever that was said. */
export const seen = <Body extends { readonly revision?: number }>(
  request: FastifyRequest & { readonly body: Body },
) => ({
  ...request.body,
  revision: seenRevision(request),
})

/** Answers with the appointment, or refuses with up to five times that could be had instead. */
export async function answer(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  status: 200 | 201,
  result: Promise<BookingAnswer>,
): Promise<{ appointment: AppointmentView }> {
  const outcome = await result.catch(refuseReusedKey)
  if (!outcome.ok) {
    const wish = { ...(request.params as object), ...(request.body as object) }
    const subject = await getSession(request).subject()
    throw toApiError(outcome.rejection, await proposeInstead(deps, subject, outcome.rejection, wish))
  }
  reply.code(status)
  const appointment = await viewAppointment(deps, outcome.appointment)
  return tag(reply, appointment.revision, { appointment })
}

/** For `catch`: the same key with another body is the caller's mistake. */
export function refuseReusedKey(error: unknown): never {
  throw error instanceof IdempotencyKeyReused ? new ApiError('idempotency-key-reused', KEY) : error
}

const KEY = { field: 'idempotency-key' } as const
const KEY_SHAPE = /^[\x21-\x7e]{8,128}$/

/** The request as its key stands for: the same key for another appointment counts as another body. */
export function keyedRequest(request: FastifyRequest, status: number): KeyedRequest | undefined {
  const key = keyOf(request)
  if (key === undefined) return undefined
  const { method, params, body, headers, routeOptions } = request
  const seen = headers['if-match']
  const asked = { params, body, ...(seen !== undefined && { seen }) }
  return { method, route: routeOptions.url ?? '', key, body: asked, status }
}

/** The header `Idempotency-Key`, where there is one. */
export function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !KEY_SHAPE.test(key)) {
    throw new ApiError('invalid-field', {
      ...KEY,
      message: '"idempotency-key" must be 8 to 128 printable ASCII characters.',
    })
  }
  return key
}
