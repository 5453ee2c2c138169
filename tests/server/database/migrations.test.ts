import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { COLLECTION_NAMES, definitionOf } from '#domain/sync/collections.ts'
import { checkDatabase } from '#server/database/check-database.ts'
import { openDatabase } from '#server/database/database.ts'
import type { Engine } from '#server/database/dialect.ts'
import { MIGRATIONS, migrateDatabase } from '#server/database/migrate.ts'
import type { Migration } from '#server/database/migrations/migration.ts'
import { anEmptyDatabase, engines } from '#tests/support/throw-away-database.ts'

/** Tables with their columns, keys and indexes, in an order that does not depend on history. */
async function shapeOf(url: string, engine: Engine): Promise<string[]> {
  const database = openDatabase({ url })
  try {
    return await database.read(async (tx) => {
      const statement =
        engine === 'sqlite'
          ? `select name || ' ' || coalesce(sql, '') as shape from sqlite_schema order by name`
          : `select concat_ws(' ', table_name, column_name, column_type, is_nullable, collation_name) as shape
             from information_schema.columns where table_schema = database()
             union all select concat_ws(' ', table_name, index_name, seq_in_index, column_name, non_unique)
             from information_schema.statistics where table_schema = database()
             union all select concat_ws(' ', table_name, constraint_name, constraint_type)
             from information_schema.table_constraints where table_schema = database() order by shape`
      const { rows } = await sql.raw<{ shape: string }>(statement).execute(tx)
      return rows.map(({ shape }) => shape)
    })
  } finally {
    await database.close()
  }
}

describe.each(engines)('migrations on %s', (engine) => {
  test('an empty database gets every table, passes the boot checks, and a second run changes nothing', async () => {
    const { url, drop } = await anEmptyDatabase(engine)
    expect(await migrateDatabase({ url })).toEqual(MIGRATIONS.map(({ number }) => number))
    const shape = await shapeOf(url, engine)
    expect(await migrateDatabase({ url })).toEqual([])
    expect(await shapeOf(url, engine)).toEqual(shape)
    const database = openDatabase({ url })
    await checkDatabase(database)
    await database.close()
    await drop()
  })

  test('every field of every replicated document has a column', async () => {
    const { url, drop } = await anEmptyDatabase(engine)
    await migrateDatabase({ url })
    const database = openDatabase({ url })
    for (const name of COLLECTION_NAMES) {
      const columns = Object.keys(definitionOf(name).schema.properties).map((field) =>
        field === 'start' || field === 'end'
          ? `${field}_at`
          : field.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`),
      )
      const tail = ['content_hash', 'is_deleted', 'updated_at']
      const wanted = [...new Set([...columns, ...tail])].map((column) => sql.ref(column))
      await database.read((tx) => sql`select ${sql.join(wanted)} from ${sql.table(name)}`.execute(tx))
    }
    await database.close()
    await drop()
  })

  test('a migration cut off before any of its statements ends in the same tables', async () => {
    const whole = await anEmptyDatabase(engine)
    const statements: string[] = []
    await migrateDatabase({ url: whole.url }, { beforeStatement: (statement) => void statements.push(statement) })
    const shape = await shapeOf(whole.url, engine)
    await whole.drop()

    const cut = await anEmptyDatabase(engine)
    for (let survived = 1; survived < statements.length; survived += 1) {
      let left = 2
      const dieAtTheSecond = () => {
        left -= 1
        if (left === 0) throw new Error('power cut')
      }
      await migrateDatabase({ url: cut.url }, { beforeStatement: dieAtTheSecond }).catch((error: Error) => {
        if (error.message !== 'power cut') throw error
      })
    }
    await migrateDatabase({ url: cut.url })
    expect(await shapeOf(cut.url, engine)).toEqual(shape)
    await cut.drop()
  })

  test('two processes that start together both find a migrated database', async () => {
    const { url, drop } = await anEmptyDatabase(engine)
    const ran = await Promise.all([migrateDatabase({ url }), migrateDatabase({ url })])
    expect(ran.some((numbers) => numbers.length === MIGRATIONS.length)).toBe(true)
    expect(await migrateDatabase({ url })).toEqual([])
    await drop()
  })

  test('a database of a newer version is refused', async () => {
    const { url, drop } = await anEmptyDatabase(engine)
    const future: Migration = { number: 999, name: 'future', steps: [{ sqlite: ['select 1'], mysql: ['select 1'] }] }
    await migrateDatabase({ url }, { migrations: [...MIGRATIONS, future] })
    await expect(migrateDatabase({ url })).rejects.toThrow('newer than this program')
    await drop()
  })
})
