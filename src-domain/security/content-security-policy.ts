/**
 * The one Content-Security-Policy, sent by the desktop's protocol handler and by the server that serves the twin.
 *
 * Inline styles are allowed because Mantine writes them; inline scripts and `eval` never are. Workers are files of our own.
 */

/**
 * @param connect origins beside its own that the page may talk to, such as `http://127.0.0.1:4180`; the WebSocket form of each
 *   is added. None when the page comes from the server itself.
 * @returns the header's value
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  const sources = connect.flatMap((origin) => [origin, toWebSocketOrigin(origin)])
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self'",
    ["connect-src 'self'", ...sources].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "frame-src 'none'",
    "form-action 'none'",
  ].join('; ')
}

function toWebSocketOrigin(origin: string): string {
  if (!/^https?:\/\/[^\s;,/?#]+$/.test(origin)) throw new Error(`not an origin: ${origin}`)
  return origin.replace(/^http/, 'ws')
}
