import { safeStorage } from 'electron'

/** Seals text with a key that the operating system keeps for this user account. */
export type Keyring = {
  /** False where the system would keep the key readable on disk; nothing may be sealed then. */
  readonly isSafe: () => Promise<boolean>
  readonly seal: (text: string) => Promise<Uint8Array>
  /** @throws when the bytes were sealed elsewhere, by another account, or changed */
  readonly open: (sealed: Uint8Array) => Promise<string>
}

export function createKeyring(platform: NodeJS.Platform): Keyring {
  return {
    isSafe: async () => {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
      return platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
    },
    seal: (text) => safeStorage.encryptStringAsync(text),
    open: async (sealed) => (await safeStorage.decryptStringAsync(Buffer.from(sealed))).result,
  }
}
