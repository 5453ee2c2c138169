/** Every route says who may call it; one that says nothing stops the start. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { mayEver } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import { PERMISSIONS } from '#domain/access/permissions.ts'
import type { Session } from '#server/operations/session.ts'
import { ApiError } from './api-error.ts'

/**
 * `public`: anybody · `signed-in`: everybody who is signed in · `own-account`: the same, but no access token: the account's own affairs · otherwise the
 * permission, held in any scope; rows are judged by operations.
 */
export type Access = 'public' | 'signed-in' | 'own-account' | Permission

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Access
  }
}

export type DeclaredRoute = { readonly method: string; readonly url: string; readonly permission: Access }

const KNOWN: ReadonlySet<string> = new Set(['public', 'signed-in', 'own-account', ...PERMISSIONS])

/**
 * Collects the routes as they are added and checks them when the app is complete.
 * @returns the list that fills up, for the test that compares it with the table of rights
 */
export function requireDeclaredAccess(app: FastifyInstance): readonly DeclaredRoute[] {
  const added: RouteOptions[] = []
  const declared: DeclaredRoute[] = []
  app.addHook('onRoute', (route) => {
    added.push(route)
  })
  app.addHook('onReady', async () => {
    const routes = added.flatMap((route) => [route.method].flat().map((method) => ({ method, route })))
    const undeclared = routes.filter(({ route }) => !KNOWN.has(route.config?.permission ?? ''))
    if (undeclared.length > 0) {
      const names = undeclared.map(({ method, route }) => `${method} ${route.url}`)
      throw new Error(`These routes declare no permission: ${names.join(', ')}`)
    }
    for (const { method, route } of routes) {
      declared.push({ method, url: route.url, permission: route.config?.permission ?? 'signed-in' })
    }
  })
  return declared
}

/** Refuses a request whose session lacks what its route declares. Runs after the session was found. */
export async function enforceAccess(request: FastifyRequest): Promise<void> {
  // Without a route there is nothing to protect; without a declaration nobody gets in.
  if (request.is404) return
  const permission = request.routeOptions.config.permission ?? 'signed-in'
  if (permission === 'public') return
  const session = getSession(request)
  // A program acts for a person; the person's account is the person's.
  if (permission === 'own-account' && session.transport === 'access-token') throw new ApiError('not-allowed')
  if (permission === 'signed-in' || permission === 'own-account') return
  if (!mayEver(await session.subject(), permission)) throw new ApiError('not-allowed')
}

/** The session of a request to a route that is not public. */
export function getSession(request: FastifyRequest): Session {
  if (!request.session) throw new ApiError('not-signed-in')
  return request.session
}
