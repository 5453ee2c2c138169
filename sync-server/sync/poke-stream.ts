/**
 * Pokes over HTTP: server-sent events (WHATWG HTML, section 9.2). The data of an `event: poke` is the very frame a socket would
 * carry, so a client reads both with one parser.
 *
 * RxDB's stock HTTP client ignores named events, and a document in an unnamed one can get lost in it (docs/sync.md, S1). What it
 * does do, always, is pull when a stream ends and again when the next one opens. So its stream ends with its first poke: all that
 * happens after the pull it then begins is heard by the next stream, or found by the pull that follows its opening.
 */
import { PassThrough } from 'node:stream'
import type { PokeTarget } from './pokes.ts'
import type { SyncConnection } from './sync-hub.ts'
import type { SyncSession } from './sync-session.ts'

/** What the stock client waits before it opens the next stream; its own default, said aloud. */
const REOPEN_MS = 1_000

export class PokeStream implements SyncConnection {
  readonly session: SyncSession
  /** What the answer's body is read from. */
  readonly output = new PassThrough()
  readonly target: PokeTarget

  constructor(session: SyncSession, { endsWithPoke }: { readonly endsWithPoke: boolean }) {
    this.session = session
    this.target = {
      sendFrame: (frame) => {
        this.#write(`event: poke\ndata: ${frame}\n\n`)
        if (endsWithPoke) this.#finish()
      },
      bufferedBytes: () => this.output.writableLength + this.output.readableLength,
    }
    this.output.on('error', () => undefined)
    // Nobody can tell a line that holds everything back from a quiet one before the first byte.
    this.#write(`retry: ${REOPEN_MS}\n: listening\n\n`)
  }

  /** A comment, which readers skip: keeps what lies between from cutting the line, and tells the peer that it stands. */
  readonly beat = (): void => this.#write(': still here\n\n')

  async end(code: number, reason: string): Promise<void> {
    this.#write(`event: end\ndata: ${JSON.stringify({ code, reason })}\n\n`)
    this.#finish()
  }

  #write(text: string): void {
    if (this.output.writable) this.output.write(text)
  }

  #finish(): void {
    if (this.output.writable) this.output.end()
  }
}
