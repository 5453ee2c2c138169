import { readFile, rm } from 'node:fs/promises'
import Type from 'typebox'
import Value from 'typebox/value'
import { writeFileAtomically } from '#main/files/write-file-atomically.ts'
import type { SavedSession } from '#preload/contract.ts'
import type { Keyring } from './keyring.ts'

const VaultFile = Type.Object({ origin: Type.String(), userId: Type.String(), token: Type.String() })

type ScopedSession = SavedSession & { readonly origin: string }

/** The session of the one signed-in user, for one server. Another server is never given its token. */
export type SessionVault = {
  readonly get: (origin: string) => Promise<SavedSession | null>
  readonly set: (origin: string, session: SavedSession) => Promise<{ kept: 'encrypted' | 'until-quit' }>
  readonly clear: () => Promise<void>
}

/** Kept sealed on disk; without a safe keyring in memory only, so that the next start asks for the password. */
export function createSessionVault(path: string, keyring: Keyring): SessionVault {
  let current: ScopedSession | undefined
  return {
    get: async (origin) => {
      current ??= await readSealed(path, keyring)
      return current?.origin === origin ? { userId: current.userId, token: current.token } : null
    },
    set: async (origin, { userId, token }) => {
      current = { origin, userId, token }
      if (!(await keyring.isSafe())) {
        await rm(path, { force: true })
        return { kept: 'until-quit' }
      }
      await writeFileAtomically(path, await keyring.seal(JSON.stringify(current)))
      return { kept: 'encrypted' }
    },
    clear: async () => {
      current = undefined
      await rm(path, { force: true })
    },
  }
}

/** A file that cannot be opened counts as no session: logging in again makes a new one. */
async function readSealed(path: string, keyring: Keyring): Promise<ScopedSession | undefined> {
  try {
    const file: unknown = JSON.parse(await keyring.open(await readFile(path)))
    return Value.Check(VaultFile, file) ? file : undefined
  } catch {
    return undefined
  }
}
