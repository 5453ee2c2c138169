/**
 * Kysely on Node's own SQLite: a small pool of connections to one file, so that readers keep their snapshot while the one
 * writer works. A connection is used by one transaction at a time; whoever finds none free waits in line.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

export type NodeSqliteSettings = {
  readonly path: string
  readonly connections: number
  /** Statements run on every new connection. */
  readonly pragmas: readonly string[]
}

/** Statements a connection keeps prepared; the oldest goes first. */
const STATEMENT_CACHE_SIZE = 400

export const nodeSqliteDialect = (settings: NodeSqliteSettings): Dialect => ({
  createDriver: () => new NodeSqliteDriver(settings),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new PooledSqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
})

class PooledSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class NodeSqliteDriver implements Driver {
  readonly #settings: NodeSqliteSettings
  readonly #all: NodeSqliteConnection[] = []
  readonly #free: NodeSqliteConnection[] = []
  readonly #waiting: ((connection: NodeSqliteConnection) => void)[] = []

  constructor(settings: NodeSqliteSettings) {
    this.#settings = settings
  }

  async init(): Promise<void> {
    for (let count = 0; count < this.#settings.connections; count += 1) {
      const connection = new NodeSqliteConnection(this.#settings)
      this.#all.push(connection)
      this.#free.push(connection)
    }
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#free.pop() ?? new Promise((resolve) => this.#waiting.push(resolve))
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const next = this.#waiting.shift()
    if (next) next(connection as NodeSqliteConnection)
    else this.#free.push(connection as NodeSqliteConnection)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'begin immediate')
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'commit')
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'rollback')
  }

  async destroy(): Promise<void> {
    for (const connection of this.#all) connection.close()
  }
}

const run = (connection: DatabaseConnection, sql: string) =>
  connection.executeQuery({ sql, parameters: [] } as unknown as CompiledQuery)

/** A statement with the names of what it answers; none where it answers no rows. */
type Prepared = { readonly statement: StatementSync; readonly columns: readonly string[] }

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, Prepared>()

  constructor({ path, pragmas }: NodeSqliteSettings) {
    this.#database = new DatabaseSync(path)
    for (const pragma of pragmas) this.#database.exec(pragma)
    // SQLite's own knows ASCII alone; MariaDB's knows every letter.
    this.#database.function('lower', { deterministic: true }, (text) =>
      typeof text === 'string' ? text.toLowerCase() : text,
    )
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { statement, columns } = this.#prepared(sql)
    const values = parameters.map(toInputValue)
    if (columns.length > 0) {
      const rows = statement.all(...values) as unknown as readonly unknown[][]
      return { rows: rows.map((row) => toObject(columns, row)) as Row[] }
    }
    const { changes } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  // biome-ignore lint/correctness/useYield: nothing streams from SQLite, whose rows are all there at once
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streaming is not offered on SQLite')
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    const columns = statement.columns().map(({ name }) => name)
    // Objects of node:sqlite have no prototype, which equality checks and structured clones stumble over; and copying each costs
    // more than reading it.
    statement.setReturnArrays(true)
    const entry = { statement, columns }
    const [oldest] = this.#statements.keys()
    if (this.#statements.size >= STATEMENT_CACHE_SIZE && oldest !== undefined) this.#statements.delete(oldest)
    this.#statements.set(sql, entry)
    return entry
  }
}

function toObject(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index += 1) row[columns[index] as string] = values[index]
  return row
}

const toInputValue = (value: unknown): SQLInputValue =>
  typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
