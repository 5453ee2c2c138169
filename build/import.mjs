// `npm run import -- FILE --mapping NAME`: brings past visits from a CSV file in. Runs on Node 20; the import runs on Node 24.
import { childEnv, ensurePackages, run, SetupError } from './bootstrap.mjs'

// Ctrl+C reaches the import itself, which ends after the writes in hand; we wait for it.
process.on('SIGINT', () => undefined)
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(143))

try {
  const node = await ensurePackages()
  const args = ['sync-server/import/main.ts', ...process.argv.slice(2)]
  // npm moves to the repository's root; file names are meant from where the command was typed.
  const env = childEnv({ IMPORT_FOLDER: process.env.INIT_CWD ?? process.cwd() })
  process.exitCode = await run(node, args, { env })
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error)
  process.exitCode = 1
}
