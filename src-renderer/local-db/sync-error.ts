/** Why a request over the sync socket has no answer. */
import type { SyncErrorCode } from '#domain/sync/wire-messages.ts'

/**
 * Codes of the wire, and four of our own: `LOST` the connection went away, `TIMEOUT` nobody answered in time, `STOPPED` we
 * stopped ourselves, `PROTOCOL` the answer makes no sense. After `LOST` and `TIMEOUT` the server may or may not have acted.
 */
export type SyncFailure = SyncErrorCode | 'LOST' | 'TIMEOUT' | 'STOPPED' | 'PROTOCOL'

export class SyncError extends Error {
  readonly code: SyncFailure
  /** Milliseconds the server asks to wait before the next try. */
  readonly retryAfter: number | undefined

  constructor(code: SyncFailure, message: string, retryAfter?: number) {
    super(`${code}: ${message}`)
    this.name = 'SyncError'
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** True when the same request may simply be sent again. */
export const isPassing = (error: unknown): error is SyncError =>
  error instanceof SyncError && ['LOST', 'TIMEOUT', 'BUSY', 'UNAVAILABLE'].includes(error.code)
