/**
 * A proxy between a client and the server that understands HTTP, as those of companies and guest networks do: it lets no
 * WebSocket through, and may hold streams back or answer by itself.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export type PlainProxy = {
  readonly origin: string
  /** What it does; a test changes it as it goes. */
  readonly rules: {
    letsUpgrades: boolean
    /** Answers that are streams are kept until they end. */
    holdsStreams: boolean
    /** A portal's page for everything, as before somebody has accepted its conditions. */
    isPortal: boolean
  }
  /** How many WebSockets were asked for and let through, and the paths of the requests. */
  readonly seen: { upgradesAsked: number; upgradesLet: number; readonly paths: string[] }
  readonly close: () => Promise<void>
}

export async function startPlainProxy(port: number): Promise<PlainProxy> {
  const rules: PlainProxy['rules'] = { letsUpgrades: false, holdsStreams: false, isPortal: false }
  const seen: PlainProxy['seen'] = { upgradesAsked: 0, upgradesLet: 0, paths: [] }
  const lines = new Set<Socket>()
  const server = createServer((incoming, outgoing) => {
    seen.paths.push(`${incoming.method} ${(incoming.url ?? '').replace(/\?.*/, '')}`)
    if (!rules.isPortal) return forward(port, rules, incoming, outgoing)
    incoming.resume()
    outgoing.setHeader('content-type', 'text/html')
    outgoing.end('<!doctype html><title>Welcome</title>Please accept the conditions.')
  })
  server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    seen.upgradesAsked += 1
    client.on('error', () => undefined)
    if (!rules.letsUpgrades) return void client.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
    seen.upgradesLet += 1
    const line = connect(port, '127.0.0.1', () => {
      const headers = incoming.rawHeaders.reduce((text, part, n) => text + part + (n % 2 ? '\r\n' : ': '), '')
      line.write(`GET ${incoming.url} HTTP/1.1\r\n${headers}\r\n`)
      line.write(head)
      client.pipe(line).pipe(client)
    })
    line.on('error', () => client.destroy())
    client.on('close', () => line.destroy())
  })
  server.on('connection', (socket) => {
    lines.add(socket)
    socket.on('close', () => lines.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rules,
    seen,
    close: () => {
      for (const line of lines) line.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function forward(port: number, rules: PlainProxy['rules'], incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    const isStream = answer.headers['content-type']?.includes('text/event-stream') === true
    if (isStream && rules.holdsStreams) return void answer.resume()
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    outgoing.flushHeaders()
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
  })
  onward.on('error', () => outgoing.destroy())
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
}
