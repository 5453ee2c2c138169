/**
 * FakeSyncServer behind real HTTP and a real WebSocket, with the page under test beside it: same origin, tickets and policy as
 * the real one. For tests about the client in a browser; what the server decides is tested elsewhere, with the real one.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { contentSecurityPolicy } from '#domain/security/content-security-policy.ts'
import { type CollectionName, isCollectionName } from '#domain/sync/collections.ts'
import { SYNC_SUBPROTOCOL } from '#domain/sync/protocol-version.ts'
import type { SyncError } from '#renderer/local-db/sync-error.ts'
import { FakeSyncServer } from './fake-sync-server.ts'
import { type Asked, WELCOME } from './scripted-sync-server.ts'

export type FakeSyncService = {
  readonly url: string
  readonly server: FakeSyncServer
  /** How many sockets are open. */
  readonly sockets: () => number
  /** While off, tickets are refused a connection and open sockets are cut. */
  readonly setOnline: (isOnline: boolean) => void
  readonly poke: (collection: CollectionName) => void
  readonly close: () => Promise<void>
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

/** @param folder of the page's files; nothing is served without one */
export async function startFakeSyncService(folder?: string): Promise<FakeSyncService> {
  const server = new FakeSyncServer()
  let isOnline = true
  const http = createServer((request, response) => {
    if (!isOnline && request.url?.startsWith('/api')) request.socket.destroy()
    else void respond(request, response, folder)
  })
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SYNC_SUBPROTOCOL })
  http.on('upgrade', (request, socket, head) => {
    if (!isOnline) socket.destroy()
    else sockets.handleUpgrade(request, socket, head, (ws) => converse(ws, server))
  })
  const poke = (collection: CollectionName) => {
    for (const ws of sockets.clients) ws.send(JSON.stringify({ id: 'stream', collection, result: 'RESYNC' }))
  }
  server.onStored = poke
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const cutAll = () => {
    for (const ws of sockets.clients) ws.terminate()
  }
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    server,
    sockets: () => sockets.clients.size,
    setOnline: (wanted) => {
      isOnline = wanted
      if (!wanted) cutAll()
    },
    poke,
    close: () => {
      cutAll()
      http.closeAllConnections()
      return new Promise((resolve) => http.close(() => resolve()))
    },
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, folder?: string): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://host')
  if (pathname === '/api/v1/auth/socket-ticket') {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ticket: 'a-ticket-of-the-fake-server', expiresAt: Date.now() + 30_000 }))
    return
  }
  try {
    const file = await readFile(join(folder ?? '/nowhere', pathname === '/' ? 'index.html' : pathname))
    response.setHeader('content-type', TYPES[extname(pathname)] ?? 'text/html')
    response.setHeader('content-security-policy', contentSecurityPolicy())
    response.end(file)
  } catch {
    response.statusCode = 404
    response.end()
  }
}

function converse(ws: WebSocket, server: FakeSyncServer): void {
  ws.on('error', () => undefined)
  ws.on('message', async (data) => {
    const frame = JSON.parse(data.toString()) as Asked
    const { id, collection } = frame
    const answer = await resultOf(server, frame).then(
      (result) => ({ result }),
      ({ code, message }: SyncError) => ({ error: { code, message } }),
    )
    if (('result' in answer && answer.result === undefined) || ws.readyState !== ws.OPEN) return
    ws.send(JSON.stringify({ id, collection, ...answer }))
  })
}

async function resultOf(server: FakeSyncServer, { method, collection, params }: Asked): Promise<unknown> {
  if (method === 'auth') return { ...WELCOME, serverTime: Date.now() }
  if (method === 'ping') return { serverTime: Date.now() }
  if (!isCollectionName(collection)) return undefined
  const [first, second] = params as [never, never]
  if (method === 'masterChangesSince') return server.pull(collection, first ?? undefined, second)
  return method === 'masterWrite' ? server.push(collection, first) : undefined
}
