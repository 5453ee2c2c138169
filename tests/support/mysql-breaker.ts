/**
 * A TCP proxy in front of MariaDB that knows where one statement ends and the next begins, so that a connection can be cut at any
 * of them: before the statement arrives, after it was carried out but before its answer, or by the server's own KILL.
 */
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { createConnection } from 'mysql2/promise'
import { MYSQL_URL } from './throw-away-database.ts'

export type Break = 'before' | 'after' | 'kill'

const QUERY = 0x03

export class MysqlBreaker {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #plan: { mode: Break; countdown: number } | undefined
  /** Statements seen since the last `arm`. */
  readonly statements: string[] = []
  isDown = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<MysqlBreaker> {
    const server = createServer()
    const breaker = new MysqlBreaker(server)
    server.on('connection', (client) => breaker.#join(client))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return breaker
  }

  /** The address of a database through the proxy. */
  urlOf(url: string): string {
    const address = this.#server.address()
    const through = new URL(url)
    through.hostname = '127.0.0.1'
    through.port = String(typeof address === 'object' && address ? address.port : 0)
    return through.toString()
  }

  /** Breaks the connection at the n-th statement from now, counted over all connections; 0 only counts. */
  arm(mode: Break, statement: number): void {
    this.statements.length = 0
    this.#plan = statement > 0 ? { mode, countdown: statement } : undefined
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: Socket): void {
    if (this.isDown) return void client.destroy()
    const target = new URL(MYSQL_URL)
    const server = tcpConnect(Number(target.port || 3306), target.hostname)
    const both = [client, server]
    for (const socket of both) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const each of both) each.destroy()
      })
    }
    let threadId: number | undefined
    let isDeaf = false
    server.on('data', (chunk) => {
      threadId ??= threadIdOf(chunk)
      if (isDeaf) return cut(both)
      client.write(chunk)
    })
    client.on('data', (chunk) => {
      const mode = this.#see(chunk)
      if (mode === 'before') return cut(both)
      if (mode === 'kill') {
        kill(threadId).then(
          () => server.write(chunk),
          () => cut(both),
        )
        return
      }
      isDeaf = mode === 'after'
      server.write(chunk)
    })
  }

  /** Notes a statement; returns how the connection breaks at it, if it does. */
  #see(chunk: Buffer): Break | undefined {
    // A command starts a new sequence; packets of the log-in continue one. The driver sends one command at a time.
    if (chunk[3] !== 0 || chunk[4] !== QUERY) return undefined
    this.statements.push(chunk.subarray(5).toString('utf8').slice(0, 80))
    if (!this.#plan) return undefined
    this.#plan.countdown -= 1
    if (this.#plan.countdown > 0) return undefined
    const { mode } = this.#plan
    this.#plan = undefined
    return mode
  }
}

const cut = (sockets: readonly Socket[]): void => {
  for (const socket of sockets) socket.destroy()
}

/** From the server's greeting: protocol 10, its version as text, a zero byte, the connection's number. */
function threadIdOf(greeting: Buffer): number | undefined {
  if (greeting[4] !== 10) return undefined
  return greeting.readUInt32LE(greeting.indexOf(0, 5) + 1)
}

async function kill(threadId: number | undefined): Promise<void> {
  const connection = await createConnection(MYSQL_URL)
  try {
    await connection.query('kill connection ?', [threadId])
  } finally {
    await connection.end()
  }
}
