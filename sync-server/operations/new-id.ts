import { randomBytes } from 'node:crypto'
import { type Id, uuidV7 } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'

export type NewId = <Kind extends string>() => Id<Kind>

/** Ids of one millisecond before their counter is full. */
const PER_MILLISECOND = 0x1000

/**
 * A source of UUIDv7 whose ids sort in the order they were made: the twelve bits after the time count up within a
 * millisecond (RFC 9562, section 6.2, method 1), the rest is random. Events are relayed in this order.
 */
export function newIdSource(now: () => Instant, random: (size: number) => Uint8Array = pooledRandom()): NewId {
  let time = 0
  let count = 0
  return () => {
    const bytes = random(10)
    const clock = now()
    if (clock > time) {
      time = clock
      count = (bytes[0] ?? 0) << 1
    } else {
      count += 1
    }
    if (count === PER_MILLISECOND) {
      time += 1
      count = 0
    }
    bytes[0] = count >> 8
    bytes[1] = count & 0xff
    return uuidV7(time, bytes)
  }
}

const POOL_BYTES = 4096

/** Random bytes, each given out once; asking the system for ten at a time costs more than making the id. */
function pooledRandom(): (size: number) => Uint8Array {
  let pool = new Uint8Array()
  return (size) => {
    if (pool.length < size) pool = randomBytes(POOL_BYTES)
    const bytes = pool.subarray(0, size)
    pool = pool.subarray(size)
    return bytes
  }
}
