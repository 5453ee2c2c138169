/** A bare WebSocket that speaks the sync protocol frame by frame, for tests about frames. */
import { WebSocket } from 'ws'
import { SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'

export type WireAnswer = {
  readonly id: string
  readonly collection: string
  readonly result?: unknown
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly field?: string
    readonly retryAfter?: number
  }
}
export type WireClient = {
  readonly socket: WebSocket
  /** Everything received, in order. */
  readonly received: WireAnswer[]
  readonly send: (frame: unknown) => void
  /** Sends a request and waits for the answer with its id. */
  readonly ask: (collection: string, method: string, params: readonly unknown[]) => Promise<WireAnswer>
  /** The next message that fits, those already received included. */
  readonly next: (fits: (answer: WireAnswer) => boolean) => Promise<WireAnswer>
  /** How the connection ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  readonly close: () => void
}

export type WireOptions = { readonly origin?: string; readonly isStock?: boolean }

/** Opens a socket; rejects when the server refuses the upgrade. */
export async function openWire(url: string, { origin, isStock = false }: WireOptions = {}): Promise<WireClient> {
  const socket = new WebSocket(url, isStock ? [] : [SYNC_SUBPROTOCOL], origin === undefined ? {} : { origin })
  const received: WireAnswer[] = []
  const waiting = new Set<() => void>()
  let count = 0
  socket.on('message', (data) => {
    received.push(JSON.parse(data.toString()) as WireAnswer)
    for (const look of waiting) look()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)

  const next: WireClient['next'] = (fits) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = received.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
      void closed.then(({ code }) => reject(new Error(`closed with ${code} while waiting`)))
    })
  const send = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    socket,
    received,
    send,
    next,
    closed,
    ask(collection, method, params) {
      const id = `t${count++}`
      send({ id, collection, method, params })
      return next((answer) => answer.id === id)
    },
    close: () => socket.close(),
  }
}
