/** What the server keeps beside its database: secrets that only this machine's user may read. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const OWNER_ONLY = 0o600
const LARGEST_LOG_BYTES = 20 * 1024 * 1024

export type DataFolder = {
  readonly path: string
  /** The text of a secret file, made by `make` when there is none. Mode 0600, also for one that was made otherwise. */
  secret(name: string, make: () => string): string
  /** The text of a secret file, or null. */
  findSecret(name: string): string | null
  writeSecret(name: string, text: string): void
  /** Path of the log file; the one before is kept when it has grown large. */
  logFile(): string
}

/** Opens the folder; makes it, readable by its owner alone, when it does not exist. */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const find = (name: string) => {
    const file = join(path, name)
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
  }
  const write = (name: string, text: string) => writeOwnerOnly(join(path, name), text)
  return {
    path,
    findSecret: find,
    writeSecret: write,
    secret: (name, make) => {
      const known = find(name)
      if (known) return known
      const text = make()
      write(name, text)
      return text
    },
    logFile: () => {
      const file = join(path, 'server.log')
      if (existsSync(file) && statSync(file).size > LARGEST_LOG_BYTES) renameSync(file, `${file}.1`)
      return file
    },
  }
}

function writeOwnerOnly(file: string, text: string): void {
  const handle = openSync(file, 'w', OWNER_ONLY)
  try {
    // The mode given to open counts for new files only.
    fchmodSync(handle, OWNER_ONLY)
    writeFileSync(handle, `${text}\n`)
  } finally {
    closeSync(handle)
  }
}
