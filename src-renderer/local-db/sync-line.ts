/** What carries the frames of replication: a WebSocket, or what stands in for one. */

/**
 * A line that carries frames: the part of a WebSocket that is used, which the browser's and the `ws` package's both have. The
 * other one is made of HTTP (http-line.ts).
 */
export type SocketLike = {
  onopen: (() => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onerror: (() => void) | null
  onclose: ((event: { readonly code: number; readonly reason?: string }) => void) | null
  readonly send: (text: string) => void
  readonly close: () => void
}

/** Closes a line and listens to it no more. */
export function silence(socket: SocketLike): void {
  socket.onopen = socket.onmessage = socket.onclose = null
  socket.onerror = () => {}
  socket.close()
}

export const browserSocket = (url: string, subprotocol: string): SocketLike =>
  new WebSocket(url, [subprotocol]) as unknown as SocketLike
