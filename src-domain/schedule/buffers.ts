/**
 * Buffers: time a type of visit wants free before and after it. A buffer must be free of visits; two buffers may share the same
 * minutes, so the gap between two visits is the longer of the one's after and the other's before.
 */
import { minutes } from '#domain/time/instant.ts'
import type { Interval } from './interval.ts'

export type Buffers = { readonly bufferBeforeMinutes: number; readonly bufferAfterMinutes: number }

export const NO_BUFFERS: Buffers = { bufferBeforeMinutes: 0, bufferAfterMinutes: 0 }

/** A visit with its own buffers: the stretch that other visits must stay out of. */
export const withBuffers = ({ start, end }: Interval, buffers: Buffers): Interval => ({
  start: start - minutes(buffers.bufferBeforeMinutes),
  end: end + minutes(buffers.bufferAfterMinutes),
})

/**
 * What a visit already there takes from a wanted one: the visit, and what its buffers ask for beyond those the wanted one brings
 * along. The wanted visit fits exactly when its own `withBuffers` stretch overlaps none of these.
 */
export const busyBeside = ({ start, end }: Interval, held: Buffers, wanted: Buffers): Interval => ({
  start: start - minutes(Math.max(0, held.bufferBeforeMinutes - wanted.bufferAfterMinutes)),
  end: end + minutes(Math.max(0, held.bufferAfterMinutes - wanted.bufferBeforeMinutes)),
})
