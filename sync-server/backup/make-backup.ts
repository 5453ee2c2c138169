/** A backup of a server: what the database holds, the key that opens what is sealed in it, and who was erased. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BackupRefused, copyDatabase, hasTables, sqliteFileOf } from '#server/database/copy-database.ts'
import { findNewest } from '#server/database/migrate.ts'
import type { Settings } from '#server/settings.ts'
import { DATABASE_FILE, ERASURES_FILE, KEY_FILE, writeBackup } from './backup-folder.ts'

type Where = Pick<Settings, 'databaseUrl' | 'dataDir' | 'secretKey'>

/** @returns the folder of the backup */
export async function makeBackup(
  { databaseUrl: url, dataDir, secretKey }: Where,
  to: string,
  now: number,
): Promise<string> {
  if (!(await hasTables(url))) throw new BackupRefused('There is no database to make a backup of.')
  const engine = sqliteFileOf(url) === null ? 'mysql' : 'sqlite'
  const facts = { version: versionOf(), engine, at: now, migration: await findNewest({ url }) } as const
  return writeBackup(to, facts, async (folder) => {
    await copyDatabase(url, join(folder, DATABASE_FILE))
    // A key from the environment is kept by whoever set it.
    const names = secretKey === null ? [KEY_FILE, ERASURES_FILE] : [ERASURES_FILE]
    for (const name of names.filter((each) => existsSync(join(dataDir, each)))) {
      copyFileSync(join(dataDir, name), join(folder, name))
    }
  })
}

const versionOf = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }).version
