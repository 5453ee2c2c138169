/**
 * Which line is dialled. A WebSocket, until two in a row have not come through although the server answers otherwise: then HTTP,
 * and beside it a WebSocket again every few minutes, until one opens. Knows no sockets: `probe` opens one.
 */
import { FALLBACK, type SyncTransport } from '#domain/sync/connection-state.ts'
import type { Clock } from './clock.ts'

export type LineChoiceOptions = {
  readonly clock: Clock
  readonly retryMs: number
  /** Whether there is another way than a WebSocket. */
  readonly canFallBack: boolean
  /** Opens a WebSocket for nothing but to see it open; tells the end of it once. */
  readonly probe: (onEnd: (hasOpened: boolean) => void) => void
  /** A WebSocket has come through: dial one. */
  readonly onSocketPossible: () => void
}

export class LineChoice {
  readonly #options: LineChoiceOptions
  #transport: SyncTransport = 'websocket'
  #failures = 0
  #timer: unknown
  /** Counts the times HTTP was chosen: whatever an older probe still says is not listened to. */
  #round = 0

  constructor(options: LineChoiceOptions) {
    this.#options = options
  }

  get transport(): SyncTransport {
    return this.#transport
  }

  /** An attempt has ended before the server's welcome, and not by the server's word. */
  noteFailure(): void {
    this.#failures += 1
    if (this.#transport === 'http') {
      // Neither way works: by turns from here, one try each.
      this.#toSocket()
      this.#failures = FALLBACK.afterFailures - 1
    } else if (this.#failures >= FALLBACK.afterFailures && this.#options.canFallBack) {
      this.#transport = 'http'
      this.#probeLater()
    }
  }

  /** The server has welcomed us on the line that was chosen. */
  noteWelcome(): void {
    this.#failures = 0
  }

  /** No further probes; the next start begins with a WebSocket. */
  stop(): void {
    this.#toSocket()
    this.#failures = 0
  }

  #toSocket(): void {
    this.#transport = 'websocket'
    this.#round += 1
    this.#options.clock.clearTimeout(this.#timer)
  }

  #probeLater(): void {
    const { clock, retryMs, probe, onSocketPossible } = this.#options
    const round = this.#round
    this.#timer = clock.setTimeout(() => {
      probe((hasOpened) => {
        if (round !== this.#round) return
        if (hasOpened) {
          this.#toSocket()
          onSocketPossible()
        } else {
          this.#probeLater()
        }
      })
    }, retryMs)
  }
}
