import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import type { Protocol } from 'electron'
import { contentSecurityPolicy } from '#domain/security/content-security-policy.ts'
import { APP_SCHEME, isAppUrl } from './app-address.ts'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

export type AppFiles = {
  /** Absolute folder of the built page. */
  readonly root: string
  /** Asked at every answer, because the user may choose another server. */
  readonly serverOrigin: () => string
}

/** Must run before the app is ready. */
export function registerAppScheme(protocol: Protocol): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }])
}

export function serveApp(protocol: Protocol, files: AppFiles): void {
  protocol.handle(APP_SCHEME, (request) => answerAppRequest(request, files))
}

/** One answer of `app://clinic`: GET only, our host only, files of the built page only; other paths are routes of the page. */
export async function answerAppRequest(request: Pick<Request, 'method' | 'url'>, files: AppFiles): Promise<Response> {
  if (!isAppUrl(request.url)) return refuse(404)
  if (request.method !== 'GET') return refuse(405, { allow: 'GET' })
  const path = findFile(files.root, new URL(request.url).pathname)
  const content = path && (await readFile(path).catch(() => undefined))
  if (!path || !content) return refuse(404)
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy([files.serverOrigin()]),
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  })
}

/**
 * The file behind a path of the page, or `undefined` when the path leads out of the folder or is not readable as a path.
 * A path without extension is a route, answered by the page itself.
 */
export function findFile(root: string, pathname: string): string | undefined {
  const path = decodePath(pathname)
  if (path === undefined || path.includes('\0') || path.includes('\\')) return undefined
  const file = resolve(root, `.${path}`)
  const isInside = file === root || file.startsWith(root + sep)
  if (!isInside) return undefined
  return extname(file) ? file : resolve(root, 'index.html')
}

function decodePath(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}

function refuse(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'content-security-policy': contentSecurityPolicy(), ...headers } })
}
