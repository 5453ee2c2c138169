/**
 * `npm run verify`: checks every clinic of the database, beside a running server or without one, and changes nothing. Prints a
 * sentence per problem; the exit code is 0 only when there is none. The secret key must be the server's, or no seal holds.
 *
 * `npm run verify -- --restored`, once after a backup was put back: begins a new history of every clinic first, so that devices notice
 * and send what the backup lacks.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openDataFolder } from '#server/data-folder.ts'
import { openDatabase } from '#server/database/database.ts'
import { beginNewHistory } from '#server/operations/begin-new-history.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { readSettings } from '#server/settings.ts'
import { checkClinics } from './check-clinics.ts'

class VerifyRefused extends Error {}

/** @returns the number of problems */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, restored: { type: 'boolean', default: false } } })
  const answer = readSettings({ ...process.env, ...(values.data && { DATA_DIR: values.data }) }, [])
  if (!answer.ok) throw new VerifyRefused(answer.problems.join('\n'))
  const { databaseUrl: url, dataDir, secretKey } = answer.settings
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) {
    throw new VerifyRefused(`There is no database in ${dataDir}.`)
  }
  const key = secretKey ?? openDataFolder(dataDir).findSecret('secret.key')
  if (key === null)
    throw new VerifyRefused('SECRET_KEY is not set and the data folder holds none: no seal can be checked.')
  const database = openDatabase({ url })
  try {
    if (values.restored) {
      const begun = await beginNewHistory({ database, now: Date.now, newId: newIdSource(Date.now) })
      console.log(`A new history of ${begun.length} ${begun.length === 1 ? 'clinic' : 'clinics'} has begun.`)
    }
    return await checkClinics(database, key)
  } finally {
    await database.close()
  }
}

try {
  process.exitCode = (await main()) === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof VerifyRefused ? error.message : error)
  process.exitCode = 1
}
