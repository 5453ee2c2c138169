/** One-time codes of an authenticator app (RFC 6238): six digits, thirty seconds, SHA-1, which is what every app can do. */
import { Secret, TOTP } from 'otpauth'
import type { Instant } from '#domain/time/instant.ts'

const PERIOD_SECONDS = 30
const DIGITS = 6
/** Steps a clock may be off, either way. */
const WINDOW = 1

export type Enrolment = {
  /** For typing in: base32 (RFC 4648, section 6). */
  readonly secret: string
  /** For the camera and for a tap on the same device. */
  readonly uri: string
}

export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** The address that authenticator apps take. */
export function totpUri(
  secret: string,
  { issuer, label }: { readonly issuer: string; readonly label: string },
): string {
  const settings = { issuer, label, secret: Secret.fromBase32(secret), digits: DIGITS, period: PERIOD_SECONDS }
  return new TOTP(settings).toString()
}

/** The time step a code belongs to, or null when it is none of now. */
export function stepOfCode(secret: string, code: string, now: Instant): number | null {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const settings = { token, secret: Secret.fromBase32(secret), digits: DIGITS, period: PERIOD_SECONDS }
  const delta = TOTP.validate({ ...settings, timestamp: now, window: WINDOW })
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_SECONDS) + delta
}

/** The code of a moment; what an app would show. */
export const codeAt = (secret: string, now: Instant): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), digits: DIGITS, period: PERIOD_SECONDS, timestamp: now })
