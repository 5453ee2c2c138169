/** The counts of request-limits.ts, shared by all instances; this process counts alone while Redis is away. */
import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import { createWindows } from '#server/operations/count-windows.ts'
import type { RedisLink } from './redis-link.ts'

/** KEYS: the count. ARGV: the window. */
const COUNT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`

export function sharedRequestCounts(redis: RedisLink, windowMs: number): FastifyRateLimitStoreCtor {
  const windows = createWindows(windowMs)
  const countHere = (key: string) => {
    const now = Date.now()
    const window = windows.get(key, now)
    window.count += 1
    return { current: window.count, ttl: window.endsAt - now }
  }
  const count = async (key: string) => {
    const answer = await redis.run(COUNT, [`requests:${key}`], [windowMs])
    if (!Array.isArray(answer)) return countHere(key)
    const [current, ttl] = answer as [number, number]
    return { current, ttl }
  }
  let limits = 0
  // Each limit has counts of its own: one address is asked about by several. Named by their order, which is the same at every instance.
  class Counts implements FastifyRateLimitStore {
    readonly #limit = limits++
    incr(key: string, callback: (error: Error | null, result?: { current: number; ttl: number }) => void): void {
      count(`${this.#limit}:${key}`).then(
        (result) => callback(null, result),
        (error: Error) => callback(error),
      )
    }
    child(): FastifyRateLimitStore {
      return new Counts()
    }
  }
  return Counts
}
