/**
 * The version of the sync protocol: the first message carries it, the server serves this one and the one before.
 * A test pins the shape of every message to this number.
 */
export const PROTOCOL_VERSION = 2
export const OLDEST_SERVED_VERSION = 1

/** The WebSocket subprotocol of our own client; RxDB's stock client opens without one. */
export const SYNC_SUBPROTOCOL = 'sync.v1'
/** Bytes of the largest frame either side accepts. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024
/** What an unauthenticated socket may send before it is closed with 4401. */
export const BEFORE_AUTH = {
  frames: 16,
  bytes: 64 * 1024,
  milliseconds: 8_000,
} as const

/** Close codes: those of RFC 6455 that we use, and our own in the private range. */
export const CLOSE = {
  serverRestarts: 1012,
  tryLater: 1013,
  unauthenticated: 4401,
  revoked: 4403,
  upgradeRequired: 4426,
} as const
