import type { Session } from 'electron'
import { isAppUrl } from './app-address.ts'

/**
 * What our own page may do, and nobody else. The two network names let it reach a sync server on this machine or in the
 * clinic's network: without them Chromium blocks `fetch` and WebSocket alike, whatever the Content-Security-Policy says.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'notifications',
  'clipboard-sanitized-write',
  'local-network',
  'loopback-network',
])

/** Both handlers are needed: pages ask by one, Chromium itself looks things up by the other. */
export function allowOnlyNeededPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(isAllowed(permission, details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  // Files leave through the save dialog only.
  session.on('will-download', (event) => event.preventDefault())
}

/** @param requester the page's URL or origin */
export function isAllowed(permission: string, requester: string): boolean {
  return ALLOWED.has(permission) && isAppUrl(requester)
}
