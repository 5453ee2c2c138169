/**
 * Lets servers on this machine see the app's true origin. Chromium shows `app://clinic` as `http://clinic.app.localhost`, which
 * no server knows; so its connections to loopback pass through here, where the `Origin` of a request and the origin allowed by
 * the answer are translated. Nothing else is touched: addresses, policy and network permissions are Chromium's own.
 */
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { toAppUrl, toChromiumUrl } from './schemes.ts'

const LOOPBACK = '127.0.0.1'

/** @returns the switch that leads Chromium's loopback connections here; the `Host` header tells where they were going */
export async function startLoopbackRelay(): Promise<string> {
  const server = createServer({ keepAlive: true }, relayRequest).on('upgrade', relayUpgrade)
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  server.unref()
  const relay = `${LOOPBACK}:${(server.address() as AddressInfo).port}`
  return `--host-resolver-rules=${[LOOPBACK, 'localhost', '[::1]'].map((host) => `MAP ${host} ${relay}`).join(',')}`
}

function relayRequest(incoming: IncomingMessage, answer: ServerResponse): void {
  const outgoing = openRequest({
    ...targetOf(incoming),
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: translated(incoming.rawHeaders, 'origin', toAppOrigin),
    setDefaultHeaders: false,
  })
  outgoing.on('response', (response) => {
    const headers = translated(response.rawHeaders, 'access-control-allow-origin', toChromiumOrigin)
    answer.writeHead(response.statusCode ?? 502, response.statusMessage ?? '', headers)
    response.pipe(answer)
    response.on('error', () => answer.destroy())
  })
  outgoing.on('error', () => answer.destroy())
  answer.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

/** WebSocket: the request line and headers are sent on, then bytes flow both ways. */
function relayUpgrade(incoming: IncomingMessage, client: Duplex, head: Buffer): void {
  const { host, port } = targetOf(incoming)
  const server: Socket = connect(port, host, () => {
    const headers = translated(incoming.rawHeaders, 'origin', toAppOrigin)
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
    for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`)
    server.write(`${lines.join('\r\n')}\r\n\r\n`)
    server.write(head)
    server.pipe(client).pipe(server)
  })
  server.setNoDelay(true)
  for (const [one, other] of [
    [server, client],
    [client, server],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}

function targetOf(incoming: IncomingMessage): { host: string; port: number } {
  return { host: LOOPBACK, port: Number(new URL(`http://${incoming.headers.host}`).port || 80) }
}

/** Names and values in turn, as Node gives and takes them, with one header's value changed. */
function translated(raw: readonly string[], name: string, translate: (value: string) => string): string[] {
  return raw.map((text, at) => (at % 2 === 1 && raw[at - 1]?.toLowerCase() === name ? translate(text) : text))
}

function toAppOrigin(origin: string): string {
  return toAppUrl(`${origin}/`).slice(0, -1)
}

function toChromiumOrigin(origin: string): string {
  return origin.includes('://') ? toChromiumUrl(`${origin}/`).slice(0, -1) : origin
}
