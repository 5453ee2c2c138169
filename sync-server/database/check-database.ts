/** What must hold of a database before the first request is served. */
import { type Kysely, sql } from 'kysely'
import type { Database, Tx } from './database.ts'
import type { Tables } from './tables.ts'

/** The database would not keep a promise this server makes. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase'
}

type Setting = {
  readonly name: string
  readonly value: string
  readonly wanted: (value: string) => boolean
  readonly why: string
}

/**
 * Reads the settings of a writing connection and compares them with what the code relies on.
 * @throws UnfitDatabase naming the first setting that is wrong.
 */
export async function checkDatabase(database: Database): Promise<void> {
  const settings = await database.write((tx) => (database.engine === 'sqlite' ? sqliteSettings(tx) : mysqlSettings(tx)))
  for (const { name, value, wanted, why } of settings) {
    if (!wanted(value)) throw new UnfitDatabase(`${name} is ${value}: ${why}`)
  }
}

const is = (wanted: string) => (value: string) => value.toLowerCase() === wanted

async function sqliteSettings(tx: Tx): Promise<Setting[]> {
  const pragma = async (name: string) => {
    const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(tx)
    return String(Object.values(rows[0] ?? {})[0])
  }
  return [
    {
      name: 'foreign_keys',
      value: await pragma('foreign_keys'),
      wanted: is('1'),
      why: 'rows could name what does not exist',
    },
    {
      name: 'journal_mode',
      value: await pragma('journal_mode'),
      wanted: is('wal'),
      why: 'readers would block the writer',
    },
    {
      name: 'synchronous',
      value: await pragma('synchronous'),
      wanted: is('2'),
      why: 'an acknowledged write could be lost with the power',
    },
  ]
}

async function mysqlSettings(tx: Kysely<Tables>): Promise<Setting[]> {
  const { rows } = await sql<{ Variable_name: string; Value: string }>`
    show session variables where variable_name in ('tx_isolation', 'transaction_isolation', 'sql_mode',
      'innodb_flush_log_at_trx_commit', 'foreign_key_checks', 'check_constraint_checks', 'default_storage_engine')`.execute(
    tx,
  )
  const rules: Record<string, Pick<Setting, 'wanted' | 'why'>> = {
    tx_isolation: { wanted: is('read-committed'), why: 'a decision could rest on a state before its lock' },
    transaction_isolation: { wanted: is('read-committed'), why: 'a decision could rest on a state before its lock' },
    sql_mode: { wanted: (value) => value.includes('STRICT_ALL_TABLES'), why: 'values would be cut off silently' },
    innodb_flush_log_at_trx_commit: { wanted: is('1'), why: 'an acknowledged write could be lost with the power' },
    foreign_key_checks: { wanted: is('on'), why: 'rows could name what does not exist' },
    check_constraint_checks: { wanted: is('on'), why: 'the constraints would not be kept' },
    default_storage_engine: { wanted: is('innodb'), why: 'only InnoDB keeps transactions' },
  }
  return rows.flatMap(({ Variable_name: name, Value: value }) => {
    const rule = rules[name]
    return rule ? [{ name, value, ...rule }] : []
  })
}
