/**
 * A backup as a folder: the database, the secret key where the data folder holds it, the list of erasures, and a manifest that says
 * what it is and holds a hash of each file. Readable by its owner alone. It appears under its name when it is whole.
 */
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Type, { type Static } from 'typebox'
import { Check } from 'typebox/value'
import { BackupRefused } from '#server/database/copy-database.ts'

export const DATABASE_FILE = 'database'
export const KEY_FILE = 'secret.key'
export const ERASURES_FILE = 'erasures.jsonl'
const MANIFEST_FILE = 'manifest.json'

const manifestSchema = Type.Object({
  format: Type.Literal(1),
  /** Of the product that made it. */
  version: Type.String(),
  engine: Type.Enum(['sqlite', 'mysql']),
  /** UTC epoch milliseconds. */
  at: Type.Integer({ minimum: 0 }),
  /** The newest step of the schema in it. */
  migration: Type.Integer({ minimum: 0 }),
  files: Type.Record(Type.String(), Type.Object({ bytes: Type.Integer(), sha256: Type.String() })),
})
export type Manifest = Static<typeof manifestSchema>

const NAME = /^clinic-\d{8}T\d{6}Z$/
const nameOf = (at: number): string => `clinic-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}`

/**
 * @param to the folder that holds the backups; made where it does not exist
 * @param fill writes the files into the folder it is given
 * @returns the backup's own folder
 */
export async function writeBackup(
  to: string,
  facts: Omit<Manifest, 'format' | 'files'>,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  const folder = join(to, nameOf(facts.at))
  if (existsSync(folder)) throw new BackupRefused(`There is a backup of this second already: ${folder}.`)
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { mode: 0o700 })
  try {
    await fill(partial)
    const manifest: Manifest = { format: 1, ...facts, files: await hashesOf(partial, readdirSync(partial)) }
    writeFileSync(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
  return folder
}

/** Removes the oldest backups beyond `keep`; nothing else in the folder is looked at. */
export function forgetOldBackups(to: string, keep: number): readonly string[] {
  const old = readdirSync(to)
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, -keep)
  for (const name of old) rmSync(join(to, name), { recursive: true })
  return old
}

/** @throws BackupRefused where it is no backup, or no file in it is what it was */
export async function readBackup(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST_FILE)
  if (!existsSync(file)) throw new BackupRefused(`${folder} is no backup: it has no ${MANIFEST_FILE}.`)
  const manifest = parsed(readFileSync(file, 'utf8'))
  if (!manifest) throw new BackupRefused(`${MANIFEST_FILE} of ${folder} does not say what it has to say.`)
  const missing = Object.keys(manifest.files).find((name) => !existsSync(join(folder, name)))
  if (missing) throw new BackupRefused(`${missing} of the backup is missing.`)
  const found = await hashesOf(folder, Object.keys(manifest.files))
  const changed = Object.entries(manifest.files).find(([name, { sha256 }]) => found[name]?.sha256 !== sha256)
  if (changed) throw new BackupRefused(`${changed[0]} of the backup is not what it was when the backup was made.`)
  return manifest
}

function parsed(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Check(manifestSchema, value) && DATABASE_FILE in value.files ? value : undefined
  } catch {
    return undefined
  }
}

async function hashesOf(folder: string, names: readonly string[]): Promise<Manifest['files']> {
  const files: Manifest['files'] = {}
  for (const name of names) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    files[name] = { bytes: statSync(join(folder, name)).size, sha256: hash.digest('hex') }
  }
  return files
}
