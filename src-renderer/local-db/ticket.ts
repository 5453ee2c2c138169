/** From the server's answer about a socket ticket to what the socket does next. */
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import type { TicketAnswer } from './sync-socket.ts'

export async function ticketFrom(serverApi: Pick<ServerApi, 'socketTicket'>): Promise<TicketAnswer> {
  const answer = await serverApi.socketTicket()
  if (answer.ok) return { ok: true, ticket: answer.value.ticket }
  if (answer.kind === 'offline') return answer
  const { status, code } = answer
  if (status === 401) return { ok: false, reason: 'unauthenticated' }
  if (status === 403) return { ok: false, reason: code.includes('revoked') ? 'revoked' : 'unauthenticated' }
  if (status === 426) return { ok: false, reason: 'upgrade-required' }
  return { ok: false, reason: 'server-busy' }
}
