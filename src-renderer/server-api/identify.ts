/** Which server answers, proven, in six words; and how far its clock is from this device's. */
import { type IdentityAnswer, identityAnswerSchema, signedText } from '#domain/api/server-identity-api.ts'
import { FINGERPRINT, wordsOf } from '#domain/security/fingerprint-words.ts'
import { isClockRight, skewOf } from '#domain/time/clock-skew.ts'
import type { ServerApi } from './server-api.ts'

export type KnownServer = {
  readonly publicKey: string
  /** What an administrator of that server sees among its devices. */
  readonly words: readonly string[]
  /** Milliseconds to add to this device's clock. */
  readonly skewMs: number
  readonly isClockRight: boolean
}

/** `unknown`: it answers, and cannot say who it is, as a server of an older version; `unproven`: what it says is not true. */
export type Identification =
  | { readonly ok: true; readonly server: KnownServer }
  | { readonly ok: false; readonly reason: 'offline' | 'unknown' | 'unproven' }

const CHALLENGE_BYTES = 32

export async function identify({ call }: Pick<ServerApi, 'call'>): Promise<Identification> {
  const challenge = toText(crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES)))
  const askedAt = Date.now()
  const answer = await call<IdentityAnswer>({
    method: 'GET',
    path: `/server-identity?challenge=${challenge}`,
    schema: identityAnswerSchema,
    pick: (value) => value as IdentityAnswer,
  })
  const answeredAt = Date.now()
  if (!answer.ok) return { ok: false, reason: answer.kind === 'offline' ? 'offline' : 'unknown' }
  const { publicKey, serverTime } = answer.value
  if (!(await isProven(answer.value, challenge))) return { ok: false, reason: 'unproven' }
  const reading = { askedAt, answeredAt, serverTime }
  const words = wordsOf(await fingerprintOf(publicKey))
  return { ok: true, server: { publicKey, words, skewMs: skewOf(reading), isClockRight: isClockRight(reading) } }
}

async function isProven({ publicKey, signature, serverTime }: IdentityAnswer, challenge: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', toBytes(publicKey), 'Ed25519', false, ['verify'])
    const text = new TextEncoder().encode(signedText(challenge, serverTime))
    return await crypto.subtle.verify('Ed25519', key, toBytes(signature), text)
  } catch {
    // No key at all.
    return false
  }
}

async function fingerprintOf(publicKey: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', toBytes(publicKey), 'PBKDF2', false, ['deriveBits'])
  const salt = new TextEncoder().encode(FINGERPRINT.salt)
  const { iterations, bytes } = FINGERPRINT
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, bytes * 8),
  )
}

const toText = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
