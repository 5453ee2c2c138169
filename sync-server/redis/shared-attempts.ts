/**
 * The counts of attempt-limits.ts, shared by all instances: somebody who guesses does not get every instance's tries. This process
 * counts as well, and alone while Redis is away, so that an outage there opens nothing. Keys are hashes: no address or e-mail lies in
 * Redis.
 */
import { createHmac } from 'node:crypto'
import { SECOND_MS } from '#domain/time/instant.ts'
import {
  type AttemptLimits,
  type Attempts,
  boundsOf,
  createAttempts,
  KNOWN_MS,
  networkOf,
} from '#server/operations/attempt-limits.ts'
import type { RedisLink } from './redis-link.ts'

/** KEYS: address, place, account, known place, pace. ARGV: window, most per address, per place, per account, pace. */
const BEGIN = `
local function wait(key, most)
  if tonumber(redis.call('GET', key) or '0') < most then return 0 end
  return math.max(redis.call('PTTL', key), 1)
end
local left = math.max(wait(KEYS[1], tonumber(ARGV[2])), wait(KEYS[2], tonumber(ARGV[3])))
local paced = redis.call('EXISTS', KEYS[4]) == 0 and wait(KEYS[3], tonumber(ARGV[4])) > 0
if paced then left = math.max(left, redis.call('PTTL', KEYS[5])) end
if left > 0 then return left end
if paced then redis.call('SET', KEYS[5], 1, 'PX', ARGV[5]) end
for index = 1, 3 do
  if redis.call('INCR', KEYS[index]) == 1 then redis.call('PEXPIRE', KEYS[index], ARGV[1]) end
end
return 0`

/** KEYS as above. ARGV: how long the place stays known. */
const SUCCEED = `
redis.call('DEL', KEYS[2])
for _, key in ipairs({ KEYS[1], KEYS[3] }) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
redis.call('SET', KEYS[4], 1, 'PX', ARGV[1])
return 0`

/** @param kind keeps the counts of one limit apart from those of another */
export function createSharedAttempts(
  { redis, secretKey }: { readonly redis: RedisLink; readonly secretKey: string },
  kind: string,
  limits: AttemptLimits,
): Attempts {
  const local = createAttempts(limits)
  const { everywhere, paceMs } = boundsOf(limits)
  const args = [limits.windowMs, limits.triesPerAddress, limits.triesPerAccount, everywhere, paceMs]
  const keysOf = (address: string, account: string) => {
    const network = networkOf(address)
    const names = [network, `${network} ${account}`, account, `${network} ${account}`, account]
    return names.map((name, index) => {
      const part = ['address', 'place', 'account', 'known', 'pace'][index] ?? ''
      return `${kind}:${part}:${createHmac('sha256', secretKey).update(name).digest('base64url')}`
    })
  }
  return {
    async begin(address, account, now) {
      const seconds = local.begin(address, account, now)
      if (seconds > 0) return seconds
      const left = await redis.run(BEGIN, keysOf(address, account), args)
      return typeof left === 'number' ? Math.ceil(left / SECOND_MS) : 0
    },
    async succeed(address, account, now) {
      local.succeed(address, account, now)
      await redis.run(SUCCEED, keysOf(address, account), [KNOWN_MS])
    },
  }
}
