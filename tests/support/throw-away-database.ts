import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Engine } from '#server/database/dialect.ts'
import { migrateDatabase } from '#server/database/migrate.ts'

export const MYSQL_URL = process.env.MYSQL_URL ?? 'mysql://root@127.0.0.1:3306'

/** The engines a suite runs on; `TEST_ENGINES=sqlite` leaves MariaDB out on a machine that has none. */
export const engines = (process.env.TEST_ENGINES ?? 'sqlite,mysql').split(',') as Engine[]

export type ThrowAwayDatabase = { readonly url: string; readonly drop: () => Promise<void> }

/**
 * An empty database of its own, without tables. Call `drop` when every connection to it is closed.
 * @param mysqlUrl another MariaDB than the one all tests share
 */
export async function anEmptyDatabase(engine: Engine, mysqlUrl = MYSQL_URL): Promise<ThrowAwayDatabase> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'appointments-'))
    return { url: `sqlite:${join(folder, 'test.db')}`, drop: async () => rmSync(folder, { recursive: true }) }
  }
  const name = `test_${process.pid}_${randomUUID().slice(0, 8)}`
  await asRoot(`create database ${name} character set utf8mb4 collate utf8mb4_bin`, mysqlUrl)
  return { url: `${mysqlUrl.replace(/\/$/, '')}/${name}`, drop: () => asRoot(`drop database ${name}`, mysqlUrl) }
}

/** A database of its own with all tables. */
export async function aDatabase(engine: Engine, mysqlUrl = MYSQL_URL): Promise<ThrowAwayDatabase> {
  const database = await anEmptyDatabase(engine, mysqlUrl)
  await migrateDatabase({ url: database.url })
  return database
}

/** Runs one statement on the MariaDB server, outside any product code. */
export async function asRoot(statement: string, mysqlUrl = MYSQL_URL): Promise<void> {
  const connection = await createConnection(mysqlUrl)
  try {
    await connection.query(statement)
  } finally {
    await connection.end()
  }
}
