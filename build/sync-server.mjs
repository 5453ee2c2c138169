#!/usr/bin/env node
// `npm run sync-server [-- COMMAND] [FLAGS]`: the server and what is done beside it. Runs on Node 20; the commands on Node 24.
import { childEnv, ensurePackages, run, SetupError } from './bootstrap.mjs'

/** @type {Record<string, readonly [script: string, words: string]>} */
const COMMANDS = {
  serve: ['sync-server/main.ts', 'the server; flags --empty, --allow-demo-on-network, --role=NAME (the default)'],
  verify: ['sync-server/verify/main.ts', 'checks the database; --restored once after a backup was put back'],
  backup: ['sync-server/commands/backup.ts', 'a consistent copy beside a running server; --to FOLDER, --keep N'],
  restore: [
    'sync-server/commands/restore.ts',
    'puts a backup back while the server is stopped; --from BACKUP, --replace',
  ],
  'create-admin': [
    'sync-server/commands/create-admin.ts',
    'prints a link that makes an administrator; --email, --name, --clinic where there are several',
  ],
  migrate: ['sync-server/commands/migrate.ts', 'brings the database up to this version; --check says what is missing'],
}
const PRINT_CONFIG = 'sync-server/commands/print-config.ts'

const [first = '', ...rest] = process.argv.slice(2)
const isCommand = Object.hasOwn(COMMANDS, first)
const flags = isCommand ? rest : process.argv.slice(2)

if (flags.includes('--help') || flags.includes('-h')) {
  console.log('npm run sync-server -- [COMMAND] [FLAGS]\n')
  for (const [name, [, words]] of Object.entries(COMMANDS)) console.log(`  ${name.padEnd(16)}${words}`)
  console.log(
    `  ${'--print-config'.padEnd(16)}every setting as it holds, secrets masked; ends with 2 where one is wrong`,
  )
} else if (!isCommand && first !== '' && !first.startsWith('-')) {
  console.error(`No such command: ${first}. There are: ${Object.keys(COMMANDS).join(', ')}.`)
  process.exitCode = 2
} else {
  const isAsked = flags.includes('--print-config')
  const [script] = COMMANDS[isCommand ? first : 'serve'] ?? ['']
  try {
    const node = await ensurePackages()
    const args = flags.filter((flag) => flag !== '--print-config')
    process.exitCode = await run(node, [isAsked ? PRINT_CONFIG : script, ...args], { env: childEnv({}) })
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error)
    process.exitCode = 1
  }
}
