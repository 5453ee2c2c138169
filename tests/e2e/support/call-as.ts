import type { DemoServer } from '#tests/support/demo-server.ts'
import type { Role } from './client.ts'

/** Calls the REST API as somebody of the demo, for what a spec needs done elsewhere. @param path below `/api/v1` */
export async function callAs(
  server: DemoServer,
  role: Role,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const api = `${server.url}/api/v1`
  const json = { 'content-type': 'application/json' }
  const credentials = { email: server.login(role), password: server.password }
  const login = await fetch(`${api}/auth/login`, { method: 'POST', headers: json, body: JSON.stringify(credentials) })
  const { token } = (await login.json()) as { token: string }
  const headers = { ...(body && json), authorization: `Bearer ${token}`, 'if-match': '*' }
  return fetch(api + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
}
