/**
 * Who this server is to those who connect to it for the first time: an Ed25519 key made from the server's secret, so that all instances
 * of one installation are the same server, and nothing has to be kept beside the secret.
 */
import { createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto'
import { type IdentityAnswer, signedText } from '#domain/api/server-identity-api.ts'
import type { Instant } from '#domain/time/instant.ts'

export type ServerIdentity = {
  /** Proves possession of the key and tells the time. @param challenge of the asker, base64url */
  readonly prove: (challenge: string, now: Instant) => IdentityAnswer
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

export function createServerIdentity(secretKey: string): ServerIdentity {
  const seed = Buffer.from(hkdfSync('sha256', secretKey, '', 'server identity', 32))
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? ''
  return {
    prove: (challenge, now) => ({
      publicKey,
      signature: sign(null, Buffer.from(signedText(challenge, now)), privateKey).toString('base64url'),
      serverTime: now,
    }),
  }
}
