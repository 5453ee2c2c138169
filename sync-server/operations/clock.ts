import type { Instant } from '#domain/time/instant.ts'

/** Reads the server's clock. Passed in, so that a test decides what time it is. */
export type Clock = () => Instant
