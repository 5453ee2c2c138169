/** The browser twin: the built renderer, served from the same origin as the API. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import staticPlugin from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './app.ts'
import { answerNotFound } from './error-handler.ts'

const YEAR = 'public, max-age=31536000, immutable'
/** Paths that belong to programs: there a missing thing is an error, never a page. */
const FOR_PROGRAMS = /^\/(api|sync|fhir|assets)(\/|$)/

/**
 * Serves the files of `root`; any other address that a browser opens as a page is one of the app's own and gets `index.html`.
 * Without a build there is no twin, and such an address is not found.
 */
export async function registerStaticTwin(app: App, root: string): Promise<void> {
  if (!existsSync(join(root, 'index.html'))) {
    app.setNotFoundHandler(answerNotFound)
    return
  }
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, permission: 'public', isQuiet: true }
      route.schema = { ...route.schema, hide: true }
    })
    await files.register(staticPlugin, {
      root,
      index: 'index.html',
      cacheControl: false,
      // File names in assets/ carry a hash of their content.
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.startsWith(join(root, 'assets')) ? YEAR : 'no-cache')
      },
    })
  })
  const page = (reply: FastifyReply) => reply.header('cache-control', 'no-cache').sendFile('index.html', root)
  app.setNotFoundHandler((request, reply) => (isPageRequest(request) ? page(reply) : answerNotFound(request, reply)))
}

function isPageRequest({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const path = url.split('?')[0] ?? ''
  return !FOR_PROGRAMS.test(path) && !/\.[a-z0-9]+$/i.test(path) && (headers.accept ?? '').includes('text/html')
}
