/**
 * `npm run import -- FILE --mapping NAME`: says what the file comes to, then writes it. It opens the database itself, beside a
 * running server or without one; the clinic's lock keeps both in order. Whoever may run it owns the data folder, so it acts as
 * the server itself and asks for no log-in.
 */
import { existsSync, readFileSync } from 'node:fs'
import type { ClinicId } from '#domain/ids.ts'
import type { ImportPlan } from '#domain/import/import-plan.ts'
import type { Database } from '#server/database/database.ts'
import { startDatabase } from '#server/database/start-database.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { type ImportOutcome, importHistory } from '#server/operations/import-history.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { type ClinicRow, listClinics } from '#server/repositories/clinic-rows.ts'
import { readSettings } from '#server/settings.ts'
import { type ImportArguments, ImportRefused, parseImportArguments } from './import-arguments.ts'
import { planText, resultText } from './import-report.ts'
import { planFile } from './plan-file.ts'
import { progressBar } from './progress-bar.ts'
import { NotCsv } from './read-rows.ts'

const INTERRUPTED = 130

/** @returns the exit code: 0 when every good row is in, 1 when a rule refused some, 130 when it was stopped */
async function main(): Promise<number> {
  const asked = parseImportArguments(process.argv.slice(2), process.env.IMPORT_FOLDER ?? process.cwd())
  const bytes = readBytes(asked.file)
  if (asked.isDryRun) return dryRun(asked, bytes)
  const answer = readSettings({ ...process.env, ...(asked.dataDir && { DATA_DIR: asked.dataDir }) }, [])
  if (!answer.ok) throw new ImportRefused(answer.problems.join('\n'))
  const { databaseUrl: url } = answer.settings
  refuseMissingFile(url)
  process.umask(0o077)
  const database = await startDatabase({ url })
  try {
    return await importInto(database, asked, bytes)
  } finally {
    await database.close()
  }
}

/** Counts and problems by row. No database is opened, so nothing can be written. */
function dryRun(asked: ImportArguments, bytes: Uint8Array): number {
  // The ids of a plan hold the clinic's; its counts and problems do not depend on it.
  const plan = planFile(asked.mapping, bytes, '00000000-0000-7000-8000-000000000000' as ClinicId)
  console.log(planText(plan))
  console.log('Dry run: nothing was written. Leave --dry-run out to import.')
  return 0
}

async function importInto(database: Database, asked: ImportArguments, bytes: Uint8Array): Promise<number> {
  const clinic = await chooseClinic(database, asked.clinic)
  const plan = planFile(asked.mapping, bytes, clinic.id)
  console.log(`Import into ${clinic.name}`)
  console.log(planText(plan))
  const outcome = await write(database, plan)
  console.log(resultText(outcome))
  if (outcome.isComplete) return outcome.refused.length === 0 ? 0 : 1
  console.log('Stopped. Run the same command again to continue.')
  return INTERRUPTED
}

async function write(database: Database, plan: ImportPlan): Promise<ImportOutcome> {
  const now = Date.now
  const writer = createClinicWriter({ database, now, newId: newIdSource(now) })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  const bar = progressBar({ out: process.stderr, clock: () => performance.now() })
  try {
    return await importHistory({ database, writer, now }, { plan, onProgress: bar.show, signal: stop.signal })
  } finally {
    bar.end()
    await writer.close()
  }
}

/** @throws ImportRefused with the clinics to choose from, when one must be named */
async function chooseClinic(database: Database, wanted: string | undefined): Promise<ClinicRow> {
  const clinics = await database.read(listClinics)
  if (clinics.length === 0) throw new ImportRefused(NO_CLINIC)
  const fitting = wanted === undefined ? clinics : clinics.filter(({ id, name }) => id === wanted || name === wanted)
  const [clinic, ...others] = fitting
  if (clinic && others.length === 0) return clinic
  const choice = clinics.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
  throw new ImportRefused(`Name the clinic with --clinic, by name or id:\n${choice}`)
}

const NO_CLINIC = 'There is no clinic to import into yet. Start the product once with npm start, then run this again.'

function refuseMissingFile(url: string): void {
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) throw new ImportRefused(NO_CLINIC)
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch {
    throw new ImportRefused(`This file cannot be read: ${file}`)
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  const isExpected = error instanceof ImportRefused || error instanceof NotCsv
  console.error(isExpected ? error.message : error)
  process.exitCode = 1
}
