/**
 * Keeps the app's own files in the browser, so that a reload opens without the server. It never holds an answer of the API:
 * data of people is kept by the encrypted local database alone.
 *
 * The page comes from the server while the server answers; the files beside it carry a hash of their content in their name,
 * so a kept one is as good as a new one.
 */

/** Written in by the build: every file of the app, and a version that changes with any of them. */
declare const APP_FILES: { readonly version: string; readonly paths: readonly string[] }

/** The part of the worker's scope that is used; the page's types know no service workers. */
type Lasting = { readonly waitUntil: (work: Promise<unknown>) => void }
type Fetching = { readonly request: Request; readonly respondWith: (answer: Promise<Response>) => void }
type Scope = {
  readonly addEventListener: ((type: 'install' | 'activate', listener: (event: Lasting) => void) => void) &
    ((type: 'fetch', listener: (event: Fetching) => void) => void)
  readonly skipWaiting: () => Promise<void>
  readonly clients: { readonly claim: () => Promise<void> }
}

const scope = globalThis as unknown as Scope
const { version, paths } = APP_FILES
const PREFIX = 'app-files-'
const CACHE = PREFIX + version
const PAGE = '/'
/** Addresses that belong to programs: there a missing server is an error, never a page. */
const FOR_PROGRAMS = /^\/(api|sync|fhir)(\/|$)/
/** Longest wait for a server that takes the connection and says nothing. */
const PATIENCE_MS = 4_000

scope.addEventListener('install', (event) => event.waitUntil(keepFiles()))
scope.addEventListener('activate', (event) => event.waitUntil(dropOldFiles()))
scope.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin || FOR_PROGRAMS.test(pathname)) return
  if (mode === 'navigate') event.respondWith(freshPage(event.request))
  else if (paths.includes(pathname)) event.respondWith(keptFile(event.request))
})

async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([new Request(PAGE, { cache: 'no-cache' }), ...paths])
  await scope.skipWaiting()
}

async function dropOldFiles(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await scope.clients.claim()
}

/** The server's page, or the kept one when the server is away or ill. */
async function freshPage(request: Request): Promise<Response> {
  const kept = await caches.match(PAGE, { cacheName: CACHE })
  if (!kept) return fetch(request)
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    return answer.status >= 500 ? kept : answer
  } catch {
    return kept
  }
}

async function keptFile(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request)
}
