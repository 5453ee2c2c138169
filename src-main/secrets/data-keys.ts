/**
 * The random key of the local database, one for each (server, user). On disk it lies wrapped twice: under the user's
 * password, then by the system's keyring. Neither the machine without the password nor a copied disk with it opens the data.
 *
 * A key that is there is never replaced by a new one: that would turn unsent work into noise.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Type from 'typebox'
import Value from 'typebox/value'
import { writeFileAtomically } from '#main/files/write-file-atomically.ts'
import type { Enrolment, InvokePayload, KeyAnswer } from '#preload/contract.ts'
import type { Keyring } from './keyring.ts'
import { unwrapKey, WrappedKeySchema, wrapKey } from './password-wrap.ts'

const KEY_BYTES = 32

const KeyFile = Type.Object({
  version: Type.Literal(1),
  origin: Type.String(),
  userId: Type.String(),
  login: Type.String(),
  wrapped: WrappedKeySchema,
})
type KeyFile = Type.Static<typeof KeyFile>

export type DataKeys = {
  /** Who has a key for this server on this machine. */
  readonly list: (origin: string) => Promise<readonly Enrolment[]>
  readonly enrol: (origin: string, request: InvokePayload<'secrets:enrol'>) => Promise<KeyAnswer>
  readonly unlock: (origin: string, request: InvokePayload<'secrets:unlock'>) => Promise<KeyAnswer>
  readonly forget: (origin: string, userId: string) => Promise<boolean>
}

/** @param folder where the sealed files lie, one for each (server, user) */
export function createDataKeys(folder: string, keyring: Keyring): DataKeys {
  const pathOf = (origin: string, userId: string): string =>
    join(folder, `${createHash('sha256').update(`${origin}\n${userId}`).digest('hex').slice(0, 32)}.key`)

  return {
    list: async (origin) => {
      const names = await readdir(folder).catch(() => [])
      const files = await Promise.all(names.map((name) => readKeyFile(join(folder, name), keyring)))
      return files
        .filter((file): file is KeyFile => typeof file === 'object' && file.origin === origin)
        .map(({ userId, login }) => ({ userId, login }))
    },

    enrol: async (origin, request) => {
      if (!(await keyring.isSafe())) return refuse('no-keyring')
      const path = pathOf(origin, request.userId)
      const file = await readKeyFile(path, keyring)
      if (file === 'damaged') return refuse('damaged')
      const open = file === 'absent' ? undefined : await openWithEither(file, request)
      if (file !== 'absent' && !open) return refuse('wrong-password')
      const key = open?.key ?? new Uint8Array(randomBytes(KEY_BYTES))
      if (!open?.isCurrent || (file !== 'absent' && file.login !== request.login)) {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeKeyFile(path, origin, request, key, keyring)
      }
      return { ok: true, key, isNew: file === 'absent' }
    },

    unlock: async (origin, { userId, password }) => {
      if (!(await keyring.isSafe())) return refuse('no-keyring')
      const file = await readKeyFile(pathOf(origin, userId), keyring)
      if (file === 'damaged') return refuse('damaged')
      if (file === 'absent') return refuse('not-enrolled')
      const key = await unwrapKey(file.wrapped, password, contextOf(file))
      return key ? { ok: true, key, isNew: false } : refuse('wrong-password')
    },

    forget: async (origin, userId) => {
      const path = pathOf(origin, userId)
      const wasThere = (await readKeyFile(path, keyring)) !== 'absent'
      await rm(path, { force: true })
      return wasThere
    },
  }
}

async function openWithEither(
  file: KeyFile,
  request: InvokePayload<'secrets:enrol'>,
): Promise<{ key: Uint8Array; isCurrent: boolean } | undefined> {
  const key = await unwrapKey(file.wrapped, request.password, contextOf(file))
  if (key) return { key, isCurrent: true }
  if (request.previousPassword === undefined) return undefined
  const previous = await unwrapKey(file.wrapped, request.previousPassword, contextOf(file))
  return previous && { key: previous, isCurrent: false }
}

async function writeKeyFile(
  path: string,
  origin: string,
  { userId, login, password }: InvokePayload<'secrets:enrol'>,
  key: Uint8Array,
  keyring: Keyring,
): Promise<void> {
  const wrapped = await wrapKey(key, password, contextOf({ origin, userId }))
  const file: KeyFile = { version: 1, origin, userId, login, wrapped }
  await writeFileAtomically(path, await keyring.seal(JSON.stringify(file)))
}

async function readKeyFile(path: string, keyring: Keyring): Promise<KeyFile | 'absent' | 'damaged'> {
  const sealed = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!sealed) return 'absent'
  try {
    const file: unknown = JSON.parse(await keyring.open(sealed))
    return Value.Check(KeyFile, file) ? file : 'damaged'
  } catch {
    return 'damaged'
  }
}

function contextOf({ origin, userId }: { origin: string; userId: string }): string {
  return `data-key\n${origin}\n${userId}`
}

function refuse(reason: Extract<KeyAnswer, { ok: false }>['reason']): KeyAnswer {
  return { ok: false, reason }
}
