/**
 * Which pages may talk to this server: those it serves itself (the twin, by its public address or on this machine) and the
 * desktop's, whose origin is not a web address. Anything else that names an origin is a foreign page.
 */
import { isLoopbackHost } from '#server/settings.ts'

export const DESKTOP_ORIGIN = 'app://clinic'

/** `own`: served by this server, may hold a cookie · `desktop`: bearer tokens only · `none`: no page, bearer only. */
export type OriginKind = 'own' | 'desktop' | 'none' | 'foreign'

export type OriginRule = (origin: string | undefined, localPort: number | undefined) => OriginKind

/**
 * @param publicUrl the origin people type, or null
 * @returns a rule that judges an `Origin` header by it and by the port the request came in on
 */
export function createOriginRule(publicUrl: string | null): OriginRule {
  return (origin, localPort) => {
    if (origin === undefined) return 'none'
    if (origin === DESKTOP_ORIGIN) return 'desktop'
    if (origin === publicUrl) return 'own'
    const url = URL.parse(origin)
    const isTwin = url?.protocol === 'http:' && isLoopbackHost(url.hostname) && Number(url.port || 80) === localPort
    return isTwin && url.origin === origin ? 'own' : 'foreign'
  }
}
