/** A WebSocket server that says exactly what a test tells it to; for tests about our own socket client. */
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { PROTOCOL_VERSION, SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'

export type Asked = {
  readonly id: string
  readonly collection: string
  readonly method: string
  readonly params: readonly unknown[]
}

export class ScriptedLine {
  readonly frames: Asked[] = []
  readonly #socket: WebSocket

  constructor(socket: WebSocket, onFrame: (line: ScriptedLine, frame: Asked) => void) {
    this.#socket = socket
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as Asked
      this.frames.push(frame)
      onFrame(this, frame)
    })
    socket.on('error', () => undefined)
  }

  /** The methods asked for, pings left out. */
  get methods(): readonly string[] {
    return this.frames.map(({ method }) => method).filter((method) => method !== 'ping')
  }
  answer({ id, collection }: Asked, result: unknown): void {
    this.#socket.send(JSON.stringify({ id, collection, result }))
  }
  fail({ id, collection }: Asked, error: { code: string; message?: string; retryAfter?: number }): void {
    this.#socket.send(JSON.stringify({ id, collection, error: { message: '', ...error } }))
  }
  say(text: string): void {
    this.#socket.send(text)
  }
  poke(collection: string): void {
    this.say(JSON.stringify({ id: 'stream', collection, result: 'RESYNC' }))
  }
  close(code: number, reason?: string): void {
    this.#socket.close(code, reason)
  }
  /** Cuts the line without a word. */
  cut(): void {
    this.#socket.terminate()
  }
}

export type ScriptedServer = {
  readonly url: string
  readonly lines: ScriptedLine[]
  /** What the server does with a frame; by default it welcomes and answers pings. */
  script: (line: ScriptedLine, frame: Asked) => void
  readonly close: () => Promise<void>
}

export const WELCOME = { protocol: PROTOCOL_VERSION, epoch: 'e', userId: 'u', clinicId: 'c', serverTime: 1_000 }

/** Welcomes, answers pings, and nothing else. */
export function polite(line: ScriptedLine, frame: Asked): void {
  if (frame.method === 'auth') line.answer(frame, WELCOME)
  if (frame.method === 'ping') line.answer(frame, { serverTime: 1_000 })
}

export async function startScriptedServer(port = 0): Promise<ScriptedServer> {
  const socketServer = new WebSocketServer({ port, host: '127.0.0.1', handleProtocols: () => SYNC_SUBPROTOCOL })
  const server: ScriptedServer = {
    url: '',
    lines: [],
    script: polite,
    close: () =>
      new Promise((resolve) => {
        for (const socket of socketServer.clients) socket.terminate()
        socketServer.close(() => resolve())
      }),
  }
  socketServer.on('connection', (socket) => {
    server.lines.push(new ScriptedLine(socket, (line, frame) => server.script(line, frame)))
  })
  await new Promise((resolve) => socketServer.once('listening', resolve))
  return Object.assign(server, { url: `ws://127.0.0.1:${(socketServer.address() as AddressInfo).port}/sync/v1` })
}
