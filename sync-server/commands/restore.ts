/**
 * `npm run sync-server -- restore --from BACKUP [--replace]`: puts a backup back while the server is stopped, begins a new history, so that
 * devices send what the backup lacks, and checks the result. What stood there before is kept beside it.
 */
import { appendFileSync, copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DATABASE_FILE, ERASURES_FILE, KEY_FILE, type Manifest, readBackup } from '#server/backup/backup-folder.ts'
import { makeBackup } from '#server/backup/make-backup.ts'
import { openDataFolder } from '#server/data-folder.ts'
import { BackupRefused, hasTables, putDatabase, sqliteFileOf } from '#server/database/copy-database.ts'
import { openDatabase } from '#server/database/database.ts'
import { MIGRATIONS, migrateDatabase } from '#server/database/migrate.ts'
import { beginNewHistory } from '#server/operations/begin-new-history.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { readSettings, type Settings } from '#server/settings.ts'
import { checkClinics } from '#server/verify/check-clinics.ts'

const ANSWER_MS = 1_000

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { from: { type: 'string' }, replace: { type: 'boolean', default: false } } })
  if (!values.from) throw new BackupRefused('--from must be the folder of a backup.')
  const answer = readSettings(process.env, [])
  if (!answer.ok) throw new BackupRefused(answer.problems.join('\n'))
  const { settings } = answer
  const manifest = await readBackup(values.from)
  refuseWhatDoesNotFit(manifest, settings)
  refuseWithoutKey(manifest, settings)
  await refuseRunningServer(settings)
  const now = Date.now()
  const isEmpty = !(await hasTables(settings.databaseUrl))
  if (!isEmpty && !values.replace) {
    throw new BackupRefused('There is a database already. With --replace it is kept beside the restored one.')
  }
  openDataFolder(settings.dataDir)
  if (!isEmpty && manifest.engine === 'mysql') {
    console.log(`What stood there: ${await makeBackup(settings, join(settings.dataDir, 'before-restore'), now)}`)
  }
  const aside = await putDatabase(settings.databaseUrl, join(values.from, DATABASE_FILE), now)
  if (aside) console.log(`What stood there: ${aside}`)
  takeKey(values.from, settings, now)
  addErasures(values.from, settings)
  return settle(settings)
}

function refuseWhatDoesNotFit({ engine, migration }: Manifest, { databaseUrl }: Settings): void {
  const wanted = sqliteFileOf(databaseUrl) === null ? 'mysql' : 'sqlite'
  if (engine !== wanted) throw new BackupRefused(`The backup is of ${engine}, and DATABASE_URL names ${wanted}.`)
  const newest = Math.max(...MIGRATIONS.map(({ number }) => number))
  if (migration > newest) throw new BackupRefused('The backup was made by a newer version; restore it with that one.')
}

/** Only a port at which nobody listens says that the server has stopped: one that is slow, or hangs, may still write. */
async function refuseRunningServer({ port, host }: Settings): Promise<void> {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  for (const name of new Set(['127.0.0.1', ...(isEverywhere ? [] : [host])])) {
    const at = name.includes(':') ? `[${name}]` : name
    const hasStopped = await fetch(`http://${at}:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
      () => false,
      ({ cause }: { readonly cause?: { readonly code?: string } }) => cause?.code === 'ECONNREFUSED',
    )
    if (!hasStopped)
      throw new BackupRefused(`A server answers at port ${port}. Stop it, and every other instance, first.`)
  }
}

/** Asked before anything is put back: what is restored without its key would start in the old history. */
function refuseWithoutKey({ files }: Manifest, { dataDir, secretKey }: Settings): void {
  if (secretKey !== null || KEY_FILE in files || existsSync(join(dataDir, KEY_FILE))) return
  throw new BackupRefused('The backup holds no secret key: set SECRET_KEY to the one that was in use.')
}

/** Without the key that was in use then nothing sealed in the database opens, and no seal of the audit holds. */
function takeKey(from: string, { dataDir, secretKey }: Settings, now: number): void {
  const [source, place] = [join(from, KEY_FILE), join(dataDir, KEY_FILE)]
  if (secretKey !== null || !existsSync(source)) return
  if (existsSync(place)) {
    if (readFileSync(place, 'utf8') === readFileSync(source, 'utf8')) return
    renameSync(place, `${place}.before-${now}`)
  }
  copyFileSync(source, place)
}

/** The list only grows: whoever was erased since the backup stays on it and is erased again at the next start. */
function addErasures(from: string, { dataDir }: Settings): void {
  const [source, place] = [join(from, ERASURES_FILE), join(dataDir, ERASURES_FILE)]
  if (!existsSync(source)) return
  const known = new Set(existsSync(place) ? readFileSync(place, 'utf8').split('\n') : [])
  const missing = readFileSync(source, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !known.has(line))
  if (missing.length > 0) appendFileSync(place, `${missing.join('\n')}\n`, { mode: 0o600 })
}

/** @returns the number of problems */
async function settle({ databaseUrl: url, dataDir, secretKey }: Settings): Promise<number> {
  await migrateDatabase({ url })
  const key = secretKey ?? openDataFolder(dataDir).findSecret(KEY_FILE)
  if (key === null) throw new BackupRefused('SECRET_KEY is not set.')
  const database = openDatabase({ url })
  try {
    const begun = await beginNewHistory({ database, now: Date.now, newId: newIdSource(Date.now) })
    const count = await checkClinics(database, key)
    console.log(`Restored; a new history of ${begun.length} ${begun.length === 1 ? 'clinic' : 'clinics'} has begun.`)
    return count
  } finally {
    await database.close()
  }
}

try {
  process.exitCode = (await main()) === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof BackupRefused ? error.message : error)
  process.exitCode = 1
}
