/**
 * Custom schemes. Chromium knows none but its own, so `app://clinic/x` is shown to it as `http://clinic.app.localhost/x`,
 * which is a secure context with an origin of its own, and every request for it is answered by the app's handler.
 */
import { app } from './app.ts'
import { strictObject } from './strict.ts'

type Handler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handler | undefined>()

/** The address as Chromium sees it. */
export function toChromiumUrl(url: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  return handlers.has(scheme) ? `http://${authority}.${scheme}.localhost${rest || '/'}` : url
}

/** The address as the app sees it. */
export function toAppUrl(url: string): string {
  const [, authority = '', scheme = '', rest = '/'] = /^http:\/\/(.+)\.([a-z0-9+-]+)\.localhost(\/.*)?$/.exec(url) ?? []
  return handlers.has(scheme) ? `${scheme}://${authority}${rest}` : url
}

/** Patterns of the requests that the app answers itself. */
export function customSchemePatterns(): { urlPattern: string }[] {
  return [...handlers.keys()].map((scheme) => ({ urlPattern: `http://*.${scheme}.localhost/*` }))
}

/** The handler of an address of the app, `undefined` for any other. */
export function findHandler(appUrl: string): Handler | undefined {
  return handlers.get(appUrl.slice(0, appUrl.indexOf(':')))
}

export const protocol = strictObject('protocol', {
  registerSchemesAsPrivileged: (schemes: { scheme: string; privileges?: object }[]) => {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme } of schemes) handlers.set(scheme, undefined)
  },
  handle: (scheme: string, handler: Handler) => {
    if (!handlers.has(scheme)) throw new Error(`stand-in: ${scheme} was not registered as a standard, secure scheme`)
    handlers.set(scheme, handler)
  },
})
