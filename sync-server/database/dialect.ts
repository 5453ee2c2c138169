/**
 * The only file that knows which SQL the engines do not share. Everything else is the subset both understand: no RETURNING,
 * no JSON operators, no time types, no collation but the binary one.
 */
import { type Kysely, MysqlAdapter, type SelectQueryBuilder, sql } from 'kysely'
import { kindOfDatabaseError } from './errors.ts'
import type { TableName, Tables } from './tables.ts'

export type Engine = 'sqlite' | 'mysql'
/** A transaction, or a connection inside one: what every repository takes. */
export type Tx = Kysely<Tables>

export const engineOf = (tx: Kysely<Tables>): Engine =>
  tx.getExecutor().adapter instanceof MysqlAdapter ? 'mysql' : 'sqlite'

/** Locks the rows a decision rests on until the transaction ends. SQLite has one writer, so the lock is held already. */
export function lockRow<Names extends TableName, Row>(
  tx: Tx,
  query: SelectQueryBuilder<Tables, Names, Row>,
): SelectQueryBuilder<Tables, Names, Row> {
  return engineOf(tx) === 'mysql' ? query.forUpdate() : query
}

/** Locks the rows that no other transaction has locked, and leaves those others out: work for several is never done twice. */
export function claimDue<Names extends TableName, Row>(
  tx: Tx,
  query: SelectQueryBuilder<Tables, Names, Row>,
): SelectQueryBuilder<Tables, Names, Row> {
  return engineOf(tx) === 'mysql' ? query.forUpdate().skipLocked() : query
}

/** Inserts rows; where the key exists already, sets the named columns to the new row's values. */
export async function upsert<Name extends TableName>(
  tx: Tx,
  table: Name,
  rows: readonly Tables[Name][],
  columns: {
    readonly key: readonly (keyof Tables[Name] & string)[]
    readonly set: readonly (keyof Tables[Name] & string)[]
  },
): Promise<void> {
  if (rows.length === 0) return
  const names = Object.keys(rows[0] as object)
  const values = sql.join(
    rows.map((row) => sql`(${sql.join(names.map((name) => (row as Record<string, unknown>)[name]))})`),
  )
  const insert = sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))}) values ${values}`
  // VALUES() is deprecated in MySQL 8.0.20 but is what MySQL and MariaDB have in common.
  const rest =
    engineOf(tx) === 'mysql'
      ? sql`on duplicate key update ${sql.join(columns.set.map((name) => sql`${sql.ref(name)} = values(${sql.ref(name)})`))}`
      : sql`on conflict (${sql.join(columns.key.map((name) => sql.ref(name)))}) do update set ${sql.join(
          columns.set.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`),
        )}`
  await sql`${insert} ${rest}`.execute(tx)
}

/**
 * Inserts one row unless a unique key holds already. Returns whether it was inserted.
 * MySQL's INSERT IGNORE would also swallow broken values, so there the duplicate is caught: it undoes its statement only.
 */
export async function insertIgnore<Name extends TableName>(tx: Tx, table: Name, row: Tables[Name]): Promise<boolean> {
  const insert = tx.insertInto(table).values(row as never)
  if (engineOf(tx) === 'sqlite') {
    const result = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
    return result.numInsertedOrUpdatedRows === 1n
  }
  try {
    await insert.execute()
    return true
  } catch (error) {
    if (kindOfDatabaseError(error) === 'duplicate') return false
    throw error
  }
}

/** Begins a transaction that sees one state of the database from its first statement to its last. */
export async function beginRead(tx: Tx): Promise<void> {
  // Readers of MySQL run at REPEATABLE READ (see connections.ts); without the clause the state is fixed by the first SELECT.
  const begin = engineOf(tx) === 'mysql' ? 'start transaction with consistent snapshot, read only' : 'begin'
  await sql.raw(begin).execute(tx)
}

/** Begins a transaction that writes. */
export async function beginWrite(tx: Tx): Promise<void> {
  await sql.raw(engineOf(tx) === 'mysql' ? 'start transaction' : 'begin immediate').execute(tx)
}

export async function setSavepoint(tx: Tx): Promise<void> {
  await sql.raw('savepoint job').execute(tx)
}

/** Undoes everything since `setSavepoint`. */
export async function rollbackToSavepoint(tx: Tx): Promise<void> {
  await sql.raw('rollback to savepoint job').execute(tx)
}

/** Ends a savepoint and keeps its work. MySQL replaces one of the same name, SQLite would stack them. */
export async function releaseSavepoint(tx: Tx): Promise<void> {
  if (engineOf(tx) === 'sqlite') await sql.raw('release savepoint job').execute(tx)
}
