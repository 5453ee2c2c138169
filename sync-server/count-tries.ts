/** Where tries are counted: shared by all instances where there is Redis, in this process otherwise. */
import { type AttemptLimits, type Attempts, createAttempts } from './operations/attempt-limits.ts'
import type { RedisLink } from './redis/redis-link.ts'
import { createSharedAttempts } from './redis/shared-attempts.ts'

/** @param kind keeps the counts of one limit apart from those of another */
export type CountTries = (kind: string, limits: AttemptLimits) => Attempts

export const createCountTries =
  ({ redis, secretKey }: { readonly redis?: RedisLink; readonly secretKey: string }): CountTries =>
  (kind, limits) =>
    redis ? createSharedAttempts({ redis, secretKey }, kind, limits) : createAttempts(limits)
