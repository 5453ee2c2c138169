/**
 * The twin's session travels in a cookie that scripts cannot read; a second secret, derived from it, travels in a header that
 * a foreign page cannot set. Both come back together or the request counts for nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CookieSerializeOptions } from '@fastify/cookie'

export type SessionCookie = {
  readonly name: string
  readonly options: CookieSerializeOptions
  /** The CSRF token of a session token. */
  csrfTokenOf(token: string): string
  isCsrfToken(given: unknown, token: string): boolean
}

/**
 * @param isSecure whether browsers reach this server over TLS: then the name carries `__Host-` (RFC 6265bis, section 4.1.3.2)
 * @param port part of the name without TLS: cookies do not tell the ports of one machine apart
 * @param secretKey of the server; CSRF tokens end with it
 */
export function createSessionCookie(isSecure: boolean, port: number, secretKey: string): SessionCookie {
  const csrfTokenOf = (token: string) => createHmac('sha256', secretKey).update(`csrf\n${token}`).digest('base64url')
  return {
    name: isSecure ? '__Host-session' : `session-${port}`,
    options: { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure },
    csrfTokenOf,
    isCsrfToken(given, token) {
      const wanted = Buffer.from(csrfTokenOf(token))
      const actual = Buffer.from(typeof given === 'string' ? given : '')
      return actual.length === wanted.length && timingSafeEqual(actual, wanted)
    },
  }
}
