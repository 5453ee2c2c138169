/** A backup of a throw-away database, in memory, and its return under a running server. The audit is left alone: it only grows. */
import { sql } from 'kysely'
import type { Database } from '#server/database/database.ts'
import type { Tx } from '#server/database/dialect.ts'
import type { TableName } from '#server/database/tables.ts'

export type Backup = ReadonlyMap<TableName, readonly object[]>

export const takeBackup = (database: Database): Promise<Backup> =>
  database.read(async (tx) => {
    const tables = new Map<TableName, readonly object[]>()
    for (const table of await tablesOf(tx, database)) {
      tables.set(table, await tx.selectFrom(table).selectAll().execute())
    }
    return tables
  })

/** Puts all rows back as they were. */
export async function putBack(database: Database, backup: Backup): Promise<void> {
  const isMysql = database.engine === 'mysql'
  await database.write(async (tx) => {
    if (isMysql) await sql`SET FOREIGN_KEY_CHECKS = 0`.execute(tx)
    else await sql`PRAGMA defer_foreign_keys = ON`.execute(tx)
    for (const [table, rows] of backup) {
      await tx.deleteFrom(table).execute()
      for (const row of rows)
        await tx
          .insertInto(table)
          .values(row as never)
          .execute()
    }
    if (isMysql) await sql`SET FOREIGN_KEY_CHECKS = 1`.execute(tx)
  })
}

async function tablesOf(tx: Tx, { engine }: Database): Promise<readonly TableName[]> {
  const { rows } =
    engine === 'mysql'
      ? await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables
          WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'`.execute(tx)
      : await sql<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`.execute(tx)
  return rows.map(({ name }) => name).filter((name) => !/^(audit|sqlite|migrations)/.test(name)) as TableName[]
}
