import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a whole file or leaves what was there: into a neighbour first, flushed to disk, then renamed over the target.
 *
 * @param mode permissions of a new file; only the owner may read it unless told otherwise
 * @throws the file system's error; the neighbour is removed then
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const neighbour = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
  try {
    const file = await open(neighbour, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(neighbour, path)
  } catch (cause) {
    await rm(neighbour, { force: true })
    throw cause
  }
}
