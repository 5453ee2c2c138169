import type { ServerAnswer } from '#preload/contract.ts'

/**
 * Reads the address of a sync server as typed by a person or set in the environment.
 *
 * Plain http is taken for this machine only: everywhere else the session token and health data would cross the network
 * readable. Paths, queries and names with a password in them are refused rather than dropped silently.
 *
 * @returns the origin without a slash at the end, or why the address is refused
 */
export function parseServerAddress(text: string): ServerAnswer {
  const url = URL.parse(text.trim())
  if (!url || !['http:', 'https:'].includes(url.protocol)) return { ok: false, reason: 'not-a-server-address' }
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
    return { ok: false, reason: 'not-a-server-address' }
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return { ok: false, reason: 'not-encrypted' }
  return { ok: true, origin: url.origin }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
