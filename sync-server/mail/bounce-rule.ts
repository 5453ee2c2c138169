/**
 * Whether a bounce was passed on by our own mail server: signed after the Standard Webhooks specification with a key made of the
 * server's secret, so that there is nothing more to set up. What is told twice changes nothing the second time.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Instant, minutes } from '#domain/time/instant.ts'
import { signatureOf } from '#server/webhooks/post-webhook.ts'

const WINDOW_MS = minutes(5)

export type SignedBounce = {
  readonly id: string
  /** Seconds since 1970. */
  readonly timestamp: string
  readonly signature: string
  readonly body: string
}

const keyOf = (secretKey: string): string => createHmac('sha256', secretKey).update('mail-bounce').digest('base64')

/** @param id of this call, whatever it is made of */
export function signBounce(
  secretKey: string,
  { id, body, now }: { id: string; body: string; now: Instant },
): SignedBounce {
  const timestamp = Math.floor(now / 1000)
  const message = { url: '', id, body, timestamp, secrets: [keyOf(secretKey)] }
  return { id, timestamp: String(timestamp), signature: signatureOf(message), body }
}

export function isFromMailServer(bounce: SignedBounce, secretKey: string, now: Instant): boolean {
  const seconds = Number(bounce.timestamp)
  if (!Number.isSafeInteger(seconds) || Math.abs(seconds * 1000 - now) > WINDOW_MS) return false
  const expected = Buffer.from(signBounce(secretKey, { ...bounce, now: seconds * 1000 }).signature)
  const given = Buffer.from(bounce.signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}
