/** `safeStorage` over a key file: proves the code that calls it, nothing about the system's keyring. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { app } from './app.ts'
import { inUserData, switchValue } from './host-state.ts'
import { strictObject } from './strict.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** `--password-store=basic` says, as to Chromium, that there is no keyring. */
const hasKeyring = (): boolean => switchValue('password-store') !== 'basic'

export const safeStorage = strictObject('safeStorage', {
  isAsyncEncryptionAvailable: async () => app.isReady(),
  getSelectedStorageBackend: () => (hasKeyring() ? 'gnome_libsecret' : 'basic_text'),

  encryptStringAsync: async (text: string): Promise<Buffer> => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', keyFile(), nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },

  decryptStringAsync: async (sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> => {
    const bodyAt = NONCE_BYTES + TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', keyFile(), sealed.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, bodyAt))
    const result = decipher.update(sealed.subarray(bodyAt), undefined, 'utf8') + decipher.final('utf8')
    return { result, shouldReEncrypt: false }
  },
})

function keyFile(): Buffer {
  const path = inUserData('stand-in-keyring')
  if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600 })
  return readFileSync(path)
}
