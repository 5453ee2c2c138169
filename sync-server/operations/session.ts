/** A signed-in person on one device: what every doorway hands to operations. */
import type { Subject } from '#domain/access/can.ts'
import type { AuditDoor, Via } from '#domain/access/via.ts'
import type { ClinicId, DeviceId, Id, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Transport } from '#server/repositories/sessions.ts'

export type Session = {
  readonly sessionId: Id<'Session'>
  readonly userId: UserId
  readonly clinicId: ClinicId
  readonly deviceId: DeviceId | null
  /** `access-token`: a program of a third party, which has no session and no socket. */
  readonly transport: Transport | 'access-token'
  readonly expiresAt: Instant
  /** What the audit notes of everything done in this session. */
  readonly via: Via
  /** The person's rights, at most three seconds old. */
  subject(): Promise<Subject>
}

/** The same session, come in through another door. */
export function throughDoor(session: Session, door: AuditDoor): Session {
  const via: Via = { ...session.via, door }
  return { ...session, via, subject: async () => ({ ...(await session.subject()), via }) }
}
