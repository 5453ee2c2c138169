/**
 * Wraps a data key under a password: scrypt makes the wrapping key, AES-256-GCM wraps and proves the password in one step.
 * Cost: N = 2^17, r = 8, p = 1 (OWASP Password Storage Cheat Sheet, scrypt), 128 MiB and some 0.4 s for each try.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import Type from 'typebox'

const COST = { N: 2 ** 17, r: 8, p: 1 }
const KEY_BYTES = 32
const TAG_BYTES = 16
const NONCE_BYTES = 12
const SALT_BYTES = 16

const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 200 })

export const WrappedKeySchema = Type.Object({
  salt: Base64,
  nonce: Base64,
  /** The key and its tag. */
  sealed: Base64,
  cost: Type.Object({
    N: Type.Integer({ minimum: 2 ** 14, maximum: 2 ** 20 }),
    r: Type.Integer({ minimum: 1, maximum: 32 }),
    p: Type.Integer({ minimum: 1, maximum: 16 }),
  }),
})

export type WrappedKey = Type.Static<typeof WrappedKeySchema>

/** @param context what the key is for; the wrap opens only under the same words */
export async function wrapKey(key: Uint8Array, password: string, context: string): Promise<WrappedKey> {
  const salt = randomBytes(SALT_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(password, salt, COST), nonce).setAAD(
    Buffer.from(context),
  )
  const sealed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()])
  return {
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    sealed: sealed.toString('base64'),
    cost: COST,
  }
}

/** The key, or `undefined` when the password is not the one it was wrapped under. */
export async function unwrapKey(
  wrapped: WrappedKey,
  password: string,
  context: string,
): Promise<Uint8Array | undefined> {
  const sealed = Buffer.from(wrapped.sealed, 'base64')
  const wrappingKey = await deriveKey(password, Buffer.from(wrapped.salt, 'base64'), wrapped.cost)
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, Buffer.from(wrapped.nonce, 'base64'), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]))
  } catch {
    return undefined
  }
}

function deriveKey(password: string, salt: Uint8Array, cost: WrappedKey['cost']): Promise<Buffer> {
  // Two keyboards may write the same letter in two ways.
  const text = password.normalize('NFKC')
  const maxmem = 256 * cost.N * cost.r
  return new Promise((resolve, reject) => {
    scrypt(text, salt, KEY_BYTES, { ...cost, maxmem }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
