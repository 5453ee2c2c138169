// `npm run bench [-- NAMES] [--json FILE]`: what the budgets of the design allow beside what it takes here. Runs on Node 20; the
// benchmarks run on Node 24. MariaDB is measured where MYSQL_URL answers and named as left out where it does not.
import { childEnv, ensurePackages, ensurePeers, run, SetupError } from './bootstrap.mjs'

try {
  const node = await ensurePackages()
  await ensurePeers()
  process.exitCode = await run(node, ['tests/bench/run.ts', ...process.argv.slice(2)], { env: childEnv() })
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error)
  process.exitCode = 1
}
