// `npm run verify`: checks the database for contradictions, beside a running server or without one. Runs on Node 20; the check on Node 24.
import { childEnv, ensurePackages, run, SetupError } from './bootstrap.mjs'

try {
  const node = await ensurePackages()
  process.exitCode = await run(node, ['sync-server/verify/main.ts', ...process.argv.slice(2)], { env: childEnv({}) })
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error)
  process.exitCode = 1
}
