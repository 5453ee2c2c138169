/** One consistent copy of a database into a file while others write, and its return. */
import { spawn } from 'node:child_process'
import { chmodSync, closeSync, copyFileSync, existsSync, openSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createConnection } from 'mysql2/promise'

/** What is wrong, in a sentence for whoever sits at the terminal. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

export const sqliteFileOf = (url: string): string | null =>
  url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null

/** @throws BackupRefused where MariaDB's own tool is not there or fails */
export async function copyDatabase(url: string, file: string): Promise<void> {
  const source = sqliteFileOf(url)
  if (source === null) return dump(url, file)
  const database = new DatabaseSync(source)
  try {
    // Written in one read transaction; the copy has no log beside it (sqlite.org/lang_vacuum.html).
    database.prepare('vacuum into ?').run(file)
  } finally {
    database.close()
  }
  chmodSync(file, 0o600)
}

/** The snapshot of InnoDB; names and passwords of the connection stand in the environment, where `ps` does not show them. */
function dump(url: string, file: string): Promise<void> {
  const target = openSync(file, 'w', 0o600)
  const options = ['--single-transaction', '--quick', '--hex-blob', '--skip-lock-tables', '--no-tablespaces']
  return runTool(['mariadb-dump', 'mysqldump'], url, options, { stdin: 'ignore', stdout: target }).finally(() =>
    closeSync(target),
  )
}

/**
 * Puts a copy in the place of what is there, which must be empty or given up.
 * @returns where the SQLite database that stood there has gone
 */
export async function putDatabase(url: string, file: string, now: number): Promise<string | null> {
  const place = sqliteFileOf(url)
  if (place === null) {
    await dropTables(url)
    const source = openSync(file, 'r')
    await runTool(['mariadb', 'mysql'], url, [], { stdin: source, stdout: 'ignore' }).finally(() => closeSync(source))
    return null
  }
  copyFileSync(file, `${place}.restoring`)
  chmodSync(`${place}.restoring`, 0o600)
  const aside = existsSync(place) ? `${place}.before-${now}` : null
  for (const part of aside ? ['', '-wal', '-shm'] : []) {
    if (existsSync(place + part)) renameSync(place + part, `${aside}${part}`)
  }
  renameSync(`${place}.restoring`, place)
  return aside
}

/** Whether anything is in the database. */
export async function hasTables(url: string): Promise<boolean> {
  const place = sqliteFileOf(url)
  return place === null ? (await listTables(url)).length > 0 : existsSync(place)
}

async function listTables(url: string): Promise<readonly string[]> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query(
      "select table_name as name from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'",
    )
    return (rows as { name: string }[]).map(({ name }) => name)
  } finally {
    await connection.end()
  }
}

async function dropTables(url: string): Promise<void> {
  const names = await listTables(url)
  const connection = await createConnection(url)
  try {
    await connection.query('set foreign_key_checks = 0')
    for (const name of names) await connection.query(`drop table ${connection.escapeId(name)}`)
  } finally {
    await connection.end()
  }
}

type Ends = { readonly stdin: 'ignore' | number; readonly stdout: 'ignore' | number }

/** @param names of the same tool, the newer first */
async function runTool(names: readonly string[], url: string, options: readonly string[], ends: Ends): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url)
  const args = [
    `--host=${hostname}`,
    `--port=${port || '3306'}`,
    `--user=${decodeURIComponent(username)}`,
    '--default-character-set=utf8mb4',
    ...options,
    decodeURIComponent(pathname.slice(1)),
  ]
  const env = { ...process.env, MYSQL_PWD: decodeURIComponent(password) }
  for (const name of names) {
    const { code, said } = await ended(name, args, env, ends)
    if (code === 0) return
    if (code !== null) throw new BackupRefused(`${name} has failed: ${said.trim()}`)
  }
  throw new BackupRefused(`Neither ${names.join(' nor ')} is on this machine; Debian has them in mariadb-client.`)
}

/** `code` is null where there is no such program. */
function ended(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { stdin, stdout }: Ends,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(name, args, { env, stdio: [stdin, stdout, 'pipe'] })
  let said = ''
  child.stderr?.on('data', (text) => {
    said += text
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, said }))
    child.once('close', (code) => resolve({ code: code ?? 1, said }))
  })
}
