import type { SocketTicketAnswer } from '#domain/api/auth-schemas.ts'
import { type Instant, minutes, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { deleteSpentTickets, insertOneTimeToken } from '#server/repositories/one-time-tokens.ts'
import { hashSecret, newSecret } from './secrets.ts'
import type { Session } from './session.ts'

export const TICKET_MS = seconds(30)
/** Spent tickets stay a while, so that a second use can be told from an unknown one in the tables. */
const KEPT_MS = minutes(60)

type Deps = { readonly database: Database; readonly now: () => Instant }

/**
 * A secret that opens one socket within 30 seconds, for this session from this origin only (OWASP ASVS 5.0, 4.4.3): a browser
 * cannot set a header on a WebSocket, and a session token must never stand in an address.
 * @param origin the page's, or null for a client that is no page
 */
export async function issueSocketTicket(
  { database, now }: Deps,
  session: Session,
  origin: string | null,
): Promise<SocketTicketAnswer> {
  const ticket = newSecret()
  const createdAt = now()
  const expiresAt = createdAt + TICKET_MS
  await database.write(async (tx) => {
    await deleteSpentTickets(tx, createdAt - KEPT_MS)
    await insertOneTimeToken(tx, {
      tokenHash: hashSecret(ticket),
      kind: 'socket-ticket',
      clinicId: session.clinicId,
      userId: session.userId,
      sessionId: session.sessionId,
      deviceId: session.deviceId,
      origin,
      createdAt,
      expiresAt,
    })
  })
  return { ticket, expiresAt }
}
