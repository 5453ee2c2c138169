/**
 * `npm run sync-server -- migrate`: brings the database up to this version, as every start does, and says which steps it took.
 * `--check` takes none and ends with 1 where some are missing. A database of a newer version is left alone.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DatabaseTooNew, listMissing, migrateDatabase } from '#server/database/migrate.ts'
import { readSettings } from '#server/settings.ts'

class MigrateRefused extends Error {}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const answer = readSettings(process.env, [])
  if (!answer.ok) throw new MigrateRefused(answer.problems.join('\n'))
  const { databaseUrl: url, dataDir } = answer.settings
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) {
    throw new MigrateRefused(`There is no database in ${dataDir}; the first start makes one.`)
  }
  const missing = await listMissing({ url })
  for (const { number, name } of missing) console.log(`${String(number).padStart(4, '0')} ${name}`)
  if (missing.length === 0) console.log('The database is up to date.')
  else if (values.check) console.log(`${missing.length} missing.`)
  if (values.check) return missing.length === 0 ? 0 : 1
  await migrateDatabase({ url })
  if (missing.length > 0) console.log('Done.')
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const isExpected = error instanceof MigrateRefused || error instanceof DatabaseTooNew
  console.error(isExpected ? error.message : error)
  process.exitCode = 1
}
