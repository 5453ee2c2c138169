import { checkDatabase } from './check-database.ts'
import { type Database, type DatabaseSettings, openDatabase } from './database.ts'
import { migrateDatabase } from './migrate.ts'

/**
 * A database ready for work: migrated, open, and known to keep what the code relies on.
 * @throws DatabaseTooNew, UnfitDatabase, or the driver's error when it cannot be reached
 */
export async function startDatabase(settings: DatabaseSettings): Promise<Database> {
  await migrateDatabase(settings)
  const database = openDatabase(settings)
  try {
    await checkDatabase(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
