/** From a database address to two Kysely handles: one for writers, one for readers. */
import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolOptions } from 'mysql2'
import type { Engine } from './dialect.ts'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'
import type { Tables } from './tables.ts'

export type DatabaseSettings = {
  /** `sqlite:PATH` or `mysql://user:password@host:port/database`. */
  readonly url: string
  /** Connections that write (MySQL only; SQLite has one writer) and connections that read. */
  readonly writers?: number
  readonly readers?: number
}

export type Connections = {
  readonly engine: Engine
  readonly writer: Kysely<Tables>
  readonly reader: Kysely<Tables>
}

/**
 * @throws TypeError when the address is neither `sqlite:` nor `mysql:`. The address itself is not repeated: it may hold a password.
 */
export function connect({ url, writers = 8, readers = 8 }: DatabaseSettings): Connections {
  if (url.startsWith('sqlite:')) return connectSqlite(url.slice('sqlite:'.length), readers)
  if (!/^mysql:\/\//.test(url)) throw new TypeError('A database address starts with sqlite: or mysql://')
  return {
    engine: 'mysql',
    // READ COMMITTED: REPEATABLE READ decides on the state before the lock was waited for (20 of 20 booked one slot).
    writer: connectMysql(url, writers, 'read committed'),
    reader: connectMysql(url, readers, 'repeatable read'),
  }
}

function connectSqlite(path: string, readers: number): Connections {
  // A transaction that finds another process writing is repeated by the caller, so that waiting never blocks the process.
  const pragmas = [
    'pragma busy_timeout = 20',
    'pragma journal_mode = wal',
    'pragma synchronous = full',
    'pragma wal_autocheckpoint = 4000',
    'pragma foreign_keys = on',
  ]
  const open = (connections: number, more: readonly string[]) =>
    new Kysely<Tables>({ dialect: nodeSqliteDialect({ path, connections, pragmas: [...pragmas, ...more] }) })
  return { engine: 'sqlite', writer: open(1, []), reader: open(readers, ['pragma query_only = on']) }
}

const SQL_MODE = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'

function connectMysql(url: string, connectionLimit: number, isolation: string): Kysely<Tables> {
  const options: PoolOptions = {
    uri: url,
    connectionLimit,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    stringifyObjects: true,
    multipleStatements: false,
    connectTimeout: 10_000,
    enableKeepAlive: true,
  }
  return new Kysely<Tables>({
    dialect: new MysqlDialect({
      pool: async () => createPool(options),
      onCreateConnection: async (connection) => {
        const statements = [
          `set session sql_mode = '${SQL_MODE}', time_zone = '+00:00', innodb_lock_wait_timeout = 10`,
          `set session transaction isolation level ${isolation}`,
        ]
        for (const statement of statements) await connection.executeQuery(CompiledQuery.raw(statement))
      },
    }),
  })
}
