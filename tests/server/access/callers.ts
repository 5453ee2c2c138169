/** Everybody a right is asked about, each with a way in of their own. */
import { hours, minutes } from '#domain/time/instant.ts'
import { aServer, FIXTURE_PASSWORD, type ServerUnderTest } from '#tests/support/server-under-test.ts'

/**
 * `expired`, `ended` and `disabled` were administrators; `token` is an administrator's access token whose one ability no route
 * asks for.
 */
export const CALLERS = [
  'anonymous',
  'patient',
  'doctor',
  'receptionist',
  'admin',
  'expired',
  'ended',
  'disabled',
  'token',
] as const
export type Caller = (typeof CALLERS)[number]

const WIDE = { windowMs: minutes(60), triesPerAddress: 100_000, triesPerAccount: 100_000 }

/** A server with the fixture clinic, and the bearer token of each caller. */
export async function aServerWithCallers() {
  const server = await aServer('sqlite', { logInLimits: WIDE, accountLimits: { password: WIDE } })
  const expired = await server.logIn('admin')
  server.clock.now += hours(12)
  const ended = await server.logIn('admin')
  await server.request('POST', '/api/v1/auth/logout', { as: { token: ended } })
  const fixed: Partial<Record<Caller, string>> = {
    expired,
    ended,
    disabled: await disabledAdmin(server),
    token: await tokenWithoutUse(server),
  }
  /** A fresh session for every call of a role: one of the routes ends it. */
  const tokenOf = async (caller: Caller): Promise<string | undefined> => {
    if (caller === 'anonymous') return undefined
    return fixed[caller] ?? server.logIn(caller as 'patient')
  }
  return { server, tokenOf }
}

async function disabledAdmin(server: ServerUnderTest): Promise<string> {
  const email = await server.addAccount('admin', 'gone@fixture.test')
  const { body } = await server.request('POST', '/api/v1/auth/login', { body: { email, password: FIXTURE_PASSWORD } })
  await server.request('PATCH', `/api/v1/users/${body.user.id}`, { as: 'admin', body: { isActive: false } })
  return body.token
}

async function tokenWithoutUse(server: ServerUnderTest): Promise<string> {
  const body = { name: 'Wall clock', abilities: ['view-reports'], expiresInDays: 30, password: FIXTURE_PASSWORD }
  const answer = await server.request('POST', '/api/v1/tokens', { as: 'admin', body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.token
}
