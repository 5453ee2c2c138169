import { redeemOneTimeToken } from '#server/repositories/one-time-tokens.ts'
import { type FindSessionDeps, findSessionOfId } from './find-session.ts'
import { hashSecret } from './secrets.ts'
import type { Session } from './session.ts'

const LONGEST_TICKET = 256

/**
 * Exchanges a ticket for its session. A ticket is used up even when the origin does not fit, so that a stolen one cannot be
 * tried from several places. Whether the client is on the session's device is compared by the socket.
 * @param origin the `Origin` header of the upgrade, or null when there was none
 * @returns null when the ticket was used, expired or shown from another origin, or its session has ended since
 */
export async function redeemSocketTicket(
  deps: FindSessionDeps,
  ticket: string,
  origin: string | null,
): Promise<Session | null> {
  if (ticket.length === 0 || ticket.length > LONGEST_TICKET) return null
  const tokenHash = hashSecret(ticket)
  const bound = await deps.database.write((tx) => redeemOneTimeToken(tx, 'socket-ticket', tokenHash, deps.now()))
  if (!bound?.sessionId || bound.origin !== origin) return null
  return findSessionOfId(deps, bound.sessionId)
}
