/**
 * The only file that knows which SQL the engines do not share. Everything else is the subset both understand: no RETURNING,
 * no JSON operators, no time types, no collation but the binary one.
 */
import { type CompiledQuery, type Kysely, MysqlAdapter, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
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

/** One part of a UNION whose rows are locked until the transaction ends; SQLite takes no parentheses there. */
export const lockedPart = (tx: Tx, select: RawBuilder<unknown>): RawBuilder<unknown> =>
  engineOf(tx) === 'mysql' ? sql`(${select} for update)` : select

/** After a table's name: the index to use for it. */
export const indexHint = (tx: Tx, index: string): RawBuilder<unknown> =>
  sql.raw(engineOf(tx) === 'mysql' ? `force index (${index})` : `indexed by ${index}`)

/** Locks the rows that no other transaction has locked, and leaves those others out: work for several is never done twice. */
export function claimDue<Names extends TableName, Row>(
  tx: Tx,
  query: SelectQueryBuilder<Tables, Names, Row>,
): SelectQueryBuilder<Tables, Names, Row> {
  return engineOf(tx) === 'mysql' ? query.forUpdate().skipLocked() : query
}

export type UpsertColumns<Name extends TableName> = {
  readonly key: readonly (keyof Tables[Name] & string)[]
  readonly set: readonly (keyof Tables[Name] & string)[]
}

/** Inserts rows; where the key exists already, sets the named columns to the new row's values. */
export async function upsert<Name extends TableName>(
  tx: Tx,
  table: Name,
  rows: readonly Tables[Name][],
  columns: UpsertColumns<Name>,
): Promise<void> {
  if (rows.length > 0) await insertOf(tx, table, rows, columns).execute()
}

/** A statement that can be put together for later, or run. */
export type Statement = { compile(): CompiledQuery; execute(): Promise<unknown> }

/**
 * The statement that inserts rows of the same columns, at least one; with `upsert` it sets the named columns where the key
 * exists already. Every stored document passes here, so only its values are put together each time.
 */
export function insertOf<Name extends TableName>(
  tx: Tx,
  table: Name,
  rows: readonly Tables[Name][],
  upsert?: UpsertColumns<Name>,
): Statement {
  const engine = engineOf(tx)
  const names = Object.keys(rows[0] as object)
  const key = `${engine} ${table} ${rows.length} ${names.join()} ${upsert?.set.join() ?? ''}`
  let texts = INSERTS.get(key)
  if (texts === undefined) {
    if (INSERTS.size >= MOST_INSERTS) INSERTS.clear()
    texts = insertTexts(engine, table, names, rows.length, upsert)
    INSERTS.set(key, texts)
  }
  const values = rows.flatMap((row) => names.map((name) => (row as Record<string, unknown>)[name]))
  const statement = sql(texts, ...values)
  return { compile: () => statement.compile(tx), execute: () => statement.execute(tx) }
}

const MOST_INSERTS = 500
const INSERTS = new Map<string, TemplateStringsArray>()

/** The texts around the values. */
function insertTexts(
  engine: Engine,
  table: string,
  names: readonly string[],
  count: number,
  upsert: { readonly key: readonly string[]; readonly set: readonly string[] } | undefined,
): TemplateStringsArray {
  const quote = engine === 'mysql' ? '`' : '"'
  const quoted = (name: string) => `${quote}${name}${quote}`
  const list = (all: readonly string[]) => all.map(quoted).join(', ')
  const row = `(${names.map(() => '?').join(', ')})`
  const insert = `insert into ${quoted(table)} (${list(names)}) values ${Array.from({ length: count }, () => row).join(', ')}`
  // VALUES() is deprecated in MySQL 8.0.20 but is what MySQL and MariaDB have in common.
  const given = (name: string) => (engine === 'mysql' ? `values(${quoted(name)})` : `excluded.${quoted(name)}`)
  const onKey = upsert && (engine === 'mysql' ? 'on duplicate key' : `on conflict (${list(upsert.key)}) do`)
  const set = upsert && `${onKey} update ${engine === 'mysql' ? '' : 'set '}`
  const changes = upsert?.set.map((name) => `${quoted(name)} = ${given(name)}`).join(', ')
  const texts = `${insert}${upsert ? ` ${set}${changes}` : ''}`.split('?')
  return Object.assign(texts, { raw: texts })
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
