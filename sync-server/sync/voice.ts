/**
 * How a socket is spoken to. Our client gets `{ error }` answers. RxDB's stock client has no errors: a push answered with
 * something that is no array is retried after a while, a pull answered with an empty page changes nothing, and then the
 * connection ends so that it starts over; anything else stops its replication for good (facts of rxdb 17.6).
 */
import type { WebSocket } from 'ws'
import { CLOSE } from '#domain/sync/protocol-version.ts'
import type { SyncErrorCode } from '#domain/sync/wire-messages.ts'
import type { Asked } from './parse-frame.ts'

export type Voice = {
  /** False where a refusal can only be told by ending the connection. */
  readonly hearsErrors: boolean
  readonly answer: (asked: Pick<Asked, 'id' | 'collection'>, result: unknown) => void
  readonly fail: (
    asked: Asked,
    code: SyncErrorCode,
    message: string,
    more?: { readonly field?: string; readonly retryAfter?: number },
  ) => void
  readonly close: (code: number, reason: string) => void
}

/** RFC 6455: the reason of a close frame has at most 123 bytes. */
const MAX_REASON_LENGTH = 120
const CLOSE_POLICY = 1008
/** A peer that does not answer our close frame is cut off. */
const CLOSE_PATIENCE_MS = 2_000

export function createVoice(socket: WebSocket, isOurs: boolean): Voice {
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const close = (code: number, reason: string) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.isPaused) socket.resume()
    socket.close(code, reason.slice(0, MAX_REASON_LENGTH))
    setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS).unref()
  }
  const answer: Voice['answer'] = ({ id, collection }, result) => send({ id, collection, result })

  return {
    hearsErrors: isOurs,
    answer,
    close,
    fail(asked, code, message, { field, retryAfter } = {}) {
      const error = { code, message, ...(field && { field }), ...(retryAfter !== undefined && { retryAfter }) }
      if (isOurs) return send({ id: asked.id, collection: asked.collection, error })
      if (asked.method === 'masterWrite') return answer(asked, { error })
      if (asked.method === 'masterChangesSince')
        answer(asked, { documents: [], checkpoint: checkpointIn(asked.params) })
      close(code === 'UNAVAILABLE' ? CLOSE.tryLater : CLOSE_POLICY, message)
    },
  }
}

/** The checkpoint the peer came with, so that the empty page moves nothing. */
function checkpointIn(params: unknown): unknown {
  const [checkpoint] = Array.isArray(params) ? params : []
  return checkpoint ?? { lwt: 0, id: '' }
}
