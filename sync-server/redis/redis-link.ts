/**
 * The way to Redis, which instances share and which holds nothing that matters: whoever asks gets no answer within a moment where it
 * is away, and goes on with what this process knows.
 */
import { Redis } from 'ioredis'

export type RedisLink = {
  /**
   * Runs a Lua script, which is atomic.
   * @returns undefined where Redis does not answer in time
   */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>
  close(): Promise<void>
}

type LinkLog = {
  readonly info: (fields: object, text: string) => void
  readonly warn: (fields: object, text: string) => void
}

/** A request waits for Redis no longer than this. */
const PATIENCE_MS = 250
const LONGEST_PAUSE_MS = 5_000

/** @param url `redis://` or `rediss://` */
export function openRedisLink(url: string, log: LinkLog, prefix = 'appointments:'): RedisLink {
  const redis = new Redis(url, {
    keyPrefix: prefix,
    commandTimeout: PATIENCE_MS,
    connectTimeout: LONGEST_PAUSE_MS,
    // What waits for a connection would be counted late, or all at once.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(tries, 10)),
  })
  let isAway = false
  redis.on('ready', () => {
    isAway = false
    log.info({}, 'connected to Redis')
  })
  redis.on('error', (error) => {
    if (!isAway) log.warn({ err: error }, 'Redis does not answer: limits are counted in this process')
    isAway = true
  })
  return {
    run: async (script, keys, args) => {
      if (redis.status !== 'ready') return undefined
      return redis.eval(script, keys.length, ...keys, ...args).catch(() => undefined)
    },
    close: async () => redis.disconnect(),
  }
}
