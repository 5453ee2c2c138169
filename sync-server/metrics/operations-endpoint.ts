/** `/metrics`, `/healthz` and `/readyz` on a port of their own, on this machine alone: nothing here is for the network. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Metrics } from './metrics.ts'

export type OperationsEndpoint = { readonly port: number; close(): Promise<void> }

export type EndpointDeps = {
  readonly metrics: Metrics
  /** Rejects while the process cannot do its work. */
  readonly checkReady: () => Promise<void>
}

/** @param port 0 lets the system choose */
export async function openOperationsEndpoint(
  port: number,
  { metrics, checkReady }: EndpointDeps,
): Promise<OperationsEndpoint> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, { metrics, checkReady }).catch(() => {
      if (!response.headersSent) response.writeHead(503)
      response.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(url: string, response: ServerResponse, { metrics, checkReady }: EndpointDeps): Promise<void> {
  const json = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  switch (url.split('?')[0]) {
    case '/metrics': {
      const text = await metrics.text()
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
      return
    }
    case '/healthz':
      json(200, { status: 'ok' })
      return
    case '/readyz':
      await checkReady()
      json(200, { status: 'ok' })
      return
    default:
      json(404, { status: 'not-found' })
  }
}
