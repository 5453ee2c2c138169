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
import { createSealKey } from '#server/operations/audit-seal.ts'
import { beginNewHistory } from '#server/operations/begin-new-history.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { verifyClinic } from '#server/operations/verify-clinic.ts'
import { listSeals } from '#server/repositories/audit-seals.ts'
import { listClinics } from '#server/repositories/clinic-rows.ts'
import { readSettings } from '#server/settings.ts'

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
  const sealKey = createSealKey(key)
  try {
    if (values.restored) {
      const begun = await beginNewHistory({ database, now: Date.now, newId: newIdSource(Date.now) })
      console.log(`A new history of ${begun.length} ${begun.length === 1 ? 'clinic' : 'clinics'} has begun.`)
    }
    let count = 0
    for (const clinic of await database.read(listClinics)) {
      const problems = await verifyClinic({ database, now: Date.now, sealKey }, clinic.id)
      const last = (await database.read((tx) => listSeals(tx, clinic.id))).at(-1)
      for (const { check, sentence } of problems) console.log(`${clinic.name}, ${check}: ${sentence}`)
      const seal = last ? `seal ${last.number} of ${new Date(last.at).toISOString()}` : 'not sealed yet'
      console.log(`${clinic.name}: ${problems.length === 0 ? 'no problem' : `${problems.length} found`}, ${seal}`)
      count += problems.length
    }
    return count
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
