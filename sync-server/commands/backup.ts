/**
 * `npm run sync-server -- backup --to FOLDER [--keep N]`: one consistent copy of everything that cannot be made again, beside a running
 * server. Prints where it is.
 */
import { parseArgs } from 'node:util'
import { forgetOldBackups } from '#server/backup/backup-folder.ts'
import { makeBackup } from '#server/backup/make-backup.ts'
import { BackupRefused } from '#server/database/copy-database.ts'
import { readSettings } from '#server/settings.ts'

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: 'string' }, keep: { type: 'string' } } })
  if (!values.to) throw new BackupRefused('--to must be the folder for backups.')
  const keep = values.keep === undefined ? null : Number(values.keep)
  if (keep !== null && !(Number.isInteger(keep) && keep >= 1)) throw new BackupRefused('--keep must be 1 or more.')
  const answer = readSettings(process.env, [])
  if (!answer.ok) throw new BackupRefused(answer.problems.join('\n'))
  console.log(await makeBackup(answer.settings, values.to, Date.now()))
  for (const name of keep === null ? [] : forgetOldBackups(values.to, keep)) console.log(`removed ${name}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof BackupRefused ? error.message : error)
  process.exitCode = 1
}
