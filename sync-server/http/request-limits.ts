/**
 * How many requests an address and a session may send. Every answer of the API says what is left, in the headers of
 * draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy: "session";q=3000;w=60` and `RateLimit: "session";r=2999;t=60`.
 */
import rateLimitPlugin, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import type { App } from './app.ts'

/** Requests per minute. Desks of one clinic may share an address, so that one is the wider. */
export type RequestLimits = { readonly perAddress: number; readonly perSession: number }
export const REQUEST_LIMITS: RequestLimits = { perAddress: 12_000, perSession: 3_000 }

const MINUTE_MS = 60_000
const ADDRESS = 'address'
const SESSION = 'session'

/** Where the counts of a window of so many milliseconds are kept. */
export type CountStore = (windowMs: number) => FastifyRateLimitStoreCtor

type Check = ReturnType<App['createRateLimit']>
type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Answers the two hooks: `byAddress` belongs before the session is looked for, `bySession` after it was found. */
export async function createRequestLimits(
  app: App,
  { perAddress, perSession }: RequestLimits,
  countStore?: CountStore,
): Promise<{ readonly byAddress: Hook; readonly bySession: Hook }> {
  await app.register(rateLimitPlugin, { global: false, ...(countStore && { store: countStore(MINUTE_MS) }) })
  const timeWindow = MINUTE_MS
  const ofAddress = app.createRateLimit({ max: perAddress, timeWindow, keyGenerator: ({ ip }) => ip })
  const ofSession = app.createRateLimit({
    max: perSession,
    timeWindow,
    keyGenerator: ({ session, ip }) => session?.sessionId ?? ip,
  })
  return {
    byAddress: (request, reply) => spend(ofAddress, ADDRESS, request, reply),
    bySession: async (request, reply) => {
      if (request.session) await spend(ofSession, SESSION, request, reply)
    },
  }
}

async function spend(check: Check, policy: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const state = await check(request)
  // Allowed without a count: an address on the list of exceptions, of which there is none.
  if (state.isAllowed) return
  const { max, timeWindow, remaining, ttlInSeconds, isExceeded } = state
  reply.headers({
    'ratelimit-policy': `"${policy}";q=${max};w=${timeWindow / 1000}`,
    ratelimit: `"${policy}";r=${remaining};t=${ttlInSeconds}`,
  })
  if (isExceeded) throw new ApiError('too-many-requests', { retryAfterSeconds: ttlInSeconds })
}
